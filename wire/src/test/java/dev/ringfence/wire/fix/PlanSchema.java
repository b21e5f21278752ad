package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.PlanId;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.wire.json.JsonDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** The schema of a plan, read off the records. */
final class PlanSchema {
    private final Map<String, Object> definitions = new TreeMap<>();

    private PlanSchema() {}

    /** The schema's text, ending in a line feed. */
    static String text() throws IOException {
        PlanSchema schema = new PlanSchema();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("$id", "urn:ringfence:schema:fix-plan-1");
        root.put("title", "Ringfence fix plan, format 1");
        root.put(
                "description",
                "Ordered changes for one host. The id is the digest of the rest: a plan that was changed is refused, and so is a key that a reader does not know.");
        root.putAll(schema.object(FixPlan.class, Map.of("schema", Map.of("const", PlanJson.SCHEMA))));
        root.put("$defs", schema.definitions);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> write(json, root));
        return out.toString(StandardCharsets.UTF_8);
    }

    private Map<String, Object> object(Class<?> type, Map<String, Object> first) {
        Map<String, Object> properties = new LinkedHashMap<>(first);
        for (RecordComponent component : type.getRecordComponents()) {
            properties.put(component.getName(), of(component.getGenericType()));
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("required", new ArrayList<>(properties.keySet()));
        object.put("additionalProperties", false);
        object.put("properties", properties);
        return object;
    }

    private Map<String, Object> of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Map<String, Object> element = of(generic.getActualTypeArguments()[0]);
            return generic.getRawType() == Optional.class
                    ? Map.of("anyOf", List.of(element, Map.of("type", "null")))
                    : list(element);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return Map.of("type", "string");
        }
        if (plain == boolean.class) {
            return Map.of("type", "boolean");
        }
        if (plain == int.class || plain == long.class) {
            return Map.of("type", "integer");
        }
        if (plain == Instant.class) {
            return Map.of("$ref", define("Instant", pair("type", "string", "format", "date-time")));
        }
        if (plain == PlanId.class) {
            return Map.of("$ref", define("PlanId", pair("type", "string", "pattern", "^[0-9a-f]{64}$")));
        }
        if (plain == Argv.class) {
            return Map.of("$ref", define("Argv", list(Map.of("type", "string"))));
        }
        if (plain == FileContent.class) {
            return Map.of("$ref", define("FileContent", Map.of("oneOf", List.of(content("text"), content("base64")))));
        }
        if (plain.isEnum()) {
            List<String> constants = Arrays.stream(plain.getEnumConstants())
                    .map(c -> FactSchema.constantText((Enum<?>) c))
                    .toList();
            return Map.of("enum", constants);
        }
        String name = name(plain);
        if (!definitions.containsKey(name)) {
            definitions.put(name, Map.of());
            definitions.put(name, plain.isInterface() ? choice(plain) : object(plain, Map.of()));
        }
        return Map.of("$ref", "#/$defs/" + name);
    }

    private Map<String, Object> choice(Class<?> type) {
        List<Object> choices = new ArrayList<>();
        for (Class<?> each : type.getPermittedSubclasses()) {
            choices.add(object(each, Map.of("type", Map.of("const", PlanWriter.typeName(each)))));
        }
        return Map.of("oneOf", choices);
    }

    private String define(String name, Map<String, Object> schema) {
        definitions.put(name, schema);
        return "#/$defs/" + name;
    }

    private static Map<String, Object> content(String key) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("required", List.of(key));
        object.put("additionalProperties", false);
        object.put("properties", Map.of(key, Map.of("type", "string")));
        return object;
    }

    private static Map<String, Object> list(Map<String, Object> element) {
        return pair("type", "array", "items", element);
    }

    private static Map<String, Object> pair(String key, Object value, String other, Object otherValue) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        map.put(other, otherValue);
        return map;
    }

    private static String name(Class<?> type) {
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((key, each) -> {
                    json.writeName(String.valueOf(key));
                    write(json, each);
                });
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(each -> write(json, each));
                json.writeEndArray();
            }
            case Boolean flag -> json.writeBoolean(flag);
            default -> json.writeString(String.valueOf(value));
        }
    }
}
