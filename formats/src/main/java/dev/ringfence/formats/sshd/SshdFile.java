package dev.ringfence.formats.sshd;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An {@code sshd_config} as text, for edits of what holds for every connection: outside {@code Match} blocks. Immutable and
 * thread-safe.
 *
 * <p>Refusals are those of {@link SshdConfig#parse}, and
 *
 * <ul>
 *   <li>RF-SHD-004 a keyword that adds up, opens a block or includes, which is not edited
 *   <li>RF-SHD-005 a keyword or value that a line cannot hold
 * </ul>
 */
public final class SshdFile {
    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");
    /** Where several lines add up, changing one of them would not set the value. */
    private static final Set<String> NOT_SINGLE = Set.of(
            "acceptenv",
            "allowgroups",
            "allowusers",
            "denygroups",
            "denyusers",
            "hostcertificate",
            "hostkey",
            "include",
            "listenaddress",
            "match",
            "port",
            "setenv",
            "subsystem");

    private final SourceText source;
    private final SshdConfig config;

    private SshdFile(SourceText source, SshdConfig config) {
        this.source = source;
        this.config = config;
    }

    /** Parses a file. */
    public static Decoded<SshdFile> parse(byte[] bytes) {
        return switch (SshdConfig.parse(bytes)) {
            case Decoded.Refused<SshdConfig> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<SshdConfig>(SshdConfig config) ->
                new Decoded.Value<>(new SshdFile(SourceText.decode(bytes), config));
        };
    }

    /** What the file says. */
    public SshdConfig config() {
        return config;
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
     * The file with this value. The first line of that keyword, which is the one that sshd uses, is changed in place; a new
     * one goes before the first {@code Match}, or to the end.
     *
     * @param value as written in the file
     */
    public Decoded<SshdFile> set(String keyword, String value) {
        Decoded<SshdFile> refusal = refusal(keyword);
        if (refusal != null) {
            return refusal;
        }
        if (value.isBlank() || !value.strip().equals(value) || value.chars().anyMatch(c -> c < ' ')) {
            return unwritable();
        }
        String text = source.text();
        List<Line> lines = Line.split(text);
        List<Directive> present = before(keyword);
        String changed;
        if (present.isEmpty()) {
            String line = keyword + " " + value + source.separator();
            changed = LineEdits.insert(text, firstMatch(lines), line, source.separator());
        } else {
            Line line = lines.get(present.getFirst().line() - 1);
            changed = LineEdits.replace(text, valueOf(line), value);
        }
        return edited(changed, keyword, value);
    }

    private static @Nullable Decoded<SshdFile> refusal(String keyword) {
        if (!KEYWORD.matcher(keyword).matches()) {
            return unwritable();
        }
        return NOT_SINGLE.contains(keyword.toLowerCase(Locale.ROOT))
                ? Decoded.refused("RF-SHD-004", keyword + " is not set by one line")
                : null;
    }

    /** Directives of the keyword before any {@code Match}, or in {@code Match all}. */
    private List<Directive> before(String keyword) {
        return config.globals(keyword);
    }

    private static int firstMatch(List<Line> lines) {
        for (Line line : lines) {
            String[] words = line.text().strip().split("[\\s=\"]+", 2);
            if (words[0].equalsIgnoreCase("match")) {
                return line.start();
            }
        }
        return lines.isEmpty() ? 0 : lines.getLast().next();
    }

    /** What stands behind the keyword and its separator, without white space and a comment at the end. */
    private static Span valueOf(Line line) {
        String text = line.text();
        int at = 0;
        while (isBlank(text.charAt(at))) {
            at++;
        }
        while (!isBlank(text.charAt(at)) && text.charAt(at) != '=') {
            at++;
        }
        boolean equals = false;
        while (isBlank(text.charAt(at)) || text.charAt(at) == '=' && !equals) {
            equals |= text.charAt(at) == '=';
            at++;
        }
        int from = at;
        int end = from;
        char quote = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && "\"'\\".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '#' && isBlank(text.charAt(at - 1))) {
                break;
            }
            at++;
            end = quote != 0 || !isBlank(text.charAt(at - 1)) ? at : end;
        }
        return new Span(line.start() + from, line.start() + Math.max(from, end));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f';
    }

    /** The file without this keyword outside {@code Match} blocks. */
    public Decoded<SshdFile> remove(String keyword) {
        Decoded<SshdFile> refusal = refusal(keyword);
        if (refusal != null) {
            return refusal;
        }
        List<Line> lines = Line.split(source.text());
        List<Span> spans = new ArrayList<>();
        for (Directive directive : before(keyword)) {
            Line line = lines.get(directive.line() - 1);
            spans.add(new Span(line.start(), line.next()));
        }
        return parse(source.with(LineEdits.cut(source.text(), spans)).bytes());
    }

    private static Decoded<SshdFile> unwritable() {
        return Decoded.refused("RF-SHD-005", "the keyword or value cannot be written in this syntax");
    }

    private Decoded<SshdFile> edited(String text, String keyword, String value) {
        if (!source.canHold(text)) {
            return unwritable();
        }
        Decoded<SshdFile> edited = parse(source.with(text).bytes());
        if (!(edited instanceof Decoded.Value<SshdFile>(SshdFile file))) {
            return unwritable();
        }
        // The value must read as it would on a line of its own, and nothing else may have changed.
        boolean holds = SshdConfig.parse((keyword + " " + value).getBytes(source.charset()))
                        instanceof Decoded.Value<SshdConfig>(SshdConfig alone)
                && alone.directives().size() == 1
                && file.config
                        .global(keyword)
                        .map(Directive::args)
                        .equals(alone.global(keyword).map(Directive::args));
        int added = before(keyword).isEmpty() ? 1 : 0;
        return holds && file.config.directives().size() == config.directives().size() + added ? edited : unwritable();
    }
}
