package dev.ringfence.core.host;

import java.util.List;

/**
 * A running QEMU system emulator, from /proc/PID.
 *
 * @param guest name after {@code -name guest=}, empty when it has none
 * @param uuid after {@code -uuid}, empty when it has none
 * @param managed whether libvirt recorded this process for a running guest of that name
 * @param uid effective user id
 * @param capabilities names of effective capabilities such as {@code CAP_SYS_ADMIN}, empty when none
 * @param seccomp 0 off, 1 strict, 2 filter
 * @param ownMountNamespace whether it differs from that of process 1
 * @param label from attr/current, empty when none
 * @param executable path of the running binary, without {@code (deleted)}
 * @param executableReplaced whether the file on disk is no longer the one that runs
 * @param replacedLibraries mapped libraries that are gone from the disk
 * @param arguments what looks like a secret is replaced by {@code [redacted N]}, N being its length
 * @param accelerator {@code kvm}, {@code tcg}, or empty when not given
 * @param monitorsOnNetwork arguments that open a monitor, QMP or debugger port on the network
 */
public record QemuProcess(
        long pid,
        String guest,
        String uuid,
        Fact<Boolean> managed,
        Fact<Long> uid,
        Fact<List<String>> capabilities,
        Fact<Long> seccomp,
        Fact<Boolean> noNewPrivileges,
        Fact<Boolean> ownMountNamespace,
        Fact<String> label,
        Fact<String> cgroup,
        Fact<String> executable,
        Fact<Boolean> executableReplaced,
        Fact<List<String>> replacedLibraries,
        Fact<List<String>> arguments,
        String accelerator,
        List<String> monitorsOnNetwork,
        Fact<Limits> limits) {
    public QemuProcess {
        monitorsOnNetwork = List.copyOf(monitorsOnNetwork);
    }

    /** Soft limits; -1 is unlimited. */
    public record Limits(long coreBytes, long processes, long openFiles) {}
}
