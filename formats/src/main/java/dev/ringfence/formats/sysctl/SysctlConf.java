package dev.ringfence.formats.sysctl;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One file of sysctl.d: its settings, and its text for lossless edits. Immutable and thread-safe. A line that is neither
 * comment nor assignment is kept and has no meaning, as systemd-sysctl reads it.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-SCT-001 larger than 1 MiB
 *   <li>RF-SCT-002 the file holds a NUL
 *   <li>RF-SCT-003 an edit with a name or value that a line cannot hold
 * </ul>
 */
public final class SysctlConf {
    static final int MAX_BYTES = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_*][A-Za-z0-9_*:@-]*([./][A-Za-z0-9_*:@-]+)+");

    private final SourceText source;
    private final List<Assignment> assignments;

    private SysctlConf(SourceText source, List<Assignment> assignments) {
        this.source = source;
        this.assignments = List.copyOf(assignments);
    }

    /**
     * One setting.
     *
     * @param name with dots between its parts, {@code net.ipv4.conf.eth0/100.rp_filter} where a part holds a dot itself
     * @param value without surrounding white space
     * @param failureIgnored whether a kernel without the setting is no error, a name that begins with {@code -}
     * @param line counted from 1
     */
    public record Setting(String name, String value, boolean failureIgnored, int line) {}

    private record Assignment(Setting setting, Line line, Span value) {}

    /** Parses a file; other than UTF-8 it may hold any bytes but NUL. */
    public static Decoded<SysctlConf> parse(byte[] bytes) {
        return bytes.length > MAX_BYTES ? tooLarge() : parse(SourceText.decode(bytes));
    }

    private static Decoded<SysctlConf> tooLarge() {
        return Decoded.refused("RF-SCT-001", "the file is larger than 1 MiB");
    }

    private static Decoded<SysctlConf> parse(SourceText source) {
        if (source.text().indexOf('\0') >= 0) {
            return Decoded.refused("RF-SCT-002", "the file holds a NUL");
        }
        List<Assignment> assignments = new ArrayList<>();
        for (Line line : Line.splitUniversal(source.text())) {
            assignment(line).ifPresent(assignments::add);
        }
        return new Decoded.Value<>(new SysctlConf(source, assignments));
    }

    private static Optional<Assignment> assignment(Line line) {
        String text = line.text();
        int start = skipSpace(text, 0);
        int equals = text.indexOf('=');
        if (equals < 0 || text.charAt(start) == '#' || text.charAt(start) == ';') {
            return Optional.empty();
        }
        boolean failureIgnored = text.charAt(start) == '-';
        String name = text.substring(failureIgnored ? start + 1 : start, equals).strip();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        int from = skipSpace(text, equals + 1);
        int to = text.length();
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        Setting setting = new Setting(dotted(name), text.substring(from, to), failureIgnored, line.number());
        return Optional.of(new Assignment(setting, line, new Span(line.start() + from, line.start() + to)));
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** The one way to write a name: where a slash comes first, slashes separate and dots belong to the parts. */
    private static String dotted(String name) {
        int slash = name.indexOf('/');
        int dot = name.indexOf('.');
        if (slash < 0 || dot >= 0 && dot < slash) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(c == '/' ? '.' : c == '.' ? '/' : c);
        }
        return out.toString();
    }

    /** Every setting in order, also those that a later one of the same name replaces. */
    public List<Setting> settings() {
        return assignments.stream().map(Assignment::setting).toList();
    }

    /** The setting that counts within this file, the last one; patterns are not matched. */
    public Optional<Setting> setting(String name) {
        return last(dotted(name)).map(Assignment::setting);
    }

    private Optional<Assignment> last(String dotted) {
        return assignments.reversed().stream()
                .filter(a -> a.setting().name().equals(dotted))
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
     * The file with this value. The setting that counts is changed in place; a new one goes below the line that shows it
     * in a comment, or to the end.
     */
    public Decoded<SysctlConf> set(String name, String value) {
        if (!NAME.matcher(name).matches()
                || !value.strip().equals(value)
                || value.isEmpty()
                || value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            return unwritable();
        }
        String dotted = dotted(name);
        String text = source.text();
        Optional<Assignment> last = last(dotted);
        String line = name + " = " + value + source.separator();
        return edited(
                last.isPresent()
                        ? LineEdits.replace(text, last.get().value(), value)
                        : LineEdits.insert(text, placeFor(dotted), line, source.separator()),
                dotted,
                Optional.of(value));
    }

    /** Behind the commented-out setting, or the end of the text. */
    private int placeFor(String dotted) {
        for (Line line : Line.splitUniversal(source.text())) {
            String text = line.text().strip();
            int equals = text.indexOf('=');
            if (equals > 1 && (text.charAt(0) == '#' || text.charAt(0) == ';')) {
                String shown = text.substring(1, equals).strip();
                if (!shown.isEmpty() && dotted(shown).equals(dotted)) {
                    return line.next();
                }
            }
        }
        return source.text().length();
    }

    /** The file without this setting, wherever it is set; comments stay. */
    public Decoded<SysctlConf> remove(String name) {
        String dotted = dotted(name);
        List<Span> spans = assignments.stream()
                .filter(a -> a.setting().name().equals(dotted))
                .map(a -> new Span(a.line().start(), a.line().next()))
                .toList();
        return edited(LineEdits.cut(source.text(), spans), dotted, Optional.empty());
    }

    private static Decoded<SysctlConf> unwritable() {
        return Decoded.refused("RF-SCT-003", "the name or value cannot be written in this syntax");
    }

    private Decoded<SysctlConf> edited(String text, String dotted, Optional<String> expected) {
        if (!source.canHold(text)) {
            return unwritable();
        }
        SourceText changed = source.with(text);
        if (changed.bytes().length > MAX_BYTES) {
            return tooLarge();
        }
        Decoded<SysctlConf> edited = parse(changed);
        return edited instanceof Decoded.Value<SysctlConf>(SysctlConf conf)
                        && conf.setting(dotted).map(Setting::value).equals(expected)
                ? edited
                : unwritable();
    }
}
