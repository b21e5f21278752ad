package dev.ringfence.core.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two audits of a host, control by control.
 *
 * @param changes worst first, then by id; controls that did not change are left out
 * @param unchanged how many did not change
 */
public record AuditDiff(List<Change> changes, int unchanged, double scoreBefore, double scoreAfter) {
    public AuditDiff {
        changes = List.copyOf(changes);
    }

    /** How a control changed, worst first. */
    public enum Kind {
        /** It fails, and did not. */
        APPEARED,
        /** It failed and fails on more subjects, or a waiver no longer covers it. */
        WORSE,
        /** It was judged and is not covered now. */
        NO_LONGER_OBSERVED,
        /** It fails on fewer subjects, or is waived now. */
        BETTER,
        /** It failed and does not. */
        FIXED,
        /** It was not covered or not there, and is judged now. */
        NEWLY_OBSERVED,
        /** It was judged and is not in the later report. */
        GONE
    }

    /** One control that changed. */
    public record Change(Kind kind, String id, String title, Severity severity, String before, String after) {}

    /** Compares two audits. */
    public static AuditDiff of(List<JudgedControl> before, List<JudgedControl> after) {
        Map<String, JudgedControl> old = byId(before);
        List<Change> changes = new ArrayList<>();
        int unchanged = 0;
        for (JudgedControl now : after) {
            JudgedControl then = old.remove(now.id());
            Kind kind = then == null ? fresh(now) : kind(then, now);
            if (kind == null) {
                unchanged++;
            } else {
                changes.add(new Change(kind, now.id(), now.title(), now.severity(), line(then), line(now)));
            }
        }
        for (JudgedControl gone : old.values()) {
            changes.add(
                    new Change(Kind.GONE, gone.id(), gone.title(), gone.severity(), line(gone), "not in the report"));
        }
        changes.sort(Comparator.comparing(Change::kind)
                .thenComparing(Comparator.comparing(Change::severity).reversed())
                .thenComparing(Change::id));
        return new AuditDiff(changes, unchanged, AttackSurface.score(before), AttackSurface.score(after));
    }

    /** Whether anything is less secure, or less visible, than before. */
    public boolean lessSecure() {
        return changes.stream()
                .anyMatch(c ->
                        c.kind() == Kind.APPEARED || c.kind() == Kind.WORSE || c.kind() == Kind.NO_LONGER_OBSERVED);
    }

    private static Map<String, JudgedControl> byId(List<JudgedControl> controls) {
        Map<String, JudgedControl> out = new LinkedHashMap<>();
        controls.forEach(c -> out.put(c.id(), c));
        return out;
    }

    private static @Nullable Kind fresh(JudgedControl now) {
        return switch (now.verdict()) {
            case FAIL -> Kind.APPEARED;
            case PASS, WAIVED -> Kind.NEWLY_OBSERVED;
            case NOT_APPLICABLE, NOT_COVERED -> null;
        };
    }

    private static @Nullable Kind kind(JudgedControl then, JudgedControl now) {
        boolean observed = then.verdict() != Verdict.NOT_COVERED && then.verdict() != Verdict.NOT_APPLICABLE;
        return switch (now.verdict()) {
            case FAIL ->
                switch (then.verdict()) {
                    case FAIL -> subjects(then, now);
                    case WAIVED -> Kind.WORSE;
                    case PASS, NOT_APPLICABLE, NOT_COVERED -> Kind.APPEARED;
                };
            case WAIVED ->
                switch (then.verdict()) {
                    case FAIL -> Kind.BETTER;
                    case WAIVED -> subjects(then, now);
                    case PASS, NOT_APPLICABLE, NOT_COVERED -> Kind.APPEARED;
                };
            case PASS ->
                switch (then.verdict()) {
                    case FAIL, WAIVED -> Kind.FIXED;
                    case PASS -> null;
                    case NOT_APPLICABLE, NOT_COVERED -> Kind.NEWLY_OBSERVED;
                };
            case NOT_COVERED -> observed ? Kind.NO_LONGER_OBSERVED : null;
            case NOT_APPLICABLE ->
                then.verdict() == Verdict.FAIL || then.verdict() == Verdict.WAIVED ? Kind.FIXED : null;
        };
    }

    private static @Nullable Kind subjects(JudgedControl then, JudgedControl now) {
        if (!then.failingSubjects().containsAll(now.failingSubjects())) {
            return Kind.WORSE;
        }
        return now.failingSubjects().containsAll(then.failingSubjects()) ? null : Kind.BETTER;
    }

    private static String line(@Nullable JudgedControl control) {
        return control == null
                ? "not in the report"
                : control.verdict().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": "
                        + control.evidence();
    }
}
