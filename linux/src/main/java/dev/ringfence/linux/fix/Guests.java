package dev.ringfence.linux.fix;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.DomainStatus;
import dev.ringfence.formats.domain.DomainXml;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The guests that run on this machine, by libvirt's run-time files and /proc. */
final class Guests {
    private static final int LIMIT_BYTES = 8 << 20;

    private Guests() {}

    /**
     * A running guest.
     *
     * @param startedAt of its process, in clock ticks since boot: a process id that was given again is another process
     */
    record Running(String name, String uuid, long pid, long startedAt) {
        Json json() {
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("name", new Json.Characters(name));
            members.put("uuid", new Json.Characters(uuid));
            members.put("pid", new Json.Numeral(String.valueOf(pid)));
            members.put("startedAt", new Json.Numeral(String.valueOf(startedAt)));
            return new Json.Members(members);
        }

        static Running of(Json json) {
            return new Running(
                    json.textOf("name"),
                    json.textOf("uuid"),
                    json.member("pid").orElse(new Json.Nothing()).whole().orElse(-1),
                    json.member("startedAt").orElse(new Json.Nothing()).whole().orElse(-1));
        }

        @Override
        public String toString() {
            return name + " (process " + pid + ")";
        }
    }

    /** Those whose processes live; none where libvirt's QEMU driver has no run-time directory. */
    static List<Running> now(Workplace at) throws IOException {
        Path directory = at.place("/run/libvirt/qemu");
        List<Running> out = new ArrayList<>();
        if (!at.running() || at.storage().kind(directory).isEmpty()) {
            return out;
        }
        for (String name : at.storage().list(directory)) {
            Path file = directory.resolve(name);
            if (!name.endsWith(".xml")) {
                continue;
            }
            byte[] xml;
            try {
                xml = at.storage().read(file, LIMIT_BYTES);
            } catch (NoSuchFileException e) {
                // Ended since the directory was read.
                continue;
            }
            if (DomainXml.decodeStatus(xml) instanceof Decoded.Value<DomainStatus>(DomainStatus status)) {
                startOf(status.pid())
                        .ifPresent(start -> out.add(new Running(
                                status.domain().name(), status.domain().uuid(), status.pid(), start)));
            } else {
                throw new IOException(file + ": cannot be understood, so it is not known which guests run");
            }
        }
        return out;
    }

    /** Which of them live no more. */
    static List<Running> lost(List<Running> before) {
        return before.stream()
                .filter(guest -> startOf(guest.pid())
                        .filter(start -> start == guest.startedAt())
                        .isEmpty())
                .toList();
    }

    /** Field 22 of proc_pid_stat(5); the second is a name in parentheses that may hold anything. */
    private static Optional<Long> startOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // A zombie has ended; its parent has not looked yet.
            return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.parseLong(fields[19]));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
