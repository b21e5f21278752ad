package dev.ringfence.core.hardening;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How to rebuild the distribution's QEMU package without what no guest uses, and hardened. */
public final class QemuRecipe {
    private static final List<String> AUDIO_DRIVERS = List.of("alsa", "jack", "oss", "pa", "sdl", "sndio");

    private QemuRecipe() {}

    /** Debian packages that can simply be removed, sorted. */
    public static List<String> packages(QemuReduction reduction) {
        TreeSet<String> out = new TreeSet<>();
        reduction.removable().stream()
                .map(f -> f.part().debianPackage())
                .filter(p -> !p.isEmpty())
                .forEach(out::add);
        return List.copyOf(out);
    }

    /** Switches of configure, sorted. */
    public static List<String> switches(QemuReduction reduction) {
        TreeSet<String> out = new TreeSet<>();
        reduction.removable().stream()
                .map(f -> f.part().configure())
                .filter(s -> !s.isEmpty())
                .forEach(out::add);
        return List.copyOf(out);
    }

    /** Kconfig lines that leave devices out, for a file below configs/devices, sorted. */
    public static List<String> symbols(QemuReduction reduction) {
        TreeSet<String> out = new TreeSet<>();
        for (QemuReduction.Finding finding : reduction.removable()) {
            for (String symbol : finding.part().symbol().split(", ")) {
                if (!symbol.isEmpty()) {
                    out.add(symbol + "=n");
                }
            }
        }
        return List.copyOf(out);
    }

    /**
     * The whole recipe as a shell script with comments: it builds the one emulator from the distribution's source with the
     * package's own options, and puts it into a copy of the binary package.
     *
     * <p>The whole source package cannot be rebuilt so: its rules move and install modules by name, and fail where one of them is
     * missing.
     *
     * @param target such as {@code x86_64}
     */
    public static String script(QemuReduction reduction, String target) {
        String emulator = "qemu-system-" + target;
        List<String> out = new ArrayList<>();
        out.add("#!/bin/sh");
        out.add("# Builds Debian's " + emulator + " without the parts that no guest of this host uses, and hardened,");
        out.add(
                "# and makes a package of it. Needs a deb-src entry in the package sources, and as root the build's tools.");
        out.add("# Guests of other hosts that may migrate here are not known to this list: read it before you run it.");
        out.add("set -eu");
        out.add("apt-get build-dep -y --arch-only qemu");
        out.add("apt-get source qemu");
        out.add("(");
        out.add("cd qemu-*/");
        out.add("# Devices: the distribution's choice, then what goes.");
        String devices = "configs/devices/" + target + "-softmmu/";
        out.add("cp " + devices + "default.mak " + devices + "ringfence.mak");
        out.add("cat >> " + devices + "ringfence.mak <<'EOF'");
        out.addAll(symbols(reduction));
        out.add("EOF");
        out.add("# Compiler hardening: dpkg's full set, and what it leaves out.");
        out.add("export DEB_BUILD_MAINT_OPTIONS=hardening=+all");
        out.add("export DEB_CFLAGS_APPEND='-fstack-clash-protection"
                + (target.equals("x86_64") ? " -fcf-protection'" : "'"));
        out.add("export DEB_CPPFLAGS_APPEND='-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'");
        out.add("# One emulator without loadable modules, so all that is not named here is built in.");
        out.add("export QEMU_CONFIGURE_OPTIONS='--target-list=" + target + "-softmmu --with-devices-" + target
                + "=ringfence");
        out.add("  --disable-modules --disable-module-upgrades --disable-tools --disable-docs");
        reduction.unneeded().stream()
                .map(QemuPart::configure)
                .filter(s -> !s.isEmpty())
                .sorted()
                .forEach(s -> out.add("  " + s));
        out.add("  --audio-drv-list="
                + AUDIO_DRIVERS.stream()
                        .filter(d -> reduction.unneeded().stream().noneMatch(p -> p.matches(d)))
                        .collect(Collectors.joining(","))
                + "'");
        out.add("QEMU_CONFIGURE_OPTIONS=$(printf %s \"$QEMU_CONFIGURE_OPTIONS\" | tr -s '\\n ' '  ')");
        out.add("debian/rules configure-qemu");
        out.add("make -C b/qemu " + emulator);
        out.add(")");
        out.add("# The package as it is, with this emulator in it.");
        out.add("package=$(dpkg -S \"$(command -v " + emulator + ")\" | cut -d: -f1)");
        out.add("apt-get download \"$package\"");
        out.add("dpkg-deb -R \"$package\"_*.deb package");
        out.add("install -s -m 755 qemu-*/b/qemu/" + emulator + " package/usr/bin/" + emulator);
        out.add("sed -i 's/^Version: .*/&+ringfence1/' package/DEBIAN/control");
        out.add("(cd package && find usr -type f -exec md5sum {} + > DEBIAN/md5sums)");
        out.add("dpkg-deb --root-owner-group -b package .");
        out.add("echo 'then: ringfence inspect qemu --binary package/usr/bin/" + emulator + "; ringfence inspect elf'");
        return String.join("\n", out) + "\n";
    }
}
