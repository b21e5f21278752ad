package dev.ringfence.core.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outcome of one audit.
 *
 * @param host the host's name, or what stands for it when single files are judged
 * @param observer how the facts were taken, such as {@code live as root}
 * @param profile the profile's name
 * @param results one for each chosen control, in the order of their ids
 * @param left controls that the profile leaves out by name, with the reason
 */
public record AuditReport(
        String host,
        String observer,
        Instant observedAt,
        String profile,
        List<ControlResult> results,
        Map<String, String> left) {
    public AuditReport {
        results = List.copyOf(results);
        left = Map.copyOf(left);
    }

    /** How many results have the verdict. */
    public long count(Verdict verdict) {
        return results.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** Whether any control judged anything; an audit in which none did is an error, not a success. */
    public boolean judgedAnything() {
        return count(Verdict.PASS) + count(Verdict.FAIL) + count(Verdict.WAIVED) > 0;
    }

    /** The worst severity among failed controls. */
    public Optional<Severity> worstFailure() {
        return results.stream()
                .filter(r -> r.verdict() == Verdict.FAIL)
                .map(r -> r.control().severity())
                .max(Severity::compareTo);
    }
}
