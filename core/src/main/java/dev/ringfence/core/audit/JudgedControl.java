package dev.ringfence.core.audit;

import java.util.List;

/**
 * A control's verdict as a stored report holds it.
 *
 * @param failingSubjects subjects that failed, waived ones included; empty when the host was judged as a whole
 */
public record JudgedControl(
        String id, String title, Severity severity, Verdict verdict, String evidence, List<String> failingSubjects) {
    public JudgedControl {
        failingSubjects = List.copyOf(failingSubjects);
    }

    /** The same of a fresh result. */
    public static JudgedControl of(ControlResult result) {
        return new JudgedControl(
                result.control().id(),
                result.control().title(),
                result.control().severity(),
                result.verdict(),
                result.evidence(),
                result.subjects().stream()
                        .filter(s -> s.verdict() == Verdict.FAIL || s.verdict() == Verdict.WAIVED)
                        .map(ControlResult.SubjectResult::subject)
                        .toList());
    }
}
