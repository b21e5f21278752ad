package dev.ringfence.wire.report;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report file says of one audit: as much as it takes to compare two audits. The controls themselves (rules, fixes)
 * are not read back.
 *
 * @param version of the program that wrote it
 * @param controls in the order of the file
 * @param leftOut reason by control id
 */
public record AuditDocument(
        String version,
        String host,
        String observer,
        Instant observedAt,
        String profile,
        List<Entry> controls,
        Map<String, String> leftOut) {
    public AuditDocument {
        controls = List.copyOf(controls);
        leftOut = Map.copyOf(leftOut);
    }

    /** What one control says. */
    public record Entry(
            String id,
            String title,
            Severity severity,
            Verdict verdict,
            String evidence,
            List<ControlResult.SubjectResult> subjects,
            Optional<WaiverNote> waiver) {
        public Entry {
            subjects = List.copyOf(subjects);
        }
    }

    /**
     * The waiver that a control shows.
     *
     * @param subject the pattern of subjects that it covers
     * @param underlying the verdict without it
     */
    public record WaiverNote(
            String owner,
            String reason,
            Instant expires,
            String ticket,
            String subject,
            Verdict underlying,
            boolean expired) {}

    /** The same of a report at hand, so that it can be compared with a file. */
    public static AuditDocument of(AuditReport report, String toolVersion) {
        return new AuditDocument(
                toolVersion,
                report.host(),
                report.observer(),
                report.observedAt(),
                report.profile(),
                report.results().stream().map(AuditDocument::entry).toList(),
                report.left());
    }

    private static Entry entry(ControlResult result) {
        return new Entry(
                result.control().id(),
                result.control().title(),
                result.control().severity(),
                result.verdict(),
                result.evidence(),
                result.subjects(),
                result.waiver()
                        .map(w -> new WaiverNote(
                                w.waiver().owner(),
                                w.waiver().reason(),
                                w.waiver().expires(),
                                w.waiver().ticket(),
                                w.waiver().subject(),
                                w.underlying(),
                                w.expired())));
    }
}
