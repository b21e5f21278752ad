package dev.ringfence.core.hardening;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** How to rebuild the distribution's QEMU package without what no guest uses, and hardened. */
public final class QemuRecipe {
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
     * The whole recipe as a shell script with comments.
     *
     * @param target such as {@code x86_64}
     */
    public static String script(QemuReduction reduction, String target) {
        List<String> out = new ArrayList<>();
        out.add("#!/bin/sh");
        out.add("# Rebuilds Debian's QEMU package without the parts that no guest of this host uses, and hardened.");
        out.add(
                "# A draft that was not built: read it before you run it. Guests of other hosts that may migrate here are not known to it.");
        out.add("set -eu");
        out.add("apt-get build-dep -y qemu");
        out.add("apt-get source qemu");
        out.add("cd qemu-*/");
        out.add("# Devices: the distribution's choice, then what goes.");
        out.add("cp configs/devices/" + target + "-softmmu/default.mak configs/devices/" + target
                + "-softmmu/ringfence.mak");
        out.add("cat >> configs/devices/" + target + "-softmmu/ringfence.mak <<'EOF'");
        out.addAll(symbols(reduction));
        out.add("EOF");
        out.add("# Back ends and accelerators.");
        out.add("switches='--with-devices-" + target + "=ringfence " + String.join(" ", switches(reduction)) + "'");
        out.add("sed -i \"s|^common_configure_opts = |&$switches |\" debian/rules");
        out.add("# Compiler hardening: dpkg's full set, and the checks that QEMU's own build offers.");
        out.add("export DEB_BUILD_MAINT_OPTIONS=hardening=+all");
        out.add("export DEB_CFLAGS_APPEND='-fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=3'");
        out.add("dpkg-buildpackage -us -uc -b");
        out.add("# Then compare: ringfence inspect qemu --binary PATH, ringfence inspect elf PATH --needed");
        return String.join("\n", out) + "\n";
    }
}
