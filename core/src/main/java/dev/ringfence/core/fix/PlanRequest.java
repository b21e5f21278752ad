package dev.ringfence.core.fix;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.HostFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What is to be planned.
 *
 * @param facts what was observed of the host
 * @param report what the controls said of these facts
 * @param version of this program
 */
public record PlanRequest(HostFacts facts, AuditReport report, Selection selection, String version) {
    /**
     * Which findings.
     *
     * @param controls ids; empty for every finding
     * @param atLeast severity from which on; for findings that are not named
     * @param reaches how far fixes may reach
     */
    public record Selection(Set<String> controls, Severity atLeast, Set<Fix.Reach> reaches) {
        /** Every finding. */
        public static final Selection ALL = new Selection(Set.of(), Severity.LOW, Set.of(Fix.Reach.values()));

        public Selection {
            controls = Set.copyOf(controls);
            reaches = Set.copyOf(reaches);
        }

        boolean chooses(ControlResult result) {
            boolean named = controls.isEmpty()
                    ? result.control().severity().compareTo(atLeast) >= 0
                    : controls.contains(result.control().id());
            return result.verdict() == Verdict.FAIL
                    && named
                    && reaches.contains(result.control().fix().reach());
        }
    }

    /** The chosen findings, the most severe first, which so win where two want different things. */
    List<ControlResult> findings() {
        return report.results().stream()
                .filter(selection::chooses)
                .sorted(Comparator.comparing((ControlResult r) -> r.control().severity())
                        .reversed()
                        .thenComparing(r -> r.control().id()))
                .toList();
    }
}
