package dev.ringfence.formats.systemd;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A file in systemd's syntax: its assignments, and its text for lossless edits. Immutable and thread-safe. A line that
 * systemd warns of and passes over is kept and has no meaning.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-SDU-001 larger than 1 MiB
 *   <li>RF-SDU-002 the file holds a NUL
 *   <li>RF-SDU-003 a section header without {@code ]}
 *   <li>RF-SDU-004 an edit with a section, key or value that the syntax cannot hold
 * </ul>
 */
public final class UnitFile {
    static final int MAX_BYTES = 1 << 20;
    private static final Pattern SECTION = Pattern.compile("[A-Za-z][A-Za-z0-9 -]{0,63}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,127}");

    private final SourceText source;
    private final List<Assignment> assignments;
    private final List<Section> sections;

    UnitFile(SourceText source, List<Assignment> assignments, List<Section> sections) {
        this.source = source;
        this.assignments = List.copyOf(assignments);
        this.sections = List.copyOf(sections);
    }

    /**
     * One assignment.
     *
     * @param section without brackets, {@code ""} before the first header, where systemd ignores it
     * @param value without surrounding white space, lines joined by a blank
     * @param line of the key, counted from 1
     */
    public record Entry(String section, String key, String value, int line) {}

    record Assignment(Entry entry, Span lines, Span value) {}

    /** A section and the end of its last line that is not blank. */
    record Section(String name, int end) {}

    /** Parses a file; other than UTF-8 it may hold any bytes but NUL. */
    public static Decoded<UnitFile> parse(byte[] bytes) {
        return bytes.length > MAX_BYTES ? tooLarge() : parse(SourceText.decode(bytes));
    }

    private static Decoded<UnitFile> tooLarge() {
        return Decoded.refused("RF-SDU-001", "the file is larger than 1 MiB");
    }

    private static Decoded<UnitFile> parse(SourceText source) {
        return source.text().indexOf('\0') >= 0
                ? Decoded.refused("RF-SDU-002", "the file holds a NUL")
                : new UnitFileReader(source).read();
    }

    /** Every assignment in order. */
    public List<Entry> entries() {
        return assignments.stream().map(Assignment::entry).toList();
    }

    /** The values that still count, in order: an empty assignment forgets those before it. */
    public List<String> values(String section, String key) {
        List<String> values = new ArrayList<>();
        for (Assignment assignment : of(section, key)) {
            if (assignment.entry().value().isEmpty()) {
                values.clear();
            } else {
                values.add(assignment.entry().value());
            }
        }
        return List.copyOf(values);
    }

    private List<Assignment> of(String section, String key) {
        return assignments.stream()
                .filter(a ->
                        a.entry().section().equals(section) && a.entry().key().equals(key))
                .toList();
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /** The file with this value of a key that holds one value: its last assignment is changed in place, or one is added. */
    public Decoded<UnitFile> set(String section, String key, String value) {
        List<Assignment> present = of(section, key);
        if (!writable(section, key, value)) {
            return unwritable();
        }
        return present.isEmpty()
                ? add(section, key, value)
                : edited(LineEdits.replace(source.text(), present.getLast().value(), value), section, key, value);
    }

    /** The file with one more assignment, at the end of the section's first part or in a new section at the end. */
    public Decoded<UnitFile> add(String section, String key, String value) {
        if (!writable(section, key, value)) {
            return unwritable();
        }
        String separator = source.separator();
        String line = key + "=" + value + separator;
        String text = source.text();
        for (Section found : sections.reversed()) {
            if (found.name().equals(section)) {
                return edited(LineEdits.insert(text, found.end(), line, separator), section, key, value);
            }
        }
        String gap = text.isEmpty() ? "" : separator;
        return edited(
                LineEdits.insert(text, text.length(), gap + "[" + section + "]" + separator + line, separator),
                section,
                key,
                value);
    }

    private static boolean writable(String section, String key, String value) {
        return SECTION.matcher(section).matches()
                && KEY.matcher(key).matches()
                && value.strip().equals(value)
                && !value.endsWith("\\")
                && value.chars().noneMatch(c -> c < ' ' && c != '\t');
    }

    /** The file without this key, wherever the section assigns it; comments and headers stay. */
    public Decoded<UnitFile> remove(String section, String key) {
        List<Span> spans = of(section, key).stream().map(Assignment::lines).toList();
        return edited(LineEdits.cut(source.text(), spans), assignments.size() - spans.size());
    }

    private static Decoded<UnitFile> unwritable() {
        return Decoded.refused("RF-SDU-004", "the section, key or value cannot be written in this syntax");
    }

    private Decoded<UnitFile> edited(String text, String section, String key, String value) {
        Decoded<UnitFile> edited = edited(text, -1);
        return edited instanceof Decoded.Value<UnitFile>(UnitFile file) && !file.endsWith(section, key, value)
                ? unwritable()
                : edited;
    }

    private boolean endsWith(String section, String key, String value) {
        List<Assignment> present = of(section, key);
        return !present.isEmpty() && present.getLast().entry().value().equals(value);
    }

    private Decoded<UnitFile> edited(String text, int expectedAssignments) {
        if (!source.canHold(text)) {
            return unwritable();
        }
        SourceText changed = source.with(text);
        if (changed.bytes().length > MAX_BYTES) {
            return tooLarge();
        }
        Decoded<UnitFile> edited = parse(changed);
        return edited instanceof Decoded.Value<UnitFile>(UnitFile file)
                        && expectedAssignments >= 0
                        && file.assignments.size() != expectedAssignments
                ? unwritable()
                : edited;
    }
}
