package dev.ringfence.core.watch;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.formats.Decoded;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was last accepted, as it is kept between runs: a line for each thing and each verdict.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-WCH-001 the text is no accepted state
 *   <li>RF-WCH-002 larger than 16 MiB
 *   <li>RF-WCH-003 a line is malformed or cut off
 * </ul>
 */
public record AcceptedState(Map<Thing, String> things, Map<String, Verdict> verdicts) {
    private static final String HEADER = "ringfence watch 1";
    private static final String END = "end";
    private static final int MAX_CHARS = 16 << 20;

    public AcceptedState {
        things = Map.copyOf(things);
        verdicts = Map.copyOf(verdicts);
    }

    /** The text form, in order, so that equal states are equal texts. */
    public String print() {
        StringBuilder out = new StringBuilder(HEADER).append('\n');
        new TreeMap<>(things)
                .forEach((thing, state) -> out.append("thing\t")
                        .append(thing.kind())
                        .append('\t')
                        .append(escaped(thing.path()))
                        .append('\t')
                        .append(escaped(state))
                        .append('\n'));
        new TreeMap<>(verdicts)
                .forEach((control, verdict) -> out.append("verdict\t")
                        .append(escaped(control))
                        .append('\t')
                        .append(verdict)
                        .append('\n'));
        return out.append(END).append('\n').toString();
    }

    /** Reads the text form. A file that was cut off is refused, because a missing line would hide a drift. */
    public static Decoded<AcceptedState> parse(String text) {
        if (text.length() > MAX_CHARS) {
            return Decoded.refused("RF-WCH-002", "the accepted state is larger than 16 MiB");
        }
        if (!text.startsWith(HEADER + "\n")) {
            return Decoded.refused("RF-WCH-001", "not an accepted state of this version");
        }
        SortedMap<Thing, String> things = new TreeMap<>();
        SortedMap<String, Verdict> verdicts = new TreeMap<>();
        String[] lines = text.split("\n", -1);
        if (lines.length < 3 || !lines[lines.length - 1].isEmpty() || !lines[lines.length - 2].equals(END)) {
            return Decoded.refused("RF-WCH-003", "the accepted state is cut off");
        }
        for (int i = 1; i < lines.length - 2; i++) {
            if (!line(lines[i].split("\t", -1), things, verdicts)) {
                return Decoded.refused("RF-WCH-003", "malformed line " + (i + 1));
            }
        }
        return new Decoded.Value<>(new AcceptedState(things, verdicts));
    }

    private static boolean line(String[] words, SortedMap<Thing, String> things, SortedMap<String, Verdict> verdicts) {
        if (words.length == 4 && words[0].equals("thing")) {
            for (Thing.Kind kind : Thing.Kind.values()) {
                String path = unescaped(words[2]);
                if (kind.name().equals(words[1]) && path.startsWith("/")) {
                    return things.put(new Thing(kind, path), unescaped(words[3])) == null;
                }
            }
        } else if (words.length == 3 && words[0].equals("verdict")) {
            for (Verdict verdict : Verdict.values()) {
                if (verdict.name().equals(words[2])) {
                    return verdicts.put(unescaped(words[1]), verdict) == null;
                }
            }
        }
        return false;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                out.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
