package dev.ringfence.formats.oslo;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.PythonText;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over the lines of an oslo.config file. */
final class OsloReader {
    private final String name;
    private final SourceText source;
    private final List<OsloFile.Assignment> assignments = new ArrayList<>();
    private final List<OsloFile.Section> sections = new ArrayList<>();

    private @Nullable String group;
    /** The option whose value may go on in the next line. */
    private @Nullable Line first;

    private String key = "";
    private int valueStart;
    private int valueEnd;
    private int next;
    private final List<String> parts = new ArrayList<>();

    OsloReader(String name, SourceText source) {
        this.name = name;
        this.source = source;
    }

    Decoded<OsloFile> read() {
        for (Line line : Line.splitUniversal(source.text())) {
            String code = line(line);
            if (!code.isEmpty()) {
                return Decoded.refused(code, reason(code) + " in line " + line.number());
            }
        }
        close();
        return new Decoded.Value<>(new OsloFile(name, source, assignments, sections));
    }

    private static String reason(String code) {
        return switch (code) {
            case "RF-OSL-002" -> "neither = nor :";
            case "RF-OSL-003" -> "no name before the value";
            case "RF-OSL-004" -> "a continued line without an option";
            case "RF-OSL-005" -> "a section header without ] or without a name";
            default -> "an option before any section";
        };
    }

    /** Reads one line; a code when it is refused, else empty. */
    private String line(Line line) {
        String text = PythonText.stripTrailing(line.text());
        if (text.isEmpty()) {
            close();
            return "";
        }
        char c = text.charAt(0);
        if (c != '[') {
            extendSection(line.start() + text.length());
        }
        if (c == ' ' || c == '\t') {
            if (first == null) {
                return "RF-OSL-004";
            }
            parts.add(PythonText.stripLeading(text));
            valueEnd = line.start() + text.length();
            next = line.next();
            return "";
        }
        close();
        return switch (c) {
            case '[' -> section(line, text);
            case '#', ';' -> "";
            default -> option(line, text);
        };
    }

    private String section(Line line, String text) {
        if (!text.endsWith("]") || text.length() <= 2) {
            return "RF-OSL-005";
        }
        group = text.substring(1, text.length() - 1);
        sections.add(new OsloFile.Section(group, line.start(), line.start() + text.length()));
        return "";
    }

    private void extendSection(int end) {
        if (!sections.isEmpty()) {
            OsloFile.Section last = sections.removeLast();
            sections.add(new OsloFile.Section(last.group(), last.start(), end));
        }
    }

    private String option(Line line, String text) {
        int colon = text.indexOf(':');
        int equal = text.indexOf('=');
        if (colon < 0 && equal < 0) {
            return "RF-OSL-002";
        }
        int delimiter = colon < 0 || equal >= 0 && equal < colon ? equal : colon;
        String found = PythonText.strip(text.substring(0, delimiter));
        if (found.isEmpty()) {
            return "RF-OSL-003";
        }
        if (group == null) {
            return "RF-OSL-006";
        }
        String value = PythonText.strip(text.substring(delimiter + 1));
        first = line;
        key = found;
        valueStart = line.start() + text.length() - value.length();
        valueEnd = line.start() + text.length();
        next = line.next();
        parts.clear();
        parts.add(unquoted(value));
        return "";
    }

    /** One pair of equal quotes around the first line comes off. A lone quote is its own pair, as in Python. */
    private static String unquoted(String value) {
        if (value.isEmpty() || value.charAt(0) != '"' && value.charAt(0) != '\'') {
            return value;
        }
        boolean paired = value.charAt(0) == value.charAt(value.length() - 1);
        return paired ? value.substring(1, Math.max(1, value.length() - 1)) : value;
    }

    private void close() {
        if (first != null && group != null) {
            OsloValue value = new OsloValue(name, group, key, String.join("\n", parts), first.number());
            assignments.add(new OsloFile.Assignment(value, first.start(), valueStart, valueEnd, next));
        }
        first = null;
    }
}
