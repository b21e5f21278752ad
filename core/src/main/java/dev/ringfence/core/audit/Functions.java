package dev.ringfence.core.audit;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.dpkg.DebianVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The functions that rules have beyond CEL's own. docs/CONTROLS.md describes each for authors.
 */
final class Functions {
    private static final CelType STRING = SimpleType.STRING;
    private static final CelType STRINGS = ListType.create(STRING);

    private Functions() {}

    static List<CelFunctionDecl> declarations() {
        return List.of(
                member("value", "map_value", STRING, MapType.create(STRING, STRING), STRING, STRING),
                member("values", "map_values", STRINGS, MapType.create(STRING, STRINGS), STRING),
                member("atMost", "mode_at_most", SimpleType.BOOL, STRING, STRING),
                member("inNetworks", "string_in_networks", SimpleType.BOOL, STRING, STRINGS),
                member("olderThan", "version_older", SimpleType.BOOL, STRING, STRING),
                member("lower", "string_lower", STRING, STRING),
                member("split", "string_split", STRINGS, STRING, STRING),
                member("join", "list_join", STRING, STRINGS, STRING),
                member("number", "string_number", SimpleType.INT, STRING, SimpleType.INT),
                CelFunctionDecl.newFunctionDeclaration(
                        "text", CelOverloadDecl.newGlobalOverload("text_dyn", STRING, SimpleType.DYN)));
    }

    @SuppressWarnings("unchecked")
    static List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> bindings = new ArrayList<>();
        bindings.add(CelFunctionBinding.from("map_value", List.of(Map.class, String.class, String.class), arguments -> {
            Map<String, Object> map = (Map<String, Object>) arguments[0];
            return map.containsKey(arguments[1]) ? map.get(arguments[1]) : arguments[2];
        }));
        bindings.add(CelFunctionBinding.from("map_values", Map.class, String.class, (map, key) -> {
            Object found = map.get(key);
            return found == null ? List.of() : found;
        }));
        bindings.add(CelFunctionBinding.from(
                "mode_at_most", String.class, String.class, (mode, limit) -> (octal(mode) & ~octal(limit)) == 0));
        bindings.add(CelFunctionBinding.from(
                "string_in_networks",
                String.class,
                List.class,
                (address, networks) -> Networks.contain(networks, address)));
        bindings.add(CelFunctionBinding.from(
                "version_older",
                String.class,
                String.class,
                (a, b) -> version(a).compareTo(version(b)) < 0));
        bindings.add(CelFunctionBinding.from("string_lower", String.class, s -> s.toLowerCase(Locale.ROOT)));
        bindings.add(CelFunctionBinding.from("string_split", String.class, String.class, Functions::split));
        bindings.add(CelFunctionBinding.from(
                "list_join", List.class, String.class, (list, separator) -> join((List<Object>) list, separator)));
        bindings.add(CelFunctionBinding.from("string_number", String.class, Long.class, Functions::number));
        bindings.add(CelFunctionBinding.from("text_dyn", Object.class, Functions::text));
        return bindings;
    }

    private static CelFunctionDecl member(String name, String overload, CelType result, CelType... arguments) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload(overload, result, List.of(arguments)));
    }

    /** Four octal digits as a number; anything else is all bits, so that it is never at most anything. */
    private static int octal(String mode) {
        try {
            return Integer.parseInt(mode, 8);
        } catch (NumberFormatException e) {
            return ~0;
        }
    }

    private static List<String> split(String text, String separator) {
        if (text.isEmpty() || separator.isEmpty()) {
            return text.isEmpty() ? List.of() : List.of(text);
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String join(List<Object> list, String separator) {
        return String.join(separator, list.stream().map(Functions::text).toList());
    }

    private static long number(String text, long otherwise) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** What is no version cannot be compared: the control is then not covered. */
    private static DebianVersion version(String text) {
        return switch (DebianVersion.parse(text)) {
            case Decoded.Value<DebianVersion>(DebianVersion version) -> version;
            case Decoded.Refused<DebianVersion>(var refusal) -> throw new IllegalArgumentException(refusal.toString());
        };
    }

    /** A value as evidence shows it. */
    static String text(Object value) {
        return switch (value) {
            case String s -> s;
            case Map<?, ?> map -> {
                List<String> entries = new ArrayList<>();
                new TreeMap<Object, Object>(map).forEach((k, v) -> entries.add(k + "=" + text(v)));
                yield String.join(", ", entries);
            }
            case Collection<?> list ->
                list.isEmpty()
                        ? "none"
                        : String.join(", ", list.stream().map(Functions::text).toList());
            default -> String.valueOf(value);
        };
    }
}
