package dev.ringfence.formats.sshd;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * An {@code sshd_config}.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-SHD-001 larger than 1 MiB
 *   <li>RF-SHD-002 a quote is not closed
 *   <li>RF-SHD-003 a keyword without a value
 * </ul>
 *
 * @param directives in order, also {@code include} lines; a {@code Match} line is not one itself
 */
public record SshdConfig(List<Directive> directives) {
    private static final int MAX_BYTES = 1 << 20;
    /** sshd's own limit of includes inside includes. */
    private static final int MAX_INCLUDE_DEPTH = 16;

    private static final int MAX_FILES = 1_000;
    private static final int MAX_DIRECTIVES = 100_000;

    public SshdConfig {
        directives = List.copyOf(directives);
    }

    /** Parses one file. */
    public static Decoded<SshdConfig> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-SHD-001", "the file is larger than 1 MiB");
        }
        List<Directive> directives = new ArrayList<>();
        List<String> match = List.of();
        for (Line line : Line.split(SourceText.decode(bytes).text())) {
            Optional<List<String>> words = words(line.text());
            if (words.isEmpty()) {
                return Decoded.refused("RF-SHD-002", "a quote is not closed in line " + line.number());
            }
            List<String> found = words.get();
            if (found.isEmpty()) {
                continue;
            }
            String keyword = found.getFirst().toLowerCase(Locale.ROOT);
            List<String> args = found.subList(1, found.size());
            if (args.isEmpty()) {
                return Decoded.refused("RF-SHD-003", "a keyword without a value in line " + line.number());
            }
            if (keyword.equals("match")) {
                match = List.copyOf(args);
            } else {
                directives.add(new Directive(keyword, args, match, line.number()));
            }
        }
        return new Decoded.Value<>(new SshdConfig(directives));
    }

    /** Words of a line; the first may end at an {@code =}. Empty when a quote is open. */
    private static Optional<List<String>> words(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (true) {
            at = skipBlanks(line, at, words.size() == 1);
            if (at == line.length() || line.charAt(at) == '#') {
                return Optional.of(words);
            }
            StringBuilder word = new StringBuilder();
            at = word(line, at, words.isEmpty(), word);
            if (at < 0) {
                return Optional.empty();
            }
            words.add(word.toString());
        }
    }

    /** Blanks, and one {@code =} behind the keyword. */
    private static int skipBlanks(String line, int from, boolean behindKeyword) {
        int at = from;
        boolean equal = behindKeyword;
        while (at < line.length() && (isBlank(line.charAt(at)) || equal && line.charAt(at) == '=')) {
            equal &= line.charAt(at) != '=';
            at++;
        }
        return at;
    }

    /** Reads one word with its quotes and backslashes; -1 when a quote is open. */
    private static int word(String line, int from, boolean keyword, StringBuilder out) {
        char quote = 0;
        int at = from;
        while (at < line.length()) {
            char c = line.charAt(at);
            boolean escapes = c == '\\' && at + 1 < line.length() && "\"'\\".indexOf(line.charAt(at + 1)) >= 0;
            if (escapes) {
                out.append(line.charAt(at + 1));
                at++;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote == 0 && (isBlank(c) || keyword && c == '=')) {
                return at;
            } else {
                out.append(c);
            }
            at++;
        }
        return quote == 0 ? at : -1;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f';
    }

    /** The first directive of that name outside {@code Match} blocks, which is the one that sshd uses. */
    public Optional<Directive> global(String keyword) {
        return globals(keyword).stream().findFirst();
    }

    /** Every directive of that name outside {@code Match} blocks, for those that add up such as {@code HostKey}. */
    public List<Directive> globals(String keyword) {
        return named(keyword).stream().filter(Directive::global).toList();
    }

    /** Every directive of that name, in all blocks: what a connection may meet. */
    public List<Directive> named(String keyword) {
        String name = keyword.toLowerCase(Locale.ROOT);
        return directives.stream().filter(d -> d.keyword().equals(name)).toList();
    }

    /**
     * The same configuration with included files in place of their {@code Include} lines. A {@code Match} inside an
     * included file ends with that file; an include inside a {@code Match} holds under its conditions.
     *
     * @param files what a pattern names, in the order in which sshd reads it; asked for at most 1,000 files. An include
     *     beyond that, or deeper than 16, stays as a directive
     */
    public SshdConfig withIncludes(Function<String, List<SshdConfig>> files) {
        Joined joined = new Joined(files);
        joined.add(this, List.of(), 0);
        return new SshdConfig(joined.out);
    }

    /** Files that include each other end at sshd's depth and at a number of files. */
    private static final class Joined {
        private final Function<String, List<SshdConfig>> lookup;
        private final List<Directive> out = new ArrayList<>();
        private int files;

        Joined(Function<String, List<SshdConfig>> lookup) {
            this.lookup = lookup;
        }

        void add(SshdConfig file, List<String> outer, int depth) {
            for (Directive directive : file.directives()) {
                if (out.size() >= MAX_DIRECTIVES) {
                    return;
                }
                List<String> match = new ArrayList<>(outer);
                match.addAll(directive.match());
                if (directive.keyword().equals("include") && depth < MAX_INCLUDE_DEPTH && files < MAX_FILES) {
                    include(directive, match, depth + 1);
                } else {
                    out.add(new Directive(directive.keyword(), directive.args(), match, directive.line()));
                }
            }
        }

        private void include(Directive directive, List<String> match, int depth) {
            for (String pattern : directive.args()) {
                for (SshdConfig file : lookup.apply(pattern)) {
                    if (++files <= MAX_FILES) {
                        add(file, match, depth);
                    }
                }
            }
        }
    }
}
