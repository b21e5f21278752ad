package dev.ringfence.formats.systemd;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.systemd.UnitFile.Assignment;
import dev.ringfence.formats.systemd.UnitFile.Entry;
import dev.ringfence.formats.systemd.UnitFile.Section;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;

/** One pass over the lines of a file in systemd's syntax. */
final class UnitFileReader {
    private final SourceText source;
    private final List<Assignment> assignments = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    UnitFileReader(SourceText source) {
        this.source = source;
    }

    Decoded<UnitFile> read() {
        List<Line> lines = Line.splitUniversal(source.text());
        int at = 0;
        while (at < lines.size()) {
            Line first = lines.get(at);
            String text = first.number() == 1 && first.text().startsWith("\ufeff")
                    ? " " + first.text().substring(1)
                    : first.text();
            StringBuilder joined = new StringBuilder();
            Line last = first;
            at++;
            if (!isComment(text)) {
                boolean open = append(joined, text);
                // A comment between continued lines is passed over; the statement goes on behind it.
                while (open && at < lines.size()) {
                    Line next = lines.get(at++);
                    if (!isComment(next.text())) {
                        open = append(joined, strippedLeading(next.text()));
                    }
                    last = next;
                }
            }
            String code = joined.toString().strip();
            if (!first.text().isBlank() && !sections.isEmpty() && !code.startsWith("[")) {
                Section open = sections.removeLast();
                sections.add(new Section(open.name(), last.next()));
            }
            if (code.startsWith("[")) {
                if (!code.endsWith("]")) {
                    return Decoded.refused("RF-SDU-003", "a section header without ] in line " + first.number());
                }
                sections.add(new Section(code.substring(1, code.length() - 1), last.next()));
            } else {
                assignment(code, first, last);
            }
        }
        return new Decoded.Value<>(new UnitFile(source, assignments, sections));
    }

    /** Adds a line; true when a backslash at its end joins the next one. */
    private static boolean append(StringBuilder joined, String line) {
        boolean escaped = false;
        for (int i = 0; i < line.length(); i++) {
            escaped = !escaped && line.charAt(i) == '\\';
        }
        joined.append(escaped ? line.substring(0, line.length() - 1) + " " : line);
        return escaped;
    }

    private static boolean isComment(String line) {
        String code = strippedLeading(line);
        return code.startsWith("#") || code.startsWith(";");
    }

    private static String strippedLeading(String line) {
        int at = 0;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return line.substring(at);
    }

    private void assignment(String code, Line first, Line last) {
        int equals = code.indexOf('=');
        // Where the value begins in the text is known only for a key that stands in one line.
        int equalsInLine = first.text().indexOf('=');
        if (equals <= 0 || equalsInLine < 0 || code.substring(0, equals).isBlank()) {
            return;
        }
        int from = equalsInLine + 1;
        while (from < first.text().length() && isBlank(first.text().charAt(from))) {
            from++;
        }
        int to = last.end();
        while (to > first.start() + from && isBlank(source.text().charAt(to - 1))) {
            to--;
        }
        Span value = new Span(first.start() + from, Math.max(first.start() + from, to));
        String section = sections.isEmpty() ? "" : sections.getLast().name();
        Entry entry = new Entry(
                section,
                code.substring(0, equals).strip(),
                code.substring(equals + 1).strip(),
                first.number());
        assignments.add(new Assignment(entry, new Span(first.start(), last.next()), value));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
