package dev.ringfence.formats.grub;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.grub.ShellToken.Cell;
import dev.ringfence.formats.grub.ShellToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Shell text to words and operators. Nothing is expanded. Linear in the length of the text. */
final class ShellLexer {
    private static final int MAX_NESTING = 32;

    private final String text;
    private final List<ShellToken> tokens = new ArrayList<>();
    private List<Cell> cells = new ArrayList<>();
    private int at;

    ShellLexer(String text) {
        this.text = text;
    }

    Decoded<List<ShellToken>> read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (text.startsWith("\\\n", at)) {
                at += 2;
            } else if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '\n' || c == ';') {
                operator(c == ';' && text.startsWith(";;", at) ? Kind.OPERATOR : Kind.END);
            } else if ("&|()<>".indexOf(c) >= 0) {
                operator(Kind.OPERATOR);
            } else if (!word()) {
                return Decoded.refused("RF-GRB-003", "a quote or an expansion is not closed");
            }
        }
        return new Decoded.Value<>(tokens);
    }

    private void operator(Kind kind) {
        tokens.add(new ShellToken(kind, at, at + 1, List.of()));
        at++;
    }

    private boolean word() {
        cells = new ArrayList<>();
        int start = at;
        char quote = ' ';
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quote == ' ' && " \t\n;&|()<>".indexOf(c) >= 0) {
                break;
            }
            if (c == quote) {
                quote = ' ';
                at++;
            } else if (quote == '\'') {
                literal(c, quote, 1);
            } else if (c == '\\') {
                backslash(quote);
            } else if (c == '$' || c == '`') {
                int end = expansion();
                if (end < 0) {
                    return false;
                }
                boolean bare = end == at + 1;
                cells.add(new Cell(bare ? '$' : ' ', bare, quote, at, end));
                at = end;
            } else if (quote == ' ' && (c == '"' || c == '\'')) {
                quote = c;
                at++;
            } else {
                literal(c, quote, 1);
            }
        }
        tokens.add(new ShellToken(Kind.WORD, start, at, cells));
        return quote == ' ';
    }

    private void literal(char c, char quote, int length) {
        cells.add(new Cell(c, true, quote, at, at + length));
        at += length;
    }

    private void backslash(char quote) {
        if (at + 1 == text.length()) {
            literal('\\', quote, 1);
            return;
        }
        char next = text.charAt(at + 1);
        if (next == '\n') {
            at += 2;
        } else if (quote == '"' && "$`\"\\".indexOf(next) < 0) {
            literal('\\', quote, 1);
        } else {
            cells.add(new Cell(next, true, quote, at, at + 2));
            at += 2;
        }
    }

    /** Where the expansion at this place ends; one further for a dollar sign that is none; -1 when it does not end. */
    private int expansion() {
        if (text.charAt(at) == '`') {
            return behind('`', at + 1);
        }
        if (at + 1 == text.length()) {
            return at + 1;
        }
        char next = text.charAt(at + 1);
        if (next == '(' || next == '{') {
            return closing(at + 2, next == '(' ? ')' : '}');
        }
        int end = at + 1;
        if ("@*#?-$!0123456789".indexOf(next) >= 0) {
            return end + 1;
        }
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    static boolean isNamePart(char c) {
        return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private int behind(char end, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && end != '\'') {
                i++;
            } else if (text.charAt(i) == end) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Behind the bracket that closes; quotes and brackets inside are counted, not understood. */
    private int closing(int from, char first) {
        StringBuilder open = new StringBuilder().append(first);
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            char innermost = open.charAt(open.length() - 1);
            if (c == '\\') {
                i += 2;
            } else if (c == '\'' && innermost != '"') {
                i = behind('\'', i + 1);
                if (i < 0) {
                    return -1;
                }
            } else if (c == innermost) {
                open.setLength(open.length() - 1);
                i++;
                if (open.isEmpty()) {
                    return i;
                }
            } else if (c == '"') {
                open.append('"');
                i++;
            } else if (c == '(' && innermost != '"') {
                open.append(')');
                i++;
            } else if (text.startsWith("$(", i) || text.startsWith("${", i)) {
                open.append(text.charAt(i + 1) == '(' ? ')' : '}');
                i += 2;
            } else {
                i++;
            }
            if (open.length() > MAX_NESTING) {
                return -1;
            }
        }
        return -1;
    }
}
