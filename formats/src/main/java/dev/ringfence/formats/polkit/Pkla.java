package dev.ringfence.formats.polkit;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code .pkla} file of the old local authority.
 *
 * <p>Refusals: RF-PLK-001 larger than 1 MiB, RF-PLK-002 a line that is neither a group, {@code key=value} nor a comment,
 * RF-PLK-003 a key before any group.
 *
 * @param entries in order; of several that match the last counts
 */
public record Pkla(List<Entry> entries) {
    private static final int MAX_BYTES = 1 << 20;

    public Pkla {
        entries = List.copyOf(entries);
    }

    /**
     * One group of the file.
     *
     * @param identities such as {@code unix-group:libvirt}, {@code unix-user:*}, {@code default}
     * @param actions names or patterns with {@code *}
     * @param resultAny for anyone, {@code ""} when absent
     * @param resultInactive for sessions that are not active
     * @param resultActive for active local sessions
     * @param line of the group's header
     */
    public record Entry(
            String name,
            List<String> identities,
            List<String> actions,
            String resultAny,
            String resultInactive,
            String resultActive,
            int line) {
        public Entry {
            identities = List.copyOf(identities);
            actions = List.copyOf(actions);
        }

        /** Whether the entry speaks of this action. */
        public boolean covers(String action) {
            return actions.stream().anyMatch(pattern -> glob(pattern, action));
        }

        /** Whether somebody is let in without a password. */
        public boolean allows() {
            return resultAny.equals("yes") || resultInactive.equals("yes") || resultActive.equals("yes");
        }

        /** Whether the entry holds for everybody. */
        public boolean everybody() {
            return identities.stream()
                    .anyMatch(i -> i.equals("default") || i.equals("*") || i.endsWith(":*") || i.endsWith(":**"));
        }

        /** Shell pattern with {@code *} and {@code ?}, in time linear in both for each star. */
        private static boolean glob(String pattern, String text) {
            int p = 0;
            int t = 0;
            int star = -1;
            int mark = 0;
            while (t < text.length()) {
                if (p < pattern.length()
                        && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))
                        && pattern.charAt(p) != '*') {
                    p++;
                    t++;
                } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                    star = p++;
                    mark = t;
                } else if (star >= 0) {
                    p = star + 1;
                    t = ++mark;
                } else {
                    return false;
                }
            }
            while (p < pattern.length() && pattern.charAt(p) == '*') {
                p++;
            }
            return p == pattern.length();
        }
    }

    /** Parses a file. */
    public static Decoded<Pkla> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-PLK-001", "the file is larger than 1 MiB");
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        String group = "";
        int groupLine = 0;
        for (Line line : Line.split(SourceText.decode(bytes).text())) {
            String text = line.text().strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equal = text.indexOf('=');
            if (text.startsWith("[") && text.endsWith("]")) {
                add(entries, group, values, groupLine);
                values.clear();
                group = text.substring(1, text.length() - 1);
                groupLine = line.number();
            } else if (equal <= 0) {
                return Decoded.refused("RF-PLK-002", "neither a group nor key=value in line " + line.number());
            } else if (groupLine == 0) {
                return Decoded.refused("RF-PLK-003", "a key before any group in line " + line.number());
            } else {
                values.put(
                        text.substring(0, equal).strip(),
                        text.substring(equal + 1).strip());
            }
        }
        add(entries, group, values, groupLine);
        return new Decoded.Value<>(new Pkla(entries));
    }

    private static void add(List<Entry> entries, String group, Map<String, String> values, int line) {
        if (line > 0) {
            entries.add(new Entry(
                    group,
                    list(values.getOrDefault("Identity", "")),
                    list(values.getOrDefault("Action", "")),
                    values.getOrDefault("ResultAny", ""),
                    values.getOrDefault("ResultInactive", ""),
                    values.getOrDefault("ResultActive", ""),
                    line));
        }
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }
}
