package dev.ringfence.formats.polkit;

import java.util.ArrayList;
import java.util.List;

/** Splits JavaScript into tokens. What is no token of the language becomes {@link Kind#OTHER}. */
final class JsLexer {
    private static final List<String> OPERATORS = List.of(
            "===", "!==", ">>>", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=",
            "*=", "/=", "|=", "&=", "<<", ">>");

    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        PUNCTUATION,
        OTHER
    }

    /**
     * A token; the text of a string is its value.
     *
     * @param from offset of its first character
     */
    record Token(Kind kind, String text, int line, int from) {
        boolean is(String punctuationOrName) {
            return (kind == Kind.PUNCTUATION || kind == Kind.NAME) && text.equals(punctuationOrName);
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int start;
    private int line = 1;

    private JsLexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        JsLexer lexer = new JsLexer(text);
        lexer.read();
        return lexer.tokens;
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            start = at;
            if (c == '\n') {
                line++;
                at++;
            } else if (Character.isWhitespace(c) || c == '\ufeff') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                comment();
            } else if (c == '"' || c == '\'') {
                string(c);
            } else if (c == '`') {
                skipTo('`');
            } else if (c == '/' && regexMayStart()) {
                skipTo('/');
            } else if (Character.isJavaIdentifierStart(c)) {
                word(Kind.NAME);
            } else if (c >= '0' && c <= '9') {
                word(Kind.NUMBER);
            } else {
                punctuation();
            }
        }
    }

    private void add(Kind kind, String value) {
        tokens.add(new Token(kind, value, line, start));
    }

    private void comment() {
        int end = text.indexOf("*/", at + 2);
        int to = end < 0 ? text.length() : end + 2;
        countLines(at, to);
        at = to;
    }

    private void countLines(int from, int to) {
        for (int i = from; i < to; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
    }

    private void string(char quote) {
        StringBuilder value = new StringBuilder();
        int i = at + 1;
        boolean plain = true;
        while (i < text.length() && text.charAt(i) != quote && text.charAt(i) != '\n') {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
                // Escapes other than a plain character are not worth reading: no action is written so.
                plain &= !Character.isLetterOrDigit(text.charAt(i)) && text.charAt(i) != '\n';
            }
            value.append(text.charAt(i));
            i++;
        }
        boolean closed = i < text.length() && text.charAt(i) == quote;
        add(closed && plain ? Kind.TEXT : Kind.OTHER, value.toString());
        at = closed ? i + 1 : i;
    }

    /** A template or regular expression: one token that means nothing here. */
    private void skipTo(char end) {
        int i = at + 1;
        boolean inClass = false;
        while (i < text.length() && (text.charAt(i) != end || inClass)) {
            char c = text.charAt(i);
            if (end == '/' && c == '\n') {
                break;
            }
            inClass = end == '/' && (c == '[' || inClass && c != ']');
            i += c == '\\' ? 2 : 1;
        }
        int to = Math.min(text.length(), i + 1);
        add(Kind.OTHER, "");
        countLines(at, to);
        at = to;
    }

    /** Behind a value a slash divides; elsewhere it begins a regular expression. */
    private boolean regexMayStart() {
        if (tokens.isEmpty()) {
            return true;
        }
        Token last = tokens.getLast();
        return switch (last.kind()) {
            case NAME -> last.text().equals("return") || last.text().equals("typeof");
            case TEXT, NUMBER, OTHER -> false;
            case PUNCTUATION -> !last.text().equals(")") && !last.text().equals("]");
        };
    }

    private void word(Kind kind) {
        int from = at;
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
        add(kind, text.substring(from, at));
    }

    private void punctuation() {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                add(Kind.PUNCTUATION, operator);
                at += operator.length();
                return;
            }
        }
        add(
                "{}()[];,.<>=+-*%&|^!~?:/".indexOf(text.charAt(at)) >= 0 ? Kind.PUNCTUATION : Kind.OTHER,
                String.valueOf(text.charAt(at)));
        at++;
    }
}
