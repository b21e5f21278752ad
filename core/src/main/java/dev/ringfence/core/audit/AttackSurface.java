package dev.ringfence.core.audit;

import java.util.List;

/**
 * One number for how open a host is, to compare two audits of it: the sum over its controls of the severity's weight, for a
 * failed or waived control in full, for one that is not covered by half. Zero means that everything holds. The weights are
 * 40 for critical, 10 for high, 3 for medium, 1 for low; a waiver accepts a risk and does not remove it. Scores of different
 * profiles or versions are not comparable.
 */
public final class AttackSurface {
    private AttackSurface() {}

    /** The score, in halves of a point at the finest. */
    public static double score(List<JudgedControl> controls) {
        double score = 0;
        for (JudgedControl control : controls) {
            score += weight(control.severity()) * share(control.verdict());
        }
        return score;
    }

    /** The weight of a severity. */
    public static int weight(Severity severity) {
        return switch (severity) {
            case CRITICAL -> 40;
            case HIGH -> 10;
            case MEDIUM -> 3;
            case LOW -> 1;
        };
    }

    private static double share(Verdict verdict) {
        return switch (verdict) {
            case FAIL, WAIVED -> 1;
            case NOT_COVERED -> 0.5;
            case PASS, NOT_APPLICABLE -> 0;
        };
    }
}
