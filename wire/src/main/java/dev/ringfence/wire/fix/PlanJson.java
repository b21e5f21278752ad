package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.wire.json.JsonDocument;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plan files, as {@code schema/fix-plan-1.schema.json} describes them: the components of the plan's records by name,
 * constants in lower case with hyphens, a key {@code type} where there is a choice. A plan file holds files in full, with
 * what secrets they have. Thread-safe.
 *
 * <p>Refusals: {@code RF-FIX-001} another format; {@code RF-FIX-002} a value that is missing, unknown or does not fit;
 * {@code RF-FIX-003} a plan that was changed after it was made; those of {@link JsonDocument}.
 */
public final class PlanJson {
    /** The format's name, in the key {@code schema}. */
    public static final String SCHEMA = "ringfence-fix-plan-1";

    private PlanJson() {}

    /**
     * Writes a plan. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(FixPlan plan, OutputStream out) throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            new PlanWriter(json).components(plan);
            json.writeEndObject();
        });
    }

    /**
     * Reads a plan. Keys that this version does not know are refused: they could change what a step means. The stream
     * stays open.
     *
     * @param name the file's path, for the refusal
     * @throws IOException from the stream
     * @throws MalformedDocumentException naming the first thing that does not fit, and what to do
     */
    public static FixPlan read(InputStream in, String name) throws IOException, MalformedDocumentException {
        Map<String, @Nullable Object> document = new LinkedHashMap<>(JsonDocument.read(in, name));
        Object schema = document.remove("schema");
        if (!SCHEMA.equals(schema)) {
            throw new MalformedDocumentException(
                    "RF-FIX-001",
                    name,
                    schema instanceof String other ? "its schema is '" + other + "'" : "it names no schema",
                    "This version reads " + SCHEMA + ". Make the plan again with it.");
        }
        return new PlanReader(name).plan(document);
    }
}
