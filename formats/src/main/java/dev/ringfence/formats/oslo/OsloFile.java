package dev.ringfence.formats.oslo;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.PythonText;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One oslo.config file: its values, and its text for lossless edits. Immutable and thread-safe.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-OSL-001 larger than 4 MiB
 *   <li>RF-OSL-002 a line has neither {@code =} nor {@code :}
 *   <li>RF-OSL-003 a line has no name before {@code =}
 *   <li>RF-OSL-004 a line goes on, but no option is open
 *   <li>RF-OSL-005 a section header without {@code ]} or without a name
 *   <li>RF-OSL-006 an option before any section
 *   <li>RF-OSL-007 an edit with a group, name or value that the syntax cannot hold
 * </ul>
 */
public final class OsloFile {
    static final int MAX_BYTES = 4 << 20;
    /** The group whose name alone is case-sensitive. */
    public static final String DEFAULT = "DEFAULT";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}");

    private final String name;
    private final SourceText source;
    private final List<Assignment> assignments;
    private final List<Section> sections;
    private final Map<String, List<OsloValue>> options = new HashMap<>();

    OsloFile(String name, SourceText source, List<Assignment> assignments, List<Section> sections) {
        this.name = name;
        this.source = source;
        this.assignments = List.copyOf(assignments);
        this.sections = List.copyOf(sections);
        for (Assignment assignment : assignments) {
            OsloValue value = assignment.value();
            options.computeIfAbsent(option(value.group(), value.key()), o -> new ArrayList<>(1))
                    .add(value);
        }
    }

    /** An option's name in its comparable form; a text, so that names that collide on purpose cost little. */
    private static String option(String group, String key) {
        return normalized(group) + "\n" + key;
    }

    /** A value and its place: the line of its name, the value, and the end of its last line. */
    record Assignment(OsloValue value, int start, int valueStart, int valueEnd, int next) {}

    /** A section header and where the section's last line that is not blank ends. */
    record Section(String group, int start, int end) {}

    /**
     * Parses a file.
     *
     * @param name a label for messages, usually the path
     */
    public static Decoded<OsloFile> parse(String name, byte[] bytes) {
        return bytes.length > MAX_BYTES
                ? Decoded.refused("RF-OSL-001", "the file is larger than 4 MiB")
                : new OsloReader(name, SourceText.decode(bytes)).read();
    }

    /** The label given to {@link #parse}. */
    public String name() {
        return name;
    }

    /** Every value in order. */
    public List<OsloValue> values() {
        return assignments.stream().map(Assignment::value).toList();
    }

    /** The values of one option in order, empty when the file does not set it. Groups compare without case. */
    public List<OsloValue> values(String group, String key) {
        return Collections.unmodifiableList(options.getOrDefault(option(group, key), List.of()));
    }

    /** The names of the sections as written, in order, each once. */
    public List<String> groups() {
        return sections.stream().map(Section::group).distinct().toList();
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /** oslo.config's comparison of group names: without case, except for {@code DEFAULT}. */
    static String normalized(String group) {
        return group.equals(DEFAULT) ? group : group.toLowerCase(Locale.ROOT);
    }

    private static boolean sameGroup(String a, String b) {
        return normalized(a).equals(normalized(b));
    }

    /**
     * The file with this value. Of an option that occurs several times the last is changed, which is the one that a
     * single-valued option uses. A new option is added below the line that shows its default in a comment, or at the
     * end of its section, or in a new section at the end.
     */
    public Decoded<OsloFile> set(String group, String key, String value) {
        if (!NAME.matcher(key).matches() || group.isEmpty() || group.chars().anyMatch(c -> c == ']' || c < ' ')) {
            return Decoded.refused("RF-OSL-007", "not a name that can be set");
        }
        String text = textWith(group, key, printed(value));
        if (text.length() > MAX_BYTES) {
            return Decoded.refused("RF-OSL-001", "the file is larger than 4 MiB");
        }
        Decoded<OsloFile> edited = edited(text);
        return edited instanceof Decoded.Value<OsloFile>(OsloFile file) && file.holds(group, key, value)
                ? edited
                : unwritable();
    }

    private static Decoded<OsloFile> unwritable() {
        return Decoded.refused("RF-OSL-007", "the value cannot be written in this syntax");
    }

    private boolean holds(String group, String key, String value) {
        List<OsloValue> values = values(group, key);
        return !values.isEmpty() && values.getLast().text().equals(value);
    }

    /** A value that begins or ends with white space or a quote needs quotes around it, which the reader takes off. */
    private static String printed(String value) {
        String lines = value.replace("\n", "\n    ");
        boolean bare = PythonText.strip(value).equals(value) && !(value.startsWith("\"") || value.startsWith("'"));
        return bare ? lines : '"' + lines + '"';
    }

    private String textWith(String group, String key, String printed) {
        String text = source.text();
        for (Assignment assignment : assignments.reversed()) {
            OsloValue value = assignment.value();
            if (sameGroup(value.group(), group) && value.key().equals(key)) {
                return text.substring(0, assignment.valueStart()) + printed + text.substring(assignment.valueEnd());
            }
        }
        String separator = source.separator();
        String line = key + " = " + printed.replace("\n", separator) + separator;
        int at = placeFor(group, key);
        if (at >= 0) {
            return insert(text, at, line);
        }
        String gap = text.isEmpty() ? "" : separator;
        return insert(text, text.length(), gap + "[" + group + "]" + separator + line);
    }

    private String insert(String text, int at, String line) {
        boolean midLine = at > 0 && text.charAt(at - 1) != '\n' && text.charAt(at - 1) != '\r';
        return text.substring(0, at) + (midLine ? source.separator() : "") + line + text.substring(at);
    }

    /** Where a new option goes, -1 when the section does not exist. */
    private int placeFor(String group, String key) {
        Pattern shown = Pattern.compile("#[ \\t]*" + Pattern.quote(key) + "[ \\t]*=.*");
        int section = -1;
        int place = -1;
        for (Line line : Line.splitUniversal(source.text())) {
            if (section + 1 < sections.size() && sections.get(section + 1).start() == line.start()) {
                section++;
            }
            if (section >= 0 && sameGroup(sections.get(section).group(), group)) {
                if (shown.matcher(line.text()).matches()) {
                    return line.next();
                }
                if (line.start() <= sections.get(section).end()) {
                    place = line.next();
                }
            }
        }
        return place;
    }

    /** The file without this option, wherever it is set; comments stay. */
    public Decoded<OsloFile> remove(String group, String key) {
        String text = source.text();
        StringBuilder kept = new StringBuilder(text.length());
        int from = 0;
        for (Assignment assignment : assignments) {
            OsloValue value = assignment.value();
            if (sameGroup(value.group(), group) && value.key().equals(key)) {
                kept.append(text, from, assignment.start());
                from = assignment.next();
            }
        }
        return edited(kept.append(text, from, text.length()).toString());
    }

    private Decoded<OsloFile> edited(String text) {
        return source.canHold(text) ? new OsloReader(name, source.with(text)).read() : unwritable();
    }

    /** The label and the number of values; no value. */
    @Override
    public String toString() {
        return name + " with " + assignments.size() + " values";
    }
}
