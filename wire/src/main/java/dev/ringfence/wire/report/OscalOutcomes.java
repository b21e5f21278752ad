package dev.ringfence.wire.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.core.host.Source;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Observations, risks and findings of one result. */
final class OscalOutcomes {
    private final JsonGenerator json;
    private final AuditReport report;
    private final OscalIds ids;

    OscalOutcomes(JsonGenerator json, AuditReport report, OscalIds ids) {
        this.json = json;
        this.report = report;
        this.ids = ids;
    }

    /** One for each control, and one more for each subject that did not pass. */
    void observations() {
        json.writeArrayPropertyStart("observations");
        for (ControlResult result : report.results()) {
            Control control = result.control();
            startObservation(ids.observation(control), control, result.verdict(), result.evidence());
            subject(ids.host(), report.host());
            json.writeEndArray();
            evidence(result.sources());
            endObservation();
            for (int i = 0; i < result.subjects().size(); i++) {
                ControlResult.SubjectResult subject = result.subjects().get(i);
                if (hasOwnObservation(subject)) {
                    startObservation(ids.observation(control, i), control, subject.verdict(), subject.evidence());
                    subject(ids.subject(result, subject.subject()), subject.subject());
                    json.writeEndArray();
                    endObservation();
                }
            }
        }
        json.writeEndArray();
    }

    private static boolean hasOwnObservation(ControlResult.SubjectResult subject) {
        return switch (subject.verdict()) {
            case FAIL, WAIVED, NOT_COVERED -> true;
            case PASS, NOT_APPLICABLE -> false;
        };
    }

    private void startObservation(String id, Control control, Verdict verdict, String evidence) {
        json.writeStartObject();
        json.writeStringProperty("uuid", id);
        json.writeStringProperty("title", OscalText.markup(control.id() + " " + control.title()));
        json.writeStringProperty("description", OscalText.markup(evidence));
        json.writeArrayPropertyStart("props");
        OscalResults.property(json, "control", control.id());
        OscalResults.property(json, "verdict", constantText(verdict));
        json.writeEndArray();
        json.writeArrayPropertyStart("methods");
        json.writeString("TEST");
        json.writeEndArray();
        json.writeArrayPropertyStart("types");
        json.writeString(verdict == Verdict.FAIL || verdict == Verdict.WAIVED ? "finding" : "control-objective");
        json.writeEndArray();
        origins();
        json.writeArrayPropertyStart("subjects");
    }

    private void endObservation() {
        json.writeStringProperty("collected", CalendarDates.text(report.observedAt()));
        json.writeEndObject();
    }

    private void subject(String id, String title) {
        json.writeStartObject();
        json.writeStringProperty("subject-uuid", id);
        json.writeStringProperty("type", "inventory-item");
        json.writeStringProperty("title", OscalText.markup(title));
        json.writeEndObject();
    }

    private void evidence(List<Source> sources) {
        if (sources.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("relevant-evidence");
        for (Source source : sources) {
            json.writeStartObject();
            json.writeStringProperty("description", OscalText.markup(source.where() + " (" + source.how() + ")"));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void origins() {
        json.writeArrayPropertyStart("origins");
        origin();
        json.writeEndArray();
    }

    private void origin() {
        json.writeStartObject();
        json.writeArrayPropertyStart("actors");
        json.writeStartObject();
        json.writeStringProperty("type", "tool");
        json.writeStringProperty("actor-uuid", ids.tool());
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    /** One for each control that failed, waived or not. */
    void risks() {
        List<ControlResult> failed =
                report.results().stream().filter(OscalOutcomes::isRisk).toList();
        if (failed.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("risks");
        failed.forEach(this::risk);
        json.writeEndArray();
    }

    private static boolean isRisk(ControlResult result) {
        return result.verdict() == Verdict.FAIL || result.verdict() == Verdict.WAIVED;
    }

    private void risk(ControlResult result) {
        Control control = result.control();
        Optional<Waiver> waiver = result.verdict() == Verdict.WAIVED
                ? result.waiver().map(ControlResult.AppliedWaiver::waiver)
                : Optional.empty();
        String status = result.verdict() == Verdict.WAIVED ? "deviation-approved" : "open";
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.part("risk", control));
        json.writeStringProperty("title", OscalText.markup(control.id() + " " + control.title()));
        json.writeStringProperty("description", OscalText.markup(result.evidence()));
        json.writeStringProperty("statement", OscalText.markup(control.rationale()));
        json.writeStringProperty("status", status);
        origins();
        json.writeArrayPropertyStart("characterizations");
        json.writeStartObject();
        json.writeName("origin");
        origin();
        json.writeArrayPropertyStart("facets");
        facet("severity", constantText(control.severity()));
        control.threats().forEach(t -> facet("threat", constantText(t)));
        control.stride().forEach(s -> facet("stride", constantText(s)));
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        if (waiver.isPresent()) {
            json.writeStringProperty("deadline", CalendarDates.text(waiver.get().expires()));
        }
        remediation(control);
        if (waiver.isPresent()) {
            json.writeObjectPropertyStart("risk-log");
            json.writeArrayPropertyStart("entries");
            json.writeStartObject();
            json.writeStringProperty("uuid", ids.part("waiver", control));
            json.writeStringProperty(
                    "title", "Waived by " + OscalText.markup(waiver.get().owner()));
            json.writeStringProperty("description", OscalText.markup(WaivedSubjects.sentence(waiver.get())));
            json.writeStringProperty("start", CalendarDates.text(report.observedAt()));
            json.writeStringProperty("status-change", status);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        relatedObservations(result);
        json.writeEndObject();
    }

    private void facet(String name, String value) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("system", OscalResults.NAMESPACE);
        json.writeStringProperty("value", OscalText.string(value));
        json.writeEndObject();
    }

    private void remediation(Control control) {
        Fix fix = control.fix();
        StringBuilder steps = new StringBuilder(OscalText.markup(fix.summary()));
        fix.changes().forEach(c -> steps.append("\n\n").append(OscalText.markup(FixText.line(c))));
        if (!fix.cost().isBlank()) {
            steps.append("\n\nCost: ").append(OscalText.markup(fix.cost()));
        }
        json.writeArrayPropertyStart("remediations");
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.part("fix", control));
        json.writeStringProperty("lifecycle", "recommendation");
        json.writeStringProperty("title", "Fix " + OscalText.markup(control.id()));
        json.writeStringProperty("description", steps.toString());
        json.writeArrayPropertyStart("props");
        OscalResults.property(json, "reach", constantText(fix.reach()));
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private void relatedObservations(ControlResult result) {
        json.writeArrayPropertyStart("related-observations");
        relatedObservation(ids.observation(result.control()));
        for (int i = 0; i < result.subjects().size(); i++) {
            if (hasOwnObservation(result.subjects().get(i))) {
                relatedObservation(ids.observation(result.control(), i));
            }
        }
        json.writeEndArray();
    }

    private void relatedObservation(String id) {
        json.writeStartObject();
        json.writeStringProperty("observation-uuid", id);
        json.writeEndObject();
    }

    /** One for each control that applies. */
    void findings() {
        List<ControlResult> judged = report.results().stream()
                .filter(r -> r.verdict() != Verdict.NOT_APPLICABLE)
                .toList();
        if (judged.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("findings");
        judged.forEach(this::finding);
        json.writeEndArray();
    }

    private void finding(ControlResult result) {
        Control control = result.control();
        json.writeStartObject();
        json.writeStringProperty("uuid", ids.part("finding", control));
        json.writeStringProperty("title", OscalText.markup(control.id() + " " + control.title()));
        json.writeStringProperty("description", OscalText.markup(result.evidence()));
        json.writeArrayPropertyStart("props");
        OscalResults.property(json, "verdict", constantText(result.verdict()));
        OscalResults.property(json, "severity", constantText(control.severity()));
        control.threats().forEach(t -> OscalResults.property(json, "threat", constantText(t)));
        control.stride().forEach(s -> OscalResults.property(json, "stride", constantText(s)));
        new LinkedHashSet<>(control.references()).forEach(r -> OscalResults.property(json, "reference", r));
        json.writeEndArray();
        json.writeObjectPropertyStart("target");
        json.writeStringProperty("type", "objective-id");
        json.writeStringProperty("target-id", OscalResults.objectiveId(control));
        json.writeStringProperty("title", OscalText.markup(control.title()));
        json.writeStringProperty("description", OscalText.markup(control.rationale()));
        json.writeObjectPropertyStart("status");
        json.writeStringProperty("state", result.verdict() == Verdict.PASS ? "satisfied" : "not-satisfied");
        json.writeStringProperty(
                "reason",
                switch (result.verdict()) {
                    case PASS -> "pass";
                    case FAIL, WAIVED -> "fail";
                    case NOT_COVERED, NOT_APPLICABLE -> "other";
                });
        if (result.verdict() == Verdict.NOT_COVERED) {
            json.writeStringProperty("remarks", OscalText.markup("Not covered: " + result.evidence()));
        }
        json.writeEndObject();
        json.writeEndObject();
        relatedObservations(result);
        if (isRisk(result)) {
            json.writeArrayPropertyStart("related-risks");
            json.writeStartObject();
            json.writeStringProperty("risk-uuid", ids.part("risk", control));
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
