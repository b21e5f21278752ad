package dev.ringfence.wire.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Threat;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * Reports as SARIF 2.1.0 (OASIS, with errata 01). A failed, waived or uncovered subject is one result; so is a control
 * without subjects. A waived result is a failure with a suppression; what could not be observed is of kind {@code open}.
 * Thread-safe.
 */
public final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String FINGERPRINT = "ringfenceFinding/v1";

    private Sarif() {}

    /**
     * Writes every control's outcome, passes and controls that do not apply included. Equal reports give equal bytes. The
     * stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(AuditReport report, String toolVersion, OutputStream out) throws IOException {
        write(report, toolVersion, out, true);
    }

    /**
     * As {@link #write}, without what passed or does not apply: for consumers that read every result as a problem
     * whatever its kind, as GitHub code scanning does.
     *
     * @throws IOException from the stream
     */
    public static void writeProblems(AuditReport report, String toolVersion, OutputStream out) throws IOException {
        write(report, toolVersion, out, false);
    }

    private static void write(AuditReport report, String toolVersion, OutputStream out, boolean complete)
            throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeStringProperty("$schema", SCHEMA);
            json.writeStringProperty("version", "2.1.0");
            json.writeArrayPropertyStart("runs");
            json.writeStartObject();
            json.writeObjectPropertyStart("tool");
            json.writeObjectPropertyStart("driver");
            json.writeStringProperty("name", "Ringfence");
            json.writeStringProperty("version", toolVersion);
            message(json, "shortDescription", "Security audit of KVM, QEMU and libvirt hosts");
            json.writeArrayPropertyStart("rules");
            report.results().forEach(result -> rule(json, result.control()));
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
            automation(json, report);
            invocation(json, report);
            SarifPlaces.bases(json, report.host());
            json.writeArrayPropertyStart("results");
            for (int i = 0; i < report.results().size(); i++) {
                results(json, report, i, complete);
            }
            json.writeEndArray();
            json.writeObjectPropertyStart("properties");
            json.writeStringProperty("observer", report.observer());
            json.writeStringProperty("profile", report.profile());
            for (Verdict verdict : Verdict.values()) {
                json.writeNumberProperty(constantText(verdict), report.count(verdict));
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void rule(JsonGenerator json, Control control) {
        json.writeStartObject();
        json.writeStringProperty("id", control.id());
        message(json, "shortDescription", control.title());
        message(json, "fullDescription", control.rationale());
        message(json, "help", help(control));
        json.writeObjectPropertyStart("defaultConfiguration");
        json.writeStringProperty("level", level(control.severity()));
        json.writeNumberProperty("rank", score(control.severity()) * 10);
        json.writeEndObject();
        json.writeObjectPropertyStart("properties");
        json.writeStringProperty("security-severity", String.valueOf(score(control.severity())));
        json.writeStringProperty("precision", "very-high");
        json.writeStringProperty("fix-reach", constantText(control.fix().reach()));
        json.writeArrayPropertyStart("references");
        new LinkedHashSet<>(control.references()).forEach(json::writeString);
        json.writeEndArray();
        json.writeArrayPropertyStart("tags");
        tags(control).forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static Set<String> tags(Control control) {
        Set<String> tags = new LinkedHashSet<>();
        tags.add("security");
        tags.add("hypervisor");
        tags.add(constantText(control.severity()));
        for (Threat threat : control.threats()) {
            tags.add(constantText(threat));
        }
        control.stride().forEach(s -> tags.add("stride/" + constantText(s)));
        return tags;
    }

    private static String help(Control control) {
        StringBuilder out = new StringBuilder(control.fix().summary());
        for (Fix.Change change : control.fix().changes()) {
            out.append("\n").append(FixText.line(change));
        }
        if (!control.fix().cost().isBlank()) {
            out.append("\nCost: ").append(control.fix().cost());
        }
        return out.toString();
    }

    /** The scale on which code scanners sort findings; from 9 critical, from 7 high, from 4 medium. */
    private static double score(Severity severity) {
        return switch (severity) {
            case CRITICAL -> 9.5;
            case HIGH -> 8.0;
            case MEDIUM -> 5.5;
            case LOW -> 2.5;
        };
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW -> "note";
        };
    }

    private static void automation(JsonGenerator json, AuditReport report) {
        String series = "ringfence/" + report.profile() + "/" + report.host();
        json.writeObjectPropertyStart("automationDetails");
        json.writeStringProperty("id", series + "/" + report.observedAt());
        json.writeStringProperty(
                "guid",
                NamedUuid.of("run", series, report.observedAt().toString()).toString());
        json.writeStringProperty(
                "correlationGuid", NamedUuid.of("series", series).toString());
        json.writeEndObject();
    }

    private static void invocation(JsonGenerator json, AuditReport report) {
        json.writeArrayPropertyStart("invocations");
        json.writeStartObject();
        json.writeBooleanProperty("executionSuccessful", true);
        json.writeStringProperty("startTimeUtc", CalendarDates.text(report.observedAt()));
        json.writeStringProperty("machine", report.host());
        json.writeArrayPropertyStart("toolConfigurationNotifications");
        new TreeMap<>(report.left()).forEach((id, reason) -> {
            json.writeStartObject();
            message(json, "message", "Control " + id + " is left out by the profile: " + reason);
            json.writeStringProperty("level", "note");
            json.writeEndObject();
        });
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void results(JsonGenerator json, AuditReport report, int index, boolean complete) {
        ControlResult result = report.results().get(index);
        List<ControlResult.SubjectResult> problems =
                result.subjects().stream().filter(s -> isProblem(s.verdict())).toList();
        if (isProblem(result.verdict()) && !problems.isEmpty()) {
            problems.forEach(s -> result(json, report, index, Optional.of(s.subject()), s.verdict(), s.evidence()));
        } else if (complete || isProblem(result.verdict())) {
            result(json, report, index, Optional.empty(), result.verdict(), result.evidence());
        }
    }

    private static boolean isProblem(Verdict verdict) {
        return switch (verdict) {
            case FAIL, WAIVED, NOT_COVERED -> true;
            case PASS, NOT_APPLICABLE -> false;
        };
    }

    private static void result(
            JsonGenerator json,
            AuditReport report,
            int index,
            Optional<String> subject,
            Verdict verdict,
            String evidence) {
        ControlResult result = report.results().get(index);
        Control control = result.control();
        String kind = kind(verdict);
        json.writeStartObject();
        json.writeStringProperty("ruleId", control.id());
        json.writeNumberProperty("ruleIndex", index);
        json.writeStringProperty("kind", kind);
        json.writeStringProperty("level", kind.equals("fail") ? level(control.severity()) : "none");
        String said = evidence.isBlank() ? control.title() : evidence;
        message(json, "message", subject.map(s -> s + ": " + said).orElse(said));
        SarifPlaces.locations(json, report.host(), result, subject);
        json.writeObjectPropertyStart("partialFingerprints");
        json.writeStringProperty(
                FINGERPRINT,
                NamedUuid.of("finding", report.host(), control.id(), subject.orElse(""))
                        .toString());
        json.writeEndObject();
        if (verdict == Verdict.WAIVED) {
            suppression(json, WaivedSubjects.waiver(result, subject.orElse("")));
        }
        json.writeObjectPropertyStart("properties");
        json.writeStringProperty("verdict", constantText(verdict));
        json.writeStringProperty("severity", constantText(control.severity()));
        if (subject.isPresent()) {
            json.writeStringProperty("subject", subject.get());
        }
        if (result.waiver().filter(ControlResult.AppliedWaiver::expired).isPresent()) {
            json.writeStringProperty(
                    "expiredWaiver",
                    WaivedSubjects.sentence(result.waiver().get().waiver()));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String kind(Verdict verdict) {
        return switch (verdict) {
            case FAIL, WAIVED -> "fail";
            case NOT_COVERED -> "open";
            case NOT_APPLICABLE -> "notApplicable";
            case PASS -> "pass";
        };
    }

    private static void suppression(JsonGenerator json, Optional<Waiver> waiver) {
        json.writeArrayPropertyStart("suppressions");
        json.writeStartObject();
        json.writeStringProperty("kind", "external");
        json.writeStringProperty("status", "accepted");
        json.writeStringProperty(
                "justification", waiver.map(WaivedSubjects::sentence).orElse("covered by a valid waiver"));
        if (waiver.isPresent()) {
            json.writeObjectPropertyStart("properties");
            json.writeStringProperty("owner", waiver.get().owner());
            json.writeStringProperty("expires", waiver.get().expires().toString());
            json.writeStringProperty("ticket", waiver.get().ticket());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndArray();
    }

    /** A message that holds no placeholder and no link (SARIF 2.1.0, 3.11.5 and 3.11.6), whatever the text is. */
    static void message(JsonGenerator json, String name, String text) {
        String plain = text.replace("{", "{{").replace("}", "}}").replace("](", "] (");
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("text", plain.isBlank() ? "(no text)" : plain);
        json.writeEndObject();
    }
}
