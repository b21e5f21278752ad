package dev.ringfence.linux.probe;

import java.util.ArrayList;
import java.util.List;

/** Names of the bits in a capability set. Source: capabilities(7), linux/capability.h. */
final class Capabilities {
    private static final List<String> NAMES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private Capabilities() {}

    /**
     * The capabilities of a set; one that has no name here is {@code CAP_N}.
     *
     * @param mask hexadecimal digits as in /proc/PID/status
     * @throws NumberFormatException if it is not such a number
     */
    static List<String> names(String mask) {
        long bits = Long.parseUnsignedLong(mask, 16);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if ((bits & (1L << i)) != 0) {
                out.add(i < NAMES.size() ? NAMES.get(i) : "CAP_" + i);
            }
        }
        return List.copyOf(out);
    }
}
