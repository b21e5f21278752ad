package dev.ringfence.wire.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * Reports as OSCAL 1.1.3 assessment results. The document stands alone: the host, what was judged on it and the program
 * that looked are defined in it; each finding tells what its control asks for.
 *
 * <p>A control that passed is a finding {@code satisfied}; one that failed is {@code not-satisfied} with an open risk; a
 * waived one is {@code not-satisfied} with a risk {@code deviation-approved} until the waiver ends; one that could not be
 * observed is {@code not-satisfied} for the reason {@code other}. What does not apply has an observation and no finding,
 * because OSCAL could only call it satisfied. Thread-safe.
 */
public final class OscalResults {
    static final String NAMESPACE = "urn:ringfence:oscal";
    private static final String VERSION = "1.1.3";

    private OscalResults() {}

    /**
     * Writes a report. Equal reports give equal bytes, identifiers included. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(AuditReport report, String toolVersion, OutputStream out) throws IOException {
        OscalIds ids = new OscalIds(report, toolVersion);
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("assessment-results");
            json.writeStringProperty("uuid", ids.document());
            metadata(json, report, toolVersion);
            json.writeObjectPropertyStart("import-ap");
            json.writeStringProperty("href", "#" + ids.plan());
            json.writeStringProperty(
                    "remarks", "No assessment plan was made; the profile named there says what was assessed.");
            json.writeEndObject();
            json.writeArrayPropertyStart("results");
            result(json, report, toolVersion, ids);
            json.writeEndArray();
            plan(json, report, ids);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void metadata(JsonGenerator json, AuditReport report, String toolVersion) {
        json.writeObjectPropertyStart("metadata");
        json.writeStringProperty("title", "Ringfence audit of " + OscalText.markup(report.host()));
        json.writeStringProperty("last-modified", CalendarDates.text(report.observedAt()));
        json.writeStringProperty("version", CalendarDates.text(report.observedAt()));
        json.writeStringProperty("oscal-version", VERSION);
        json.writeArrayPropertyStart("props");
        property(json, "tool-version", toolVersion);
        property(json, "profile", report.profile());
        json.writeEndArray();
        json.writeEndObject();
    }

    static String objectiveId(Control control) {
        return OscalText.token(control.id()) + "_obj";
    }

    private static void result(JsonGenerator json, AuditReport report, String toolVersion, OscalIds ids) {
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.result());
        json.writeStringProperty("title", "Audit of " + OscalText.markup(report.host()));
        json.writeStringProperty(
                "description",
                OscalText.markup("Profile " + report.profile() + ", " + report.observer() + ": " + counts(report)));
        json.writeStringProperty("start", CalendarDates.text(report.observedAt()));
        json.writeStringProperty("end", CalendarDates.text(report.observedAt()));
        json.writeArrayPropertyStart("props");
        property(json, "observer", report.observer());
        for (Verdict verdict : Verdict.values()) {
            property(json, "count-" + constantText(verdict), String.valueOf(report.count(verdict)));
        }
        json.writeEndArray();
        definitions(json, report, toolVersion, ids);
        reviewed(json, report);
        if (!report.results().isEmpty()) {
            OscalOutcomes outcomes = new OscalOutcomes(json, report, ids);
            outcomes.observations();
            outcomes.risks();
            outcomes.findings();
        }
        json.writeEndObject();
    }

    private static String counts(AuditReport report) {
        StringBuilder out = new StringBuilder();
        for (Verdict verdict : Verdict.values()) {
            out.append(out.isEmpty() ? "" : ", ")
                    .append(report.count(verdict))
                    .append(' ')
                    .append(constantText(verdict));
        }
        return out.toString();
    }

    private static void definitions(JsonGenerator json, AuditReport report, String toolVersion, OscalIds ids) {
        json.writeObjectPropertyStart("local-definitions");
        json.writeArrayPropertyStart("inventory-items");
        item(json, ids.host(), "The host " + report.host(), "host", report.host());
        Set<String> seen = new LinkedHashSet<>();
        for (ControlResult result : report.results()) {
            String kind = OscalIds.kind(result);
            for (ControlResult.SubjectResult subject : result.subjects()) {
                String id = ids.subject(result, subject.subject());
                if (seen.add(id)) {
                    item(json, id, kind + " " + subject.subject(), kind, subject.subject());
                }
            }
        }
        json.writeEndArray();
        json.writeObjectPropertyStart("assessment-assets");
        json.writeArrayPropertyStart("components");
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.tool());
        json.writeStringProperty("type", "software");
        json.writeStringProperty("title", "Ringfence");
        json.writeStringProperty("description", "Audits KVM, QEMU and libvirt hosts.");
        json.writeArrayPropertyStart("props");
        property(json, "version", toolVersion);
        json.writeEndArray();
        json.writeObjectPropertyStart("status");
        json.writeStringProperty("state", "operational");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
        json.writeArrayPropertyStart("assessment-platforms");
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.platform());
        json.writeStringProperty("title", "Where Ringfence ran");
        json.writeArrayPropertyStart("uses-components");
        json.writeStartObject();
        json.writeStringProperty("component-uuid", ids.tool());
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void item(JsonGenerator json, String id, String description, String kind, String name) {
        json.writeStartObject();
        json.writeStringProperty("uuid", id);
        json.writeStringProperty("description", OscalText.markup(description));
        json.writeArrayPropertyStart("props");
        property(json, "kind", kind);
        property(json, "name", name);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void reviewed(JsonGenerator json, AuditReport report) {
        json.writeObjectPropertyStart("reviewed-controls");
        json.writeArrayPropertyStart("control-selections");
        json.writeStartObject();
        json.writeStringProperty("description", "Controls of the profile " + OscalText.markup(report.profile()));
        json.writeArrayPropertyStart("include-controls");
        report.results().forEach(result -> controlId(json, result.control().id()));
        if (report.results().isEmpty()) {
            // The list may not be empty, and its only alternative says that everything was reviewed.
            controlId(json, "none");
        }
        json.writeEndArray();
        if (!report.left().isEmpty()) {
            json.writeArrayPropertyStart("exclude-controls");
            new TreeMap<>(report.left()).keySet().forEach(id -> controlId(json, id));
            json.writeEndArray();
            StringBuilder why = new StringBuilder();
            new TreeMap<>(report.left())
                    .forEach((id, reason) -> why.append(why.isEmpty() ? "" : "; ")
                            .append(id)
                            .append(" is left out: ")
                            .append(reason));
            json.writeStringProperty("remarks", OscalText.markup(why.toString()));
        }
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void controlId(JsonGenerator json, String id) {
        json.writeStartObject();
        json.writeStringProperty("control-id", OscalText.token(id));
        json.writeEndObject();
    }

    private static void plan(JsonGenerator json, AuditReport report, OscalIds ids) {
        json.writeObjectPropertyStart("back-matter");
        json.writeArrayPropertyStart("resources");
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.plan());
        json.writeStringProperty("title", "Profile " + OscalText.markup(report.profile()));
        json.writeStringProperty(
                "description", "The set of controls that was assessed. Reviewed controls are listed in the result.");
        // Validators follow the import to a document; this one is all there is.
        json.writeArrayPropertyStart("rlinks");
        json.writeStartObject();
        json.writeStringProperty("href", "#" + ids.plan());
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    static void property(JsonGenerator json, String name, String value) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("ns", NAMESPACE);
        json.writeStringProperty("value", OscalText.string(value));
        json.writeEndObject();
    }
}
