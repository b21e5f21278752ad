package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Mount;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the mounted file systems from mountinfo (proc_pid_mountinfo(5)). Where several lie over each other, the one on
 * top counts.
 */
public final class MountsProbe {
    /** Of process 1 first: a service that runs in a mount namespace of its own would see only its own view. */
    private static final List<String> MOUNTINFO = List.of("/proc/1/mountinfo", "/proc/self/mountinfo");

    private static final int LIMIT_BYTES = 16 << 20;

    /** File systems that live in memory or in the kernel alone. */
    private static final Set<String> WITHOUT_DEVICE = Set.of(
            "autofs",
            "binder",
            "binfmt_misc",
            "bpf",
            "cgroup",
            "cgroup2",
            "configfs",
            "debugfs",
            "devpts",
            "devtmpfs",
            "efivarfs",
            "fusectl",
            "hugetlbfs",
            "mqueue",
            "nsfs",
            "proc",
            "pstore",
            "ramfs",
            "resctrl",
            "rpc_pipefs",
            "securityfs",
            "selinuxfs",
            "smackfs",
            "sysfs",
            "tmpfs",
            "tracefs");

    private MountsProbe() {}

    /** The mounts in the order of their targets' first appearance. */
    public static Fact<List<Mount>> observe(HostFiles files) {
        Fact<String> text = files.text(MOUNTINFO.getFirst(), LIMIT_BYTES);
        if (!(text instanceof Fact.Observed<String>)) {
            text = files.text(MOUNTINFO.getLast(), LIMIT_BYTES);
        }
        BlockDevices devices = new BlockDevices(files);
        return Readings.parsed(text, t -> {
            Map<String, Mount> byTarget = new LinkedHashMap<>();
            t.lines().forEach(line -> mount(line, devices).ifPresent(m -> byTarget.put(m.target(), m)));
            return List.copyOf(byTarget.values());
        });
    }

    /** The mount that a path lies on. */
    static Optional<Mount> holding(List<Mount> mounts, String path) {
        return mounts.stream()
                .filter(m -> path.equals(m.target())
                        || path.startsWith(m.target().endsWith("/") ? m.target() : m.target() + "/"))
                .max(java.util.Comparator.comparingInt(m -> m.target().length()));
    }

    private static Optional<Mount> mount(String line, BlockDevices devices) {
        String[] fields = line.split(" ");
        int separator = Arrays.asList(fields).indexOf("-");
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
        if (separator < 6 || fields.length < separator + 3) {
            return Optional.empty();
        }
        String type = fields[separator + 1];
        String source = unescaped(fields[separator + 2]);
        Set<String> options = new LinkedHashSet<>(List.of(fields[5].split(",")));
        if (fields.length > separator + 3) {
            options.addAll(List.of(fields[separator + 3].split(",")));
        }
        if (options.contains("ro")) {
            options.remove("rw");
        }
        options.remove("");
        return Optional.of(new Mount(
                unescaped(fields[4]),
                source,
                type,
                new ArrayList<>(options),
                encrypted(fields[2], type, source, devices)));
    }

    private static Fact<Boolean> encrypted(String number, String type, String source, BlockDevices devices) {
        if (WITHOUT_DEVICE.contains(type)) {
            return Fact.absent(type, "derived");
        }
        if (type.equals("zfs")) {
            return Fact.notObserved(source, "derived", "ZFS encrypts by itself, which was not looked at");
        }
        if (!number.startsWith("0:")) {
            return devices.encryptedByNumber(number);
        }
        // btrfs and some others show a number of their own, with the device in the source.
        return source.startsWith("/dev/")
                ? devices.encryptedByPath(source)
                : Fact.notObserved(
                        source, "derived", "the device below a " + Readings.excerpt(type) + " mount is not known");
    }

    /** Resolves the octal escapes of blanks and backslashes, {@code \040}. */
    static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\'
                    && i + 3 < text.length()
                    && text.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
