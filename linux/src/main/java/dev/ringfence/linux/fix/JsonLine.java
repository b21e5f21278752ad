package dev.ringfence.linux.fix;

import dev.ringfence.formats.json.Json;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON (RFC 8259) on one line, in ASCII: a torn line can be told by its bytes. */
final class JsonLine {
    private final StringBuilder out = new StringBuilder(256);

    private JsonLine() {}

    static String of(Json value) {
        JsonLine line = new JsonLine();
        line.add(value);
        return line.out.toString();
    }

    /** An object of texts: name, value, name, value. */
    static Json.Members texts(String... namesAndValues) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(namesAndValues[i], new Json.Characters(namesAndValues[i + 1]));
        }
        return new Json.Members(members);
    }

    private void add(Json value) {
        switch (value) {
            case Json.Members object -> {
                out.append('{');
                Iterator<Map.Entry<String, Json>> members =
                        object.members().entrySet().iterator();
                while (members.hasNext()) {
                    Map.Entry<String, Json> member = members.next();
                    add(member.getKey());
                    out.append(':');
                    add(member.getValue());
                    out.append(members.hasNext() ? "," : "");
                }
                out.append('}');
            }
            case Json.Elements array -> {
                out.append('[');
                Iterator<Json> elements = array.elements().iterator();
                while (elements.hasNext()) {
                    add(elements.next());
                    out.append(elements.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Json.Characters(String text) -> add(text);
            case Json.Numeral(String literal) -> out.append(literal);
            case Json.Flag(boolean flag) -> out.append(flag);
            case Json.Nothing() -> out.append("null");
        }
    }

    private void add(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
