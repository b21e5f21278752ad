package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Cpu;
import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the processors: /proc/cpuinfo and /sys/devices/system/cpu. */
public final class CpuProbe {
    private static final String CPUINFO = "/proc/cpuinfo";
    private static final String CPU = "/sys/devices/system/cpu/";

    /** The first processor's entry; writing out all of a large host's costs the kernel milliseconds. */
    private static final int FIRST_ENTRY_BYTES = 16 << 10;

    private static final Pattern STATE_END = Pattern.compile("[;,]");
    private static final Pattern VULNERABLE = Pattern.compile("(?i)(?<!\\bnot )\\bvulnerable\\b");

    private CpuProbe() {}

    /** What the kernel says of the processors. */
    public static Cpu observe(HostFiles files) {
        Fact<Map<String, String>> first = Readings.parsed(
                files.prefix(CPUINFO, FIRST_ENTRY_BYTES), b -> firstEntry(new String(b, StandardCharsets.UTF_8)));
        return new Cpu(
                field(first, "vendor_id", "CPU implementer"),
                field(first, "model name", "cpu model", "CPU part"),
                field(first, "microcode"),
                Readings.parsed(field(first, "flags", "Features", "features"), f -> List.of(f.split("\\s+"))),
                files.line(CPU + "smt/control"),
                vulnerabilities(files));
    }

    private static Fact<String> field(Fact<Map<String, String>> entry, String... names) {
        return Readings.then(entry, fields -> {
            for (String name : names) {
                String value = fields.getOrDefault(name, "");
                if (!value.isEmpty()) {
                    return Fact.of(value, CPUINFO, "parsed");
                }
            }
            return Fact.absent(CPUINFO, "parsed");
        });
    }

    private static Map<String, String> firstEntry(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            // An empty line ends an entry; on s390 and ARM the first one follows the fields that all processors share.
            if (line.isBlank() && fields.size() > 1) {
                break;
            }
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private static Fact<List<Cpu.Vulnerability>> vulnerabilities(HostFiles files) {
        String directory = CPU + "vulnerabilities";
        return Readings.then(files.list(directory), names -> {
            List<Cpu.Vulnerability> found = new ArrayList<>(names.size());
            for (String name : names) {
                switch (files.line(directory + "/" + name)) {
                    case Fact.Observed<String>(String text, var source) -> found.add(vulnerability(name, text));
                    // One that cannot be read must not look like one that is not there.
                    case Fact<String> unseen -> {
                        return Fact.notObserved(directory, "read", name + " could not be read");
                    }
                }
            }
            return Fact.of(List.copyOf(found), directory, "parsed");
        });
    }

    static Cpu.Vulnerability vulnerability(String name, String text) {
        List<String> states = Arrays.stream(STATE_END.split(text))
                .map(String::strip)
                .filter(state -> !state.isEmpty())
                .toList();
        return new Cpu.Vulnerability(
                name,
                text,
                states,
                !text.startsWith("Not affected"),
                states.stream().filter(s -> VULNERABLE.matcher(s).find()).toList());
    }
}
