package dev.ringfence.core.audit;

import dev.ringfence.core.host.Source;
import java.util.List;
import java.util.Optional;

/**
 * What one control says of a host.
 *
 * @param evidence one line: what was seen, or why nothing could be
 * @param subjects one for each judged element, empty when the host is judged as a whole
 * @param sources what the evaluation read, in order
 * @param waiver the waiver that covers the failure, or that would if it had not expired
 */
public record ControlResult(
        Control control,
        Verdict verdict,
        String evidence,
        List<SubjectResult> subjects,
        List<Source> sources,
        Optional<AppliedWaiver> waiver) {
    public ControlResult {
        subjects = List.copyOf(subjects);
        sources = List.copyOf(sources);
    }

    /** What the control says of one element. */
    public record SubjectResult(String subject, Verdict verdict, String evidence) {}

    /**
     * A waiver that names the control.
     *
     * @param underlying what the verdict would be without it
     * @param expired whether it no longer covers the failure
     */
    public record AppliedWaiver(Waiver waiver, Verdict underlying, boolean expired) {}
}
