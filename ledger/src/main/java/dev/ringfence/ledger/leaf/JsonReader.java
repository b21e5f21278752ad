package dev.ringfence.ledger.leaf;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text (RFC 8259) of the subset that {@link Json} holds. Linear in its length; recursion ends at {@link
 * #DEPTH_LIMIT}. Refusals: RF-LDG-040 not JSON at a position, RF-LDG-041 nested too deeply, RF-LDG-042 a name twice in one
 * object, RF-LDG-043 a number that is not whole or too large, RF-LDG-044 a lone surrogate.
 */
final class JsonReader {
    /** Arrays and objects inside each other. */
    static final int DEPTH_LIMIT = 32;

    private static final String NUMBER = "0123456789+-.eE";

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** The value that a text holds. Never throws. */
    static Parsed<Json> read(String text) {
        try {
            JsonReader reader = new JsonReader(text);
            reader.space();
            Json value = reader.value(0);
            reader.space();
            return reader.at == text.length() ? Parsed.of(value) : new Parsed.Refused<>(reader.unexpected().refusal);
        } catch (Malformed e) {
            return new Parsed.Refused<>(e.refusal);
        }
    }

    /** Carries a refusal out of the recursion; never leaves this class. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        Malformed(String code, String reason) {
            super(reason, null, false, false);
            this.refusal = new Refusal(code, reason);
        }
    }

    private Json value(int depth) throws Malformed {
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Characters(string());
            case 't' -> literal("true", new Json.Flag(true));
            case 'f' -> literal("false", new Json.Flag(false));
            case 'n' -> literal("null", new Json.Nothing());
            default -> number();
        };
    }

    private void enter(int depth) throws Malformed {
        if (depth >= DEPTH_LIMIT) {
            throw new Malformed("RF-LDG-041", "JSON nested deeper than " + DEPTH_LIMIT);
        }
        at++;
        space();
    }

    private Json object(int depth) throws Malformed {
        enter(depth);
        Map<String, Json> members = new HashMap<>();
        if (take('}')) {
            return new Json.Members(members);
        }
        while (true) {
            int start = at;
            if (peek() != '"') {
                throw unexpected();
            }
            String name = string();
            space();
            expect(':');
            space();
            if (members.putIfAbsent(name, value(depth + 1)) != null) {
                throw new Malformed("RF-LDG-042", "a name stands twice in one JSON object, at position " + start);
            }
            space();
            if (take('}')) {
                return new Json.Members(members);
            }
            expect(',');
            space();
        }
    }

    private Json array(int depth) throws Malformed {
        enter(depth);
        List<Json> elements = new ArrayList<>();
        if (take(']')) {
            return new Json.Elements(elements);
        }
        while (true) {
            elements.add(value(depth + 1));
            space();
            if (take(']')) {
                return new Json.Elements(elements);
            }
            expect(',');
            space();
        }
    }

    private String string() throws Malformed {
        int start = at++;
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = peek();
            if (c < ' ') {
                throw unexpected();
            }
            at++;
            if (c == '"') {
                break;
            }
            out.append(c == '\\' ? escaped() : c);
        }
        String string = out.toString();
        if (!CanonicalJson.isText(string)) {
            throw new Malformed("RF-LDG-044", "a lone surrogate in the JSON string at position " + start);
        }
        return string;
    }

    private char escaped() throws Malformed {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> fourDigits();
            default -> {
                at--;
                throw unexpected();
            }
        };
    }

    private char fourDigits() throws Malformed {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = peek();
            // Not Character.digit, which also takes digits of other scripts.
            int digit = "0123456789abcdef".indexOf(c >= 'A' && c <= 'F' ? c + 0x20 : c);
            if (digit < 0) {
                throw unexpected();
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }

    private Json number() throws Malformed {
        int start = at;
        while (at < text.length() && NUMBER.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.isEmpty()) {
            throw unexpected();
        }
        // -0 is left out as well: RFC 8785 writes it as 0, so it would come back as another text.
        if (digits.length() > 17 || !digits.matches("0|-?[1-9][0-9]*")) {
            throw notWhole(start);
        }
        long number = Long.parseLong(digits);
        if (number > Json.NUMBER_LIMIT || number < -Json.NUMBER_LIMIT) {
            throw notWhole(start);
        }
        return new Json.Whole(number);
    }

    private static Malformed notWhole(int position) {
        return new Malformed(
                "RF-LDG-043",
                "the number at position " + position + " is not whole, or beyond 2^53 - 1; write it as a string");
    }

    private Json literal(String word, Json value) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw unexpected();
        }
        at += word.length();
        return value;
    }

    private void expect(char wanted) throws Malformed {
        if (!take(wanted)) {
            throw unexpected();
        }
    }

    private boolean take(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    private void space() {
        while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private Malformed unexpected() {
        String where = at >= text.length() ? "it ends early" : "at position " + at;
        return new Malformed("RF-LDG-040", "not JSON: " + where);
    }
}
