package dev.ringfence.linux.probe;

import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds which process holds a socket, through the links of /proc/PID/fd. Process 1 comes last, because systemd holds the
 * sockets of the services that it starts. Ends as soon as every socket has an owner.
 */
final class SocketOwners {
    private final HostFiles files;
    private final Map<Long, Long> pids = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();

    private SocketOwners(HostFiles files) {
        this.files = files;
    }

    /** Owners of the sockets with these inode numbers, as far as they can be seen. */
    static SocketOwners of(HostFiles files, Set<Long> inodes) {
        SocketOwners owners = new SocketOwners(files);
        if (!inodes.isEmpty()) {
            owners.search(new HashSet<>(inodes));
        }
        return owners;
    }

    /** The process id, -1 when the owner is not known. */
    long pid(long inode) {
        return pids.getOrDefault(inode, -1L);
    }

    /** The process's name, empty when the owner is not known. */
    String name(long inode) {
        long pid = pid(inode);
        return pid < 0
                ? ""
                : names.computeIfAbsent(
                        pid, p -> files.line("/proc/" + p + "/comm").orElse(""));
    }

    private void search(Set<Long> wanted) {
        List<Long> processes = new ArrayList<>();
        for (String entry : files.list("/proc").orElse(List.of())) {
            OptionalLong pid = ProcessTable.pid(entry);
            pid.ifPresent(processes::add);
        }
        processes.sort(Comparator.comparing((Long pid) -> pid == 1).thenComparing(Comparator.naturalOrder()));
        for (long pid : processes) {
            for (String target :
                    files.links("/proc/" + pid + "/fd").orElse(Map.of()).values()) {
                OptionalLong inode = socket(target);
                if (inode.isPresent() && wanted.remove(inode.getAsLong())) {
                    pids.put(inode.getAsLong(), pid);
                }
            }
            if (wanted.isEmpty()) {
                return;
            }
        }
    }

    private static OptionalLong socket(String target) {
        return target.startsWith("socket:[") && target.endsWith("]")
                ? Readings.decimal(target.substring("socket:[".length(), target.length() - 1))
                : OptionalLong.empty();
    }
}
