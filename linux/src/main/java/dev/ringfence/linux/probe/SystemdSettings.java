package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One section of a systemd configuration file with its drop-ins (systemd.syntax(7)): the first main file found, then
 * every drop-in in the order of names. An empty assignment forgets the earlier ones.
 *
 * @param file the main file, or the first drop-in where there is none
 * @param values every assignment that still counts, by key
 */
record SystemdSettings(String file, Map<String, List<String>> values) {
    private static final List<String> PLACES =
            List.of("/etc/systemd/", "/run/systemd/", "/usr/local/lib/systemd/", "/usr/lib/systemd/", "/lib/systemd/");

    SystemdSettings {
        values = Map.copyOf(values);
    }

    /** Reads {@code journald.conf} and the like. Absent when there is neither the file nor a drop-in. */
    static Fact<SystemdSettings> observe(HostFiles files, String name, String section) {
        List<String> paths = new ArrayList<>();
        for (String place : PLACES) {
            Fact<Boolean> there = files.exists(place + name);
            if (there instanceof Fact.NotObserved<Boolean>(var source, String reason)) {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
            if (there.orElse(false)) {
                paths.add(place + name);
                break;
            }
        }
        List<String> directories = PLACES.stream().map(p -> p + name + ".d").toList();
        switch (ConfigDirectories.effective(files, ".conf", directories)) {
            case Fact.Observed<List<String>>(List<String> dropIns, var source) -> paths.addAll(dropIns);
            case Fact<List<String>> unseen -> {
                return Readings.then(unseen, p -> Fact.absent(PLACES.getFirst() + name, "list"));
            }
        }
        if (paths.isEmpty()) {
            return Fact.absent(PLACES.getFirst() + name, "read");
        }
        Map<String, List<String>> values = new HashMap<>();
        for (String path : paths) {
            Fact<String> text = ConfigDirectories.text(files, path);
            if (text instanceof Fact.NotObserved<String>(var source, String reason)) {
                return Fact.notObserved(path, "read", reason);
            }
            read(text.orElse(""), section, values);
        }
        values.values().removeIf(List::isEmpty);
        return Fact.of(new SystemdSettings(paths.getFirst(), values), paths.getFirst(), "parsed");
    }

    /** The last value of each key. */
    Map<String, String> last() {
        Map<String, String> last = new HashMap<>();
        values.forEach((key, all) -> last.put(key, all.getLast()));
        return Map.copyOf(last);
    }

    /** Every word of every assignment to a key, for keys that hold lists. */
    List<String> words(String key) {
        return values.getOrDefault(key, List.of()).stream()
                .flatMap(v -> List.of(v.split("\\s+")).stream())
                .toList();
    }

    private static void read(String text, String section, Map<String, List<String>> values) {
        boolean within = false;
        for (String line : text.replace("\\\n", " ").split("\n")) {
            String code = line.strip();
            int equals = code.indexOf('=');
            if (code.startsWith("[")) {
                within = code.equals("[" + section + "]");
            } else if (within && equals > 0 && !code.startsWith("#") && !code.startsWith(";")) {
                String value = code.substring(equals + 1).strip();
                List<String> all =
                        values.computeIfAbsent(code.substring(0, equals).strip(), k -> new ArrayList<>());
                if (value.isEmpty()) {
                    all.clear();
                } else {
                    all.add(value);
                }
            }
        }
    }
}
