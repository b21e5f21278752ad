package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** The processes of the host but the kernel's own threads: one read of status and one of the exe link for each. */
final class ProcessTable {
    private static final int STATUS_LIMIT_BYTES = 1 << 16;
    private static final String DELETED = " (deleted)";

    private ProcessTable() {}

    static Fact<List<Services.Process>> observe(HostFiles files) {
        return Readings.then(files.list("/proc"), entries -> {
            List<Services.Process> processes = new ArrayList<>();
            boolean any = false;
            for (String entry : entries) {
                OptionalLong pid = pid(entry);
                if (pid.isEmpty()) {
                    continue;
                }
                any = true;
                switch (files.text("/proc/" + entry + "/status", STATUS_LIMIT_BYTES)) {
                    case Fact.Observed<String>(String status, var source) -> {
                        if (!isKernelThread(status)) {
                            processes.add(process(files, pid.getAsLong(), status));
                        }
                    }
                    // It ended since the directory was read.
                    case Fact<String> gone -> {}
                }
            }
            if (!any) {
                return Fact.notObserved("/proc", "list", "no processes are shown");
            }
            processes.sort(Comparator.comparingLong(Services.Process::pid));
            return Fact.of(List.copyOf(processes), "/proc", "read");
        });
    }

    /** The process that a directory of /proc stands for. */
    static OptionalLong pid(String entry) {
        return !entry.isEmpty() && entry.charAt(0) >= '0' && entry.charAt(0) <= '9'
                ? Readings.decimal(entry)
                : OptionalLong.empty();
    }

    private static Services.Process process(HostFiles files, long pid, String status) {
        String executable = files.link("/proc/" + pid + "/exe").orElse("");
        return new Services.Process(
                pid,
                field(status, "Name"),
                Readings.decimal(field(status, "Uid").split("\\s+")[0]).orElse(-1),
                executable.endsWith(DELETED)
                        ? executable.substring(0, executable.length() - DELETED.length())
                        : executable);
    }

    /** Since Linux 6.8 the kernel says so; before, a live process without any memory of its own is one. */
    private static boolean isKernelThread(String status) {
        String said = field(status, "Kthread");
        if (!said.isEmpty()) {
            return said.equals("1");
        }
        String state = field(status, "State");
        return field(status, "VmSize").isEmpty() && !state.startsWith("Z") && !state.startsWith("X");
    }

    /** The value of a line {@code Name:\tvalue}; a name within the process's own name cannot stand at a line's start. */
    static String field(String status, String name) {
        String key = name + ":\t";
        int at = status.startsWith(key) ? 0 : status.indexOf("\n" + key) + 1;
        if (at == 0 && !status.startsWith(key)) {
            return "";
        }
        int end = status.indexOf('\n', at);
        return status.substring(at + key.length(), end < 0 ? status.length() : end)
                .strip();
    }
}
