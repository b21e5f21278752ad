package dev.ringfence.wire.facts;

import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.HostFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of facts files, made from the records themselves. */
final class FactsSchema {
    private static final String INSTANT =
            "^[+-]?[0-9]{4,10}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$";

    private final Map<String, Object> definitions = new TreeMap<>();

    private FactsSchema() {}

    /** The schema's text, ending in a line feed. */
    static String text() {
        FactsSchema schema = new FactsSchema();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("$id", "urn:ringfence:schema:facts-1");
        root.put("title", "Ringfence facts, format 1");
        root.put(
                "description",
                "Everything observed of one host at one time. Made from the fact records; do not edit. A fact that is left out is not observed.");
        FactSchema.Struct facts = FactSchema.of(HostFacts.class);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("schema", Map.of("const", FactsJson.SCHEMA));
        properties.put("version", Map.of("type", "string"));
        properties.putAll(schema.properties(facts));
        List<String> required = new ArrayList<>(List.of("schema", "version"));
        required.addAll(required(facts));
        root.put("type", "object");
        root.put("required", required);
        root.put("properties", properties);
        root.put("additionalProperties", false);
        root.put("$defs", schema.definitions);
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(root)
                        .replace("\r\n", "\n")
                + "\n";
    }

    private static List<String> required(FactSchema.Struct struct) {
        return struct.fields().values().stream()
                .filter(f -> !f.observable())
                .map(FactSchema.Field::name)
                .toList();
    }

    private Map<String, Object> properties(FactSchema.Struct struct) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (FactSchema.Field field : struct.fields().values()) {
            out.put(
                    field.name(),
                    field.observable() ? fact(field.kind(), field.javaType()) : kind(field.kind(), field.javaType()));
        }
        return out;
    }

    private Map<String, Object> struct(FactSchema.Struct struct) {
        return ordered(
                "type",
                "object",
                "required",
                required(struct),
                "properties",
                properties(struct),
                "additionalProperties",
                false);
    }

    private Map<String, Object> reference(String name, java.util.function.Supplier<Map<String, Object>> definition) {
        if (!definitions.containsKey(name)) {
            // Taken first, so that records that hold each other end.
            definitions.put(name, Map.of());
            definitions.put(name, definition.get());
        }
        return Map.of("$ref", "#/$defs/" + name);
    }

    private Map<String, Object> fact(FactSchema.Kind kind, Class<?> javaType) {
        return reference("Fact." + name(kind, javaType), () -> {
            Map<String, Object> out = new LinkedHashMap<>();
            out.put(
                    "oneOf",
                    List.of(
                            outcome("value", kind(kind, javaType)),
                            outcome("absent", Map.of("const", true)),
                            outcome("notObserved", ordered("type", "string", "pattern", "\\S"))));
            return out;
        });
    }

    private static Map<String, Object> outcome(String key, Map<String, Object> value) {
        Map<String, Object> text = Map.of("type", "string");
        return ordered(
                "type",
                "object",
                "required",
                List.of(key, "from", "how"),
                "properties",
                ordered(key, value, "from", text, "how", text),
                "additionalProperties",
                false);
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            out.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return out;
    }

    private Map<String, Object> kind(FactSchema.Kind kind, Class<?> javaType) {
        return switch (kind) {
            case FactSchema.Scalar scalar ->
                switch (scalar) {
                    case TEXT -> Map.of("type", "string");
                    case NUMBER ->
                        isInt(javaType)
                                ? ordered("type", "integer", "minimum", Integer.MIN_VALUE, "maximum", Integer.MAX_VALUE)
                                : ordered("type", "integer", "minimum", Long.MIN_VALUE, "maximum", Long.MAX_VALUE);
                    case FLAG -> Map.of("type", "boolean");
                    case INSTANT -> ordered("type", "string", "pattern", INSTANT);
                    case CONSTANT ->
                        ordered(
                                "enum",
                                Arrays.stream(javaType.getEnumConstants())
                                        .map(c -> FactSchema.constantText((Enum<?>) c))
                                        .toList());
                };
            case FactSchema.ListOf(FactSchema.Kind element) ->
                ordered("type", "array", "items", kind(element, elementType(element)));
            case FactSchema.MapOf(FactSchema.Kind element, boolean observable) ->
                ordered(
                        "type",
                        "object",
                        "additionalProperties",
                        observable ? fact(element, elementType(element)) : kind(element, elementType(element)));
            case FactSchema.StructOf(Class<?> type) -> reference(name(kind, type), () -> struct(FactSchema.of(type)));
        };
    }

    private static boolean isInt(Class<?> javaType) {
        return javaType == int.class || javaType == Integer.class;
    }

    private static Class<?> elementType(FactSchema.Kind kind) {
        return kind instanceof FactSchema.StructOf(Class<?> type) ? type : Object.class;
    }

    /** Unique: record names repeat across packages ({@code host.Cpu}, {@code domain.Cpu}), so the last part is kept. */
    private static String name(FactSchema.Kind kind, Class<?> javaType) {
        return switch (kind) {
            case FactSchema.Scalar scalar ->
                scalar == FactSchema.Scalar.CONSTANT || isInt(javaType) ? javaType.getSimpleName() : constant(scalar);
            case FactSchema.ListOf(FactSchema.Kind element) -> "list." + name(element, elementType(element));
            case FactSchema.MapOf(FactSchema.Kind element, boolean observable) ->
                (observable ? "facts." : "map.") + name(element, elementType(element));
            case FactSchema.StructOf(Class<?> type) ->
                type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1) + "."
                        + FactSchema.of(type).name();
        };
    }

    private static String constant(FactSchema.Scalar scalar) {
        return FactSchema.constantText(scalar);
    }
}
