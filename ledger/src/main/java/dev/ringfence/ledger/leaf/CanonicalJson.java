package dev.ringfence.ledger.leaf;

import java.util.HexFormat;
import java.util.Map;

/** Writes JSON as RFC 8785 section 3.2 says. */
final class CanonicalJson {
    private CanonicalJson() {}

    static void append(StringBuilder out, Json value) {
        switch (value) {
            case Json.Members(Map<String, Json> members) -> {
                char before = '{';
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    out.append(before);
                    quote(out, member.getKey());
                    out.append(':');
                    append(out, member.getValue());
                    before = ',';
                }
                out.append(members.isEmpty() ? "{}" : "}");
            }
            case Json.Elements(var elements) -> {
                char before = '[';
                for (Json element : elements) {
                    out.append(before);
                    append(out, element);
                    before = ',';
                }
                out.append(elements.isEmpty() ? "[]" : "]");
            }
            case Json.Characters(String text) -> quote(out, text);
            case Json.Whole(long number) -> out.append(number);
            case Json.Flag(boolean flag) -> out.append(flag);
            case Json.Nothing() -> out.append("null");
        }
    }

    /** Whether every surrogate has its partner, so that the text has a UTF-8 form. */
    static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
