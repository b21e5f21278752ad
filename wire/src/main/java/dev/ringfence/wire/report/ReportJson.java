package dev.ringfence.wire.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import dev.ringfence.wire.json.JsonDocument;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * Report files, as {@code schema/audit-report-1.schema.json} describes them. Enum constants are lower case with hyphens.
 * Keys are only ever added to this format; readers ignore those that they do not know. Thread-safe.
 *
 * <p>Refusals: {@code RF-REP-001} another format; {@code RF-REP-002} a value that is missing or of another type; those
 * of {@link JsonDocument}.
 */
public final class ReportJson {
    /** The format's name, in the key {@code schema}. */
    public static final String SCHEMA = "ringfence-audit-report-1";

    private ReportJson() {}

    /**
     * Writes a report. Equal reports give equal bytes. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(AuditReport report, String toolVersion, OutputStream out) throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeStringProperty("version", toolVersion);
            json.writeStringProperty("host", report.host());
            json.writeStringProperty("observer", report.observer());
            json.writeStringProperty("observedAt", report.observedAt().toString());
            json.writeStringProperty("profile", report.profile());
            json.writeArrayPropertyStart("controls");
            report.results().forEach(result -> control(json, result));
            json.writeEndArray();
            json.writeArrayPropertyStart("leftOut");
            new TreeMap<>(report.left()).forEach((id, reason) -> {
                json.writeStartObject();
                json.writeStringProperty("id", id);
                json.writeStringProperty("reason", reason);
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeObjectPropertyStart("summary");
            json.writeNumberProperty("pass", report.count(Verdict.PASS));
            json.writeNumberProperty("fail", report.count(Verdict.FAIL));
            json.writeNumberProperty("notApplicable", report.count(Verdict.NOT_APPLICABLE));
            json.writeNumberProperty("notCovered", report.count(Verdict.NOT_COVERED));
            json.writeNumberProperty("waived", report.count(Verdict.WAIVED));
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void control(JsonGenerator json, ControlResult result) {
        Control control = result.control();
        json.writeStartObject();
        json.writeStringProperty("id", control.id());
        json.writeStringProperty("title", control.title());
        json.writeStringProperty("severity", constantText(control.severity()));
        json.writeStringProperty("verdict", constantText(result.verdict()));
        json.writeStringProperty("evidence", result.evidence());
        json.writeArrayPropertyStart("subjects");
        for (ControlResult.SubjectResult subject : result.subjects()) {
            json.writeStartObject();
            json.writeStringProperty("subject", subject.subject());
            json.writeStringProperty("verdict", constantText(subject.verdict()));
            json.writeStringProperty("evidence", subject.evidence());
            json.writeEndObject();
        }
        json.writeEndArray();
        constants(json, "threats", control.threats());
        constants(json, "stride", control.stride());
        json.writeStringProperty("rationale", control.rationale());
        fix(json, control.fix());
        json.writeArrayPropertyStart("references");
        control.references().forEach(json::writeString);
        json.writeEndArray();
        json.writeArrayPropertyStart("sources");
        for (Source source : result.sources()) {
            json.writeStartObject();
            json.writeStringProperty("where", source.where());
            json.writeStringProperty("how", source.how());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (result.waiver().isPresent()) {
            waiver(json, result.waiver().get());
        } else {
            json.writeNullProperty("waiver");
        }
        json.writeEndObject();
    }

    private static void constants(JsonGenerator json, String name, List<? extends Enum<?>> constants) {
        json.writeArrayPropertyStart(name);
        constants.forEach(c -> json.writeString(constantText(c)));
        json.writeEndArray();
    }

    private static void fix(JsonGenerator json, Fix fix) {
        json.writeObjectPropertyStart("fix");
        json.writeStringProperty("reach", constantText(fix.reach()));
        json.writeStringProperty("summary", fix.summary());
        json.writeArrayPropertyStart("changes");
        for (Fix.Change change : fix.changes()) {
            json.writeStartObject();
            json.writeStringProperty("kind", constantText(change.kind()));
            json.writeStringProperty("target", change.target());
            json.writeStringProperty("value", change.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringProperty("cost", fix.cost());
        json.writeEndObject();
    }

    private static void waiver(JsonGenerator json, ControlResult.AppliedWaiver applied) {
        json.writeObjectPropertyStart("waiver");
        json.writeStringProperty("owner", applied.waiver().owner());
        json.writeStringProperty("reason", applied.waiver().reason());
        json.writeStringProperty("expires", applied.waiver().expires().toString());
        json.writeStringProperty("ticket", applied.waiver().ticket());
        json.writeStringProperty("subject", applied.waiver().subject());
        json.writeStringProperty("underlying", constantText(applied.underlying()));
        json.writeBooleanProperty("expired", applied.expired());
        json.writeEndObject();
    }

    /**
     * Reads what {@link #write} wrote, or what a later version of this format wrote. A verdict or severity that this
     * version does not know is refused: it could hide a failure. The stream stays open.
     *
     * @param name the file's path, for the refusal
     * @throws IOException from the stream
     * @throws MalformedDocumentException naming the first thing that does not fit, and what to do
     */
    public static AuditDocument read(InputStream in, String name) throws IOException, MalformedDocumentException {
        Map<String, ?> document = JsonDocument.read(in, name);
        Object schema = document.get("schema");
        if (!SCHEMA.equals(schema)) {
            throw new MalformedDocumentException(
                    "RF-REP-001",
                    name,
                    schema instanceof String other ? "its schema is '" + other + "'" : "it names no schema",
                    "This version reads " + SCHEMA + ". Write the report again with it.");
        }
        return new ReportReader(name).document(document);
    }
}
