package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A process that runs a QEMU system emulator: its program is named as one, or is one that a guest names. Where the program
 * cannot be seen, the first argument stands for it, which a process can choose.
 *
 * @param executable where {@code /proc/PID/exe} points, {@code (deleted)} included
 */
record RunningQemu(long pid, Fact<String> executable) {
    private static final String DELETED = " (deleted)";

    /** Every such process. Not observed when processes of others are hidden, or none is visible at all. */
    static Fact<List<RunningQemu>> find(HostFiles files, Fact<List<Guest>> guests) {
        return Readings.then(visiblePids(files), pids -> {
            Set<String> named = emulators(guests);
            List<RunningQemu> out = new ArrayList<>();
            for (long pid : pids) {
                Fact<String> executable = files.link("/proc/" + pid + "/exe");
                String program =
                        executable instanceof Fact.NotObserved ? firstArgument(files, pid) : executable.orElse("");
                if (isEmulator(onDisk(program), named)) {
                    out.add(new RunningQemu(pid, executable));
                }
            }
            return Fact.of(List.copyOf(out), "/proc", "list");
        });
    }

    /** Every process by its number, unless some may be hidden. */
    static Fact<List<Long>> visiblePids(HostFiles files) {
        Fact<List<String>> names = files.list("/proc");
        if (names instanceof Fact.NotObserved<List<String>> unseen) {
            return unseen.map(n -> List.of());
        }
        List<Long> pids = pids(names.orElse(List.of()));
        if (pids.isEmpty()) {
            return Fact.notObserved("/proc", "list", "no process is visible: the host is not running, or not here");
        }
        // hidepid=2 leaves process 1 out of the list, hidepid=1 shows it closed.
        boolean hidden = pids.getFirst() != 1 || files.line("/proc/1/comm") instanceof Fact.NotObserved;
        if (files.isLive() && hidden) {
            return Fact.notObserved("/proc", "list", "processes of other users are hidden; run as root");
        }
        return Fact.of(pids, "/proc", "list");
    }

    /** Programs that guests name as their emulator. */
    static Set<String> emulators(Fact<List<Guest>> guests) {
        Set<String> out = new HashSet<>();
        for (Guest guest : guests.orElse(List.of())) {
            for (var definition : List.of(guest.definition(), guest.stored())) {
                String emulator = definition.map(d -> d.devices().emulator()).orElse("");
                if (emulator.startsWith("/")) {
                    out.add(emulator);
                }
            }
        }
        return out;
    }

    /** A program's path without the kernel's remark that it is gone. */
    static String onDisk(String executable) {
        return executable.endsWith(DELETED)
                ? executable.substring(0, executable.length() - DELETED.length())
                : executable;
    }

    boolean deleted() {
        return executable.orElse("").endsWith(DELETED);
    }

    private static boolean isEmulator(String program, Set<String> named) {
        String name = Readings.baseName(program);
        return name.startsWith("qemu-system-") || name.equals("qemu-kvm") || named.contains(program);
    }

    private static String firstArgument(HostFiles files, long pid) {
        String arguments = files.text("/proc/" + pid + "/cmdline").orElse("");
        int end = arguments.indexOf('\0');
        return end < 0 ? arguments : arguments.substring(0, end);
    }

    private static List<Long> pids(List<String> names) {
        return names.stream()
                .filter(name -> name.length() < 12 && name.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Long::valueOf)
                .sorted()
                .toList();
    }
}
