package dev.ringfence.formats.json;

import dev.ringfence.formats.Decoded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text (RFC 8259). Linear in the length of the text; recursion ends at {@link #DEPTH_LIMIT}.
 *
 * <p>Refusals: RF-JSN-001 too long, 002 not JSON at a position, 003 ends early, 004 malformed string, 005 nested too
 * deeply, 006 name given twice, 007 too many values, 008 something after the value. Thread-safe.
 */
public final class JsonText {
    /** Longest text in characters. */
    public static final int LENGTH_LIMIT = 16 << 20;

    /** Arrays and objects inside each other. */
    public static final int DEPTH_LIMIT = 64;

    /** Values of every kind together. */
    public static final int VALUE_LIMIT = 2_000_000;

    private JsonText() {}

    /** The value that a text holds, or why it is refused. Never throws. */
    public static Decoded<Json> read(String text) {
        if (text.length() > LENGTH_LIMIT) {
            return Decoded.refused("RF-JSN-001", "JSON text longer than " + LENGTH_LIMIT + " characters");
        }
        try {
            Reader reader = new Reader(text);
            Json value = reader.value(0);
            reader.end();
            return new Decoded.Value<>(value);
        } catch (Malformed e) {
            return Decoded.refused(e.code, e.reason);
        }
    }

    /** Carries a refusal out of the recursion; never leaves this class. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;
        private final String reason;

        Malformed(String code, String reason) {
            super(reason, null, false, false);
            this.code = code;
            this.reason = reason;
        }
    }

    private static final class Reader {
        private final String text;
        private int at;
        private int values;

        Reader(String text) {
            this.text = text;
            // A byte order mark is no JSON, yet some editors write it; RFC 8259 section 8.1 lets a reader ignore it.
            this.at = text.startsWith("\uFEFF") ? 1 : 0;
        }

        Json value(int depth) throws Malformed {
            if (++values > VALUE_LIMIT) {
                throw new Malformed("RF-JSN-007", "more than " + VALUE_LIMIT + " JSON values");
            }
            space();
            char first = peek();
            return switch (first) {
                case '{' -> object(depth);
                case '[' -> array(depth);
                case '"' -> new Json.Characters(string());
                case 't' -> literal("true", new Json.Flag(true));
                case 'f' -> literal("false", new Json.Flag(false));
                case 'n' -> literal("null", new Json.Nothing());
                default -> number();
            };
        }

        void end() throws Malformed {
            space();
            if (at < text.length()) {
                throw new Malformed("RF-JSN-008", "something follows the JSON value at position " + at);
            }
        }

        private void enter(int depth) throws Malformed {
            if (depth >= DEPTH_LIMIT) {
                throw new Malformed("RF-JSN-005", "JSON nested deeper than " + DEPTH_LIMIT);
            }
            at++;
        }

        private Json object(int depth) throws Malformed {
            enter(depth);
            Map<String, Json> members = new LinkedHashMap<>();
            space();
            if (peek() == '}') {
                at++;
                return new Json.Members(members);
            }
            while (true) {
                space();
                if (peek() != '"') {
                    throw unexpected();
                }
                int start = at;
                String name = string();
                space();
                expect(':');
                if (members.putIfAbsent(name, value(depth + 1)) != null) {
                    throw new Malformed("RF-JSN-006", "a JSON name stands twice in one object at position " + start);
                }
                space();
                char next = peek();
                at++;
                if (next == '}') {
                    return new Json.Members(members);
                }
                if (next != ',') {
                    at--;
                    throw unexpected();
                }
            }
        }

        private Json array(int depth) throws Malformed {
            enter(depth);
            List<Json> elements = new ArrayList<>();
            space();
            if (peek() == ']') {
                at++;
                return new Json.Elements(elements);
            }
            while (true) {
                elements.add(value(depth + 1));
                space();
                char next = peek();
                if (next != ',' && next != ']') {
                    throw unexpected();
                }
                at++;
                if (next == ']') {
                    return new Json.Elements(elements);
                }
            }
        }

        private String string() throws Malformed {
            int start = ++at;
            // Most strings have no escape: they are a piece of the text.
            while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
                at++;
            }
            if (peek() == '"') {
                return text.substring(start, at++);
            }
            StringBuilder out = new StringBuilder(text.substring(start, at));
            while (true) {
                char c = peek();
                at++;
                if (c == '"') {
                    return out.toString();
                }
                if (c < ' ') {
                    throw new Malformed("RF-JSN-004", "control character in a JSON string at position " + (at - 1));
                }
                if (c == '\\') {
                    escape(out);
                } else {
                    out.append(c);
                }
            }
        }

        private void escape(StringBuilder out) throws Malformed {
            char c = peek();
            at++;
            switch (c) {
                case '"', '\\', '/' -> out.append(c);
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> unicode(out);
                default -> throw badEscape();
            }
        }

        private void unicode(StringBuilder out) throws Malformed {
            char high = fourDigits();
            if (!Character.isSurrogate(high)) {
                out.append(high);
                return;
            }
            if (Character.isLowSurrogate(high) || !text.startsWith("\\u", at)) {
                throw badEscape();
            }
            at += 2;
            char low = fourDigits();
            if (!Character.isLowSurrogate(low)) {
                throw badEscape();
            }
            out.append(high).append(low);
        }

        private char fourDigits() throws Malformed {
            int code = 0;
            for (int i = 0; i < 4; i++) {
                int digit = hexDigit(peek());
                if (digit < 0) {
                    throw badEscape();
                }
                code = code << 4 | digit;
                at++;
            }
            return (char) code;
        }

        /** Not Character.digit, which also takes digits of other scripts. */
        private static int hexDigit(char c) {
            if (c >= '0' && c <= '9') {
                return c - '0';
            }
            char lower = (char) (c | 0x20);
            return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        }

        private Json number() throws Malformed {
            int start = at;
            skip('-');
            if (!skip('0')) {
                digits();
            }
            if (skip('.')) {
                digits();
            }
            if (skip('e') || skip('E')) {
                if (!skip('+')) {
                    skip('-');
                }
                digits();
            }
            return new Json.Numeral(text.substring(start, at));
        }

        private void digits() throws Malformed {
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == start) {
                peek();
                throw unexpected();
            }
        }

        private Json literal(String word, Json value) throws Malformed {
            if (!text.startsWith(word, at)) {
                throw word.startsWith(text.substring(at)) ? early() : unexpected();
            }
            at += word.length();
            return value;
        }

        private void expect(char wanted) throws Malformed {
            if (peek() != wanted) {
                throw unexpected();
            }
            at++;
        }

        private boolean skip(char wanted) {
            boolean there = at < text.length() && text.charAt(at) == wanted;
            if (there) {
                at++;
            }
            return there;
        }

        private void space() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                    return;
                }
                at++;
            }
        }

        private char peek() throws Malformed {
            if (at >= text.length()) {
                throw early();
            }
            return text.charAt(at);
        }

        private static Malformed early() {
            return new Malformed("RF-JSN-003", "the JSON text ends early");
        }

        private Malformed unexpected() {
            return new Malformed("RF-JSN-002", "not JSON at position " + at);
        }

        private Malformed badEscape() {
            return new Malformed("RF-JSN-004", "malformed escape in a JSON string at position " + at);
        }
    }
}
