package dev.ringfence.wire.report;

import dev.ringfence.core.audit.AuditDiff;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.io.OutputStream;

/** The comparison of two audits as JSON. Keys are only ever added. */
public final class DiffJson {
    /** The value of {@code schema}. */
    public static final String SCHEMA = "ringfence-audit-diff-1";

    private DiffJson() {}

    /** Writes one document. */
    public static void write(AuditDocument before, AuditDocument after, AuditDiff diff, OutputStream out)
            throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeStringProperty("host", after.host());
            json.writeStringProperty("before", before.observedAt().toString());
            json.writeStringProperty("after", after.observedAt().toString());
            json.writeNumberProperty("scoreBefore", diff.scoreBefore());
            json.writeNumberProperty("scoreAfter", diff.scoreAfter());
            json.writeBooleanProperty("lessSecure", diff.lessSecure());
            json.writeNumberProperty("unchanged", diff.unchanged());
            json.writeArrayPropertyStart("changes");
            for (AuditDiff.Change change : diff.changes()) {
                json.writeStartObject();
                json.writeStringProperty("kind", FactSchema.constantText(change.kind()));
                json.writeStringProperty("id", change.id());
                json.writeStringProperty("title", change.title());
                json.writeStringProperty("severity", FactSchema.constantText(change.severity()));
                json.writeStringProperty("before", change.before());
                json.writeStringProperty("after", change.after());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
