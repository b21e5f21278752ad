package dev.ringfence.wire.report;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Identifiers of one OSCAL document. Hosts, subjects and the program keep theirs from audit to audit; what an audit says
 * has identifiers of that audit.
 */
final class OscalIds {
    private final String host;
    private final String toolVersion;
    private final String audit;

    OscalIds(AuditReport report, String toolVersion) {
        this.host = report.host();
        this.toolVersion = toolVersion;
        List<String> said = new ArrayList<>(List.of(
                "audit", host, report.observer(), report.observedAt().toString(), report.profile(), toolVersion));
        for (ControlResult result : report.results()) {
            said.add(result.control().id());
            said.add(result.verdict().name());
            said.add(result.evidence());
        }
        this.audit = NamedUuid.of(said.toArray(String[]::new)).toString();
    }

    String document() {
        return audit;
    }

    String result() {
        return NamedUuid.of("result", audit).toString();
    }

    String plan() {
        return NamedUuid.of("plan", audit).toString();
    }

    String tool() {
        return NamedUuid.of("tool", toolVersion).toString();
    }

    String platform() {
        return NamedUuid.of("platform", audit).toString();
    }

    String host() {
        return NamedUuid.of("host", host).toString();
    }

    String subject(ControlResult result, String subject) {
        return NamedUuid.of("subject", host, kind(result), subject).toString();
    }

    /** What a control judges one by one: its own word for it, such as {@code guest}. */
    static String kind(ControlResult result) {
        return result.control().as().isBlank() ? "resource" : result.control().as();
    }

    String observation(Control control) {
        return NamedUuid.of("observation", audit, control.id()).toString();
    }

    String observation(Control control, int subjectIndex) {
        return NamedUuid.of("observation", audit, control.id(), String.valueOf(subjectIndex))
                .toString();
    }

    /** Of a part of what the audit says on one control: its risk, its finding, a log entry. */
    String part(String part, Control control) {
        return NamedUuid.of(part, audit, control.id()).toString();
    }
}
