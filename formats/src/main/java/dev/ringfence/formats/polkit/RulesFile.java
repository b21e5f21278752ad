package dev.ringfence.formats.polkit;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.polkit.JsLexer.Kind;
import dev.ringfence.formats.polkit.JsLexer.Token;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of polkit's {@code rules.d} as text, so that one rule can be taken out and every other byte stays. A rule is never
 * rewritten: a new one belongs into a file of its own. Immutable and thread-safe.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-PLK-001 larger than 1 MiB
 *   <li>RF-PLK-004 the file holds what could hide where a rule ends, such as an open string, so that it is not edited
 *   <li>RF-PLK-005 no rule of the file is exactly this one
 * </ul>
 */
public final class RulesFile {
    private static final int MAX_BYTES = 1 << 20;

    private final SourceText source;
    private final List<Span> rules;
    private final boolean editable;

    private RulesFile(SourceText source, List<Span> rules, boolean editable) {
        this.source = source;
        this.rules = List.copyOf(rules);
        this.editable = editable;
    }

    /** Parses a file; any text is accepted, only edits are refused. */
    public static Decoded<RulesFile> parse(byte[] bytes) {
        return bytes.length > MAX_BYTES
                ? Decoded.refused("RF-PLK-001", "the file is larger than 1 MiB")
                : new Decoded.Value<>(parse(SourceText.decode(bytes)));
    }

    private static RulesFile parse(SourceText source) {
        List<Token> tokens = JsLexer.tokens(source.text());
        boolean editable = tokens.stream().noneMatch(t -> t.kind() == Kind.OTHER);
        List<Span> rules = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        int start = -1;
        for (int i = 0; i < tokens.size() && editable; i++) {
            Token token = tokens.get(i);
            if (open.isEmpty() && begins(tokens, i)) {
                start = token.from();
            }
            if (token.kind() != Kind.PUNCTUATION) {
                continue;
            }
            char c = token.text().charAt(0);
            if (token.text().length() == 1 && "([{".indexOf(c) >= 0) {
                open.append(c == '(' ? ')' : c == '[' ? ']' : '}');
            } else if (token.text().length() == 1 && ")]}".indexOf(c) >= 0) {
                if (open.isEmpty() || open.charAt(open.length() - 1) != c) {
                    editable = false;
                    break;
                }
                open.setLength(open.length() - 1);
                if (open.isEmpty() && start >= 0) {
                    boolean semicolon =
                            i + 1 < tokens.size() && tokens.get(i + 1).is(";");
                    rules.add(new Span(start, (semicolon ? tokens.get(i + 1) : token).from() + 1));
                    start = -1;
                }
            }
        }
        return new RulesFile(source, rules, editable && open.isEmpty());
    }

    /** {@code polkit.addRule(} as a statement of its own. */
    private static boolean begins(List<Token> tokens, int i) {
        boolean call = i + 3 < tokens.size()
                && tokens.get(i).is("polkit")
                && tokens.get(i + 1).is(".")
                && tokens.get(i + 2).is("addRule")
                && tokens.get(i + 3).is("(");
        if (!call || i == 0) {
            return call;
        }
        Token before = tokens.get(i - 1);
        return before.is(";")
                || before.is("}")
                || before.is(")") && before.line() < tokens.get(i).line();
    }

    /** The source of every {@code polkit.addRule(…);} of the file, in order. */
    public List<String> rules() {
        return rules.stream()
                .map(r -> source.text().substring(r.from(), r.to()))
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

    /** The file without the rules that are exactly this one; comments stay. */
    public Decoded<RulesFile> remove(String rule) {
        if (!editable) {
            return Decoded.refused("RF-PLK-004", "it cannot be told where the rules of this file end");
        }
        List<Span> spans = rules.stream()
                .filter(r -> source.text().substring(r.from(), r.to()).equals(rule))
                .map(this::withLineEnd)
                .toList();
        return spans.isEmpty()
                ? Decoded.refused("RF-PLK-005", "no rule of the file is exactly this one")
                : new Decoded.Value<>(parse(source.with(LineEdits.cut(source.text(), spans))));
    }

    /** The whole line or lines where nothing else stands in them. */
    private Span withLineEnd(Span rule) {
        String text = source.text();
        boolean begins = rule.from() == 0 || text.charAt(rule.from() - 1) == '\n';
        int to = rule.to();
        while (to < text.length() && " \t\r".indexOf(text.charAt(to)) >= 0) {
            to++;
        }
        return begins && to < text.length() && text.charAt(to) == '\n' ? new Span(rule.from(), to + 1) : rule;
    }
}
