package dev.ringfence.formats.libvirtconf;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.SourceText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A libvirt configuration file: its settings, and its text for lossless edits. Immutable and thread-safe.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-LVC-001 larger than 4 MiB
 *   <li>RF-LVC-002 a statement does not begin with a name
 *   <li>RF-LVC-003 no {@code =} after the name
 *   <li>RF-LVC-004 no value after {@code =} on the same line
 *   <li>RF-LVC-005 a string is not closed
 *   <li>RF-LVC-006 a number is malformed or larger than 64 bits
 *   <li>RF-LVC-007 a list is malformed or not closed
 *   <li>RF-LVC-008 something other than a comment, {@code ;} or a line end follows a value
 *   <li>RF-LVC-009 lists are nested deeper than 16
 *   <li>RF-LVC-010 an edit with a name or value that the syntax cannot hold
 * </ul>
 *
 * Source: the reader in libvirt ({@code src/util/virconf.c}).
 */
public final class LibvirtConf {
    static final int MAX_BYTES = 4 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,255}");

    private final SourceText source;
    private final List<Statement> statements;

    private LibvirtConf(SourceText source, List<Statement> statements) {
        this.source = source;
        this.statements = statements;
    }

    /**
     * One setting.
     *
     * @param line of the name, counted from 1
     */
    public record Entry(String key, LibvirtValue value, int line) {
        /** Whether the name says that the value is a secret, such as {@code vnc_password}. */
        public boolean secret() {
            return key.endsWith("_password");
        }

        /** The setting with its value, a secret as {@code [redacted]}. */
        @Override
        public String toString() {
            return key + " = " + (secret() ? "[redacted]" : value.plain()) + " (line " + line + ")";
        }
    }

    /** An entry and its place: name, value, and the end of the value. */
    record Statement(Entry entry, int start, int valueStart, int valueEnd) {}

    /** Parses a file; other than UTF-8 it may hold any bytes. */
    public static Decoded<LibvirtConf> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-LVC-001", "the file is larger than 4 MiB");
        }
        return parse(SourceText.decode(bytes));
    }

    private static Decoded<LibvirtConf> parse(SourceText source) {
        return switch (new LibvirtConfReader(source.text()).read()) {
            case Decoded.Value<List<Statement>> read -> new Decoded.Value<>(new LibvirtConf(source, read.value()));
            case Decoded.Refused<List<Statement>> refused -> new Decoded.Refused<>(refused.refusal());
        };
    }

    /** Every setting in order, also those that an earlier one of the same name hides. */
    public List<Entry> entries() {
        return statements.stream().map(Statement::entry).toList();
    }

    /** What libvirt uses: the first setting of each name, in order. */
    public Map<String, Entry> settings() {
        Map<String, Entry> settings = new LinkedHashMap<>();
        statements.forEach(s -> settings.putIfAbsent(s.entry().key(), s.entry()));
        return Collections.unmodifiableMap(settings);
    }

    /** The setting that libvirt uses, empty when the file leaves libvirt's default. */
    public Optional<Entry> entry(String key) {
        return statements.stream()
                .map(Statement::entry)
                .filter(e -> e.key().equals(key))
                .findFirst();
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /**
     * The file with another value for this key. The setting that libvirt uses is changed in place; a new one is added
     * below the line that shows its default in a comment, or else at the end.
     *
     * @return refused with RF-LVC-010 when name or value cannot be written, RF-LVC-001 when the file grows too large
     */
    public Decoded<LibvirtConf> set(String key, LibvirtValue value) {
        if (!NAME.matcher(key).matches()) {
            return Decoded.refused("RF-LVC-010", "not a name that can be set");
        }
        return switch (value.print()) {
            case Decoded.Refused<String> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<String> printed -> edited(set(key, printed.value()));
        };
    }

    private String set(String key, String printed) {
        String text = source.text();
        for (Statement statement : statements) {
            if (statement.entry().key().equals(key)) {
                return text.substring(0, statement.valueStart()) + printed + text.substring(statement.valueEnd());
            }
        }
        int at = placeFor(key);
        String separator = source.separator();
        String before = at > 0 && text.charAt(at - 1) != '\n' ? separator : "";
        return text.substring(0, at) + before + key + " = " + printed + separator + text.substring(at);
    }

    /** Behind the commented-out default, or the end of the text. */
    private int placeFor(String key) {
        Pattern shown = Pattern.compile("[ \\t]*#[ \\t]*" + key + "[ \\t]*=.*");
        List<Line> lines = Line.split(source.text());
        int statement = 0;
        for (int i = 0; i < lines.size(); i++) {
            int start = lines.get(i).start();
            while (statement < statements.size() && statements.get(statement).valueEnd() <= start) {
                statement++;
            }
            // A string of several lines can hold what looks like a comment.
            boolean insideValue =
                    statement < statements.size() && statements.get(statement).start() < start;
            if (!insideValue
                    && shown.matcher(lines.get(i).text().stripTrailing()).matches()) {
                return endOfComment(lines, i);
            }
        }
        return source.text().length();
    }

    /** A list that is commented out goes on to its bracket. */
    private static int endOfComment(List<Line> lines, int first) {
        int last = first;
        if (lines.get(first).text().contains("[")) {
            while (!lines.get(last).text().contains("]")
                    && last + 1 < lines.size()
                    && lines.get(last + 1).text().startsWith("#")) {
                last++;
            }
            if (!lines.get(last).text().contains("]")) {
                last = first;
            }
        }
        return lines.get(last).next();
    }

    /**
     * The file without this key, wherever it is set. A line that holds nothing else goes; a comment behind the value
     * stays.
     */
    public Decoded<LibvirtConf> remove(String key) {
        String text = source.text();
        StringBuilder kept = new StringBuilder(text.length());
        int from = 0;
        for (Statement statement : statements) {
            if (statement.entry().key().equals(key)) {
                Range range = removable(text, statement);
                kept.append(text, from, Math.max(from, range.from()));
                from = range.to();
            }
        }
        return edited(kept.append(text, from, text.length()).toString());
    }

    private record Range(int from, int to) {}

    private static Range removable(String text, Statement statement) {
        int to = skipBlanks(text, statement.valueEnd());
        if (text.startsWith(";", to)) {
            to = skipBlanks(text, to + 1);
        }
        int lineStart = statement.start();
        while (lineStart > 0 && isBlank(text.charAt(lineStart - 1))) {
            lineStart--;
        }
        boolean startsLine = lineStart == 0 || "\r\n".indexOf(text.charAt(lineStart - 1)) >= 0;
        int afterEnd = to + (text.startsWith("\r\n", to) ? 2 : text.startsWith("\n", to) ? 1 : 0);
        boolean endsLine = afterEnd > to || to == text.length();
        return startsLine && endsLine ? new Range(lineStart, afterEnd) : new Range(statement.start(), to);
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private Decoded<LibvirtConf> edited(String text) {
        if (!source.canHold(text)) {
            return Decoded.refused("RF-LVC-010", "the file's character set cannot hold the value");
        }
        return text.length() > MAX_BYTES
                ? Decoded.refused("RF-LVC-001", "the file is larger than 4 MiB")
                : parse(source.with(text));
    }
}
