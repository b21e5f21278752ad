package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.linux.HostFiles;
import java.util.List;
import java.util.regex.Pattern;

/** Tells which host this is, and whether it shows signs of running guests. */
public final class HostProbe {
    private static final String OS_RELEASE = "/etc/os-release";
    private static final String VENDOR_OS_RELEASE = "/usr/lib/os-release";
    private static final String MACHINE_ID = "/etc/machine-id";
    private static final Pattern MACHINE_ID_FORM = Pattern.compile("[0-9a-f]{32}");

    /** What is there on a host that runs guests. */
    private static final List<String> SIGNS = List.of(
            "/dev/kvm",
            "/etc/libvirt/qemu.conf",
            "/usr/sbin/libvirtd",
            "/usr/sbin/virtqemud",
            "/usr/bin/qemu-system-x86_64",
            "/usr/bin/qemu-system-aarch64",
            "/usr/bin/qemu-system-ppc64",
            "/usr/bin/qemu-system-s390x",
            "/usr/bin/qemu-system-riscv64",
            "/usr/bin/qemu-kvm",
            "/usr/libexec/qemu-kvm",
            "/usr/bin/nova-compute",
            "/etc/nova/nova-compute.conf");

    /** Programs of which at least one is on every installation; their ELF header names the processor. */
    private static final List<String> PROGRAMS = List.of("/bin/sh", "/usr/bin/env", "/bin/bash", "/usr/bin/true");

    private HostProbe() {}

    /** The host's names and numbers. */
    public static HostFacts.Host observe(HostFiles files) {
        Fact<ShellAssignments> release =
                Readings.orElse(osRelease(files, OS_RELEASE), () -> osRelease(files, VENDOR_OS_RELEASE));
        return new HostFacts.Host(
                name(files),
                machineId(files),
                Readings.nonEmptyLine(files, "/proc/sys/kernel/random/boot_id"),
                variable(release, "ID"),
                variable(release, "VERSION_ID"),
                variable(release, "PRETTY_NAME"),
                architecture(files),
                hypervisor(files));
    }

    private static Fact<String> name(HostFiles files) {
        Fact<String> running = Readings.nonEmptyLine(files, "/proc/sys/kernel/hostname");
        return running instanceof Fact.Observed<String> ? running : Readings.nonEmptyLine(files, "/etc/hostname");
    }

    private static Fact<String> machineId(HostFiles files) {
        return Readings.then(
                files.line(MACHINE_ID),
                id -> MACHINE_ID_FORM.matcher(id).matches()
                        ? Fact.of(id, MACHINE_ID, "read")
                        : Fact.notObserved(MACHINE_ID, "read", "not a machine id: " + Readings.excerpt(id)));
    }

    private static Fact<ShellAssignments> osRelease(HostFiles files, String path) {
        return Readings.parsed(
                files.text(path, ShellAssignments.FILE_LIMIT_BYTES), text -> new ShellAssignments().then(text));
    }

    private static Fact<String> variable(Fact<ShellAssignments> release, String name) {
        return Readings.then(release, variables -> {
            String where = release.source().where();
            if (variables.isUncertain(name)) {
                return Fact.notObserved(where, "parsed", name + " is not a plain value");
            }
            return variables.has(name) ? Fact.of(variables.value(name), where, "parsed") : Fact.absent(where, "parsed");
        });
    }

    private static Fact<String> architecture(HostFiles files) {
        Fact<String> running = Readings.nonEmptyLine(files, "/proc/sys/kernel/arch");
        if (running instanceof Fact.Observed<String>) {
            return running;
        }
        // Kernels before 6.1 and trees without /proc.
        for (String program : PROGRAMS) {
            if (files.prefix(program, 20) instanceof Fact.Observed<byte[]>(byte[] header, var source)) {
                String machine = machine(header);
                if (!machine.isEmpty()) {
                    return Fact.of(machine, program, "derived");
                }
            }
        }
        return Fact.notObserved("/bin/sh", "derived", "no program was found that tells the processor");
    }

    /** The kernel's name for e_machine (ELF gABI 4.1, ELF header), empty for one without a hypervisor to audit. */
    private static String machine(byte[] header) {
        if (header.length < 20 || header[0] != 0x7f || header[1] != 'E' || header[2] != 'L' || header[3] != 'F') {
            return "";
        }
        boolean little = header[5] == 1;
        int machine = little
                ? (header[18] & 0xff) | (header[19] & 0xff) << 8
                : (header[18] & 0xff) << 8 | (header[19] & 0xff);
        return switch (machine) {
            case 3 -> "i686";
            case 21 -> little ? "ppc64le" : "ppc64";
            case 22 -> "s390x";
            case 62 -> "x86_64";
            case 183 -> "aarch64";
            case 243 -> "riscv64";
            case 258 -> "loongarch64";
            default -> "";
        };
    }

    private static Fact<Boolean> hypervisor(HostFiles files) {
        Fact<Boolean> unseen = Fact.of(false, String.join(" ", SIGNS), "derived");
        for (String sign : SIGNS) {
            switch (files.exists(sign)) {
                case Fact.Observed<Boolean>(Boolean there, var source) -> {
                    if (there) {
                        return Fact.of(true, sign, "derived");
                    }
                }
                case Fact.Absent<Boolean> absent -> {}
                case Fact.NotObserved<Boolean> unknown -> {
                    // A disk image has no /dev; its programs tell whether guests can run.
                    if (!sign.startsWith("/dev/")) {
                        unseen = unknown;
                    }
                }
            }
        }
        return unseen;
    }
}
