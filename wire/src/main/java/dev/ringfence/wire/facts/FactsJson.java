package dev.ringfence.wire.facts;

import dev.ringfence.core.host.FactTree;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.wire.json.JsonDocument;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Facts files: {@code {"schema": "ringfence-facts-1", "version": …, "observedAt": …, "kernel": …}}. The first two keys
 * name the format and the program that wrote it; the rest is the tree of {@link HostFacts}. Thread-safe.
 *
 * <p>Refusals: {@code RF-FCT-001} another format; {@code RF-FCT-002} a value, key or fact that the format does not have;
 * those of {@link JsonDocument}.
 */
public final class FactsJson {
    /** The format's name, in the key {@code schema}. */
    public static final String SCHEMA = "ringfence-facts-1";

    private FactsJson() {}

    /**
     * Writes facts on one line. Equal facts give equal bytes. The stream is flushed and stays open.
     *
     * @param toolVersion of the program that looked
     * @throws IOException from the stream
     */
    public static void write(HostFacts facts, String toolVersion, OutputStream out) throws IOException {
        Map<String, Object> tree = FactTree.of(facts);
        JsonDocument.write(out, JsonDocument.Layout.COMPACT, json -> {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeStringProperty("version", toolVersion);
            tree.forEach((name, value) -> {
                json.writeName(name);
                value(json, value);
            });
            json.writeEndObject();
        });
    }

    private static void value(JsonGenerator json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((name, inner) -> {
                    json.writeName((String) name);
                    value(json, inner);
                });
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(inner -> value(json, inner));
                json.writeEndArray();
            }
            case String text -> json.writeString(text);
            case Long number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            default -> throw new IllegalStateException("facts do not use " + value.getClass());
        }
    }

    /**
     * Reads facts. Nothing is guessed: a fact that the file leaves out is not observed, everything else that is missing,
     * unknown, given twice or of another type is refused. The stream stays open.
     *
     * @param name the file's path, for the refusal
     * @throws IOException from the stream
     * @throws MalformedDocumentException naming the first thing that does not fit, and what to do
     */
    public static HostFacts read(InputStream in, String name) throws IOException, MalformedDocumentException {
        Map<String, @Nullable Object> document = JsonDocument.read(in, name);
        Object schema = document.get("schema");
        if (!SCHEMA.equals(schema)) {
            throw new MalformedDocumentException(
                    "RF-FCT-001",
                    name,
                    schema instanceof String other ? "its schema is '" + other + "'" : "it names no schema",
                    "This version reads " + SCHEMA + ". Capture the facts again with it.");
        }
        if (!(document.get("version") instanceof String)) {
            throw misfit(name, "version: missing, or not a text");
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(document);
        tree.keySet().removeAll(List.of("schema", "version"));
        try {
            StrictFacts.check(HostFacts.class, tree);
            return FactTree.read(HostFacts.class, tree, FactTree.Missing.REFUSE);
        } catch (FactTree.MalformedTree | StrictFacts.Misfit e) {
            throw misfit(name, String.valueOf(e.getMessage()));
        }
    }

    private static MalformedDocumentException misfit(String name, String cause) {
        return new MalformedDocumentException(
                "RF-FCT-002", name, cause, "Correct it, or capture the facts again with this version.");
    }
}
