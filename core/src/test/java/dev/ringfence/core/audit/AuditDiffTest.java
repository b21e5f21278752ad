package dev.ringfence.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuditDiffTest {
    private static JudgedControl control(Verdict verdict, String... failing) {
        return new JudgedControl("T-001", "t", Severity.HIGH, verdict, "e", List.of(failing));
    }

    @ParameterizedTest
    @CsvSource({
        "PASS, FAIL, APPEARED",
        "NOT_APPLICABLE, FAIL, APPEARED",
        "NOT_COVERED, FAIL, APPEARED",
        "WAIVED, FAIL, WORSE",
        "FAIL, WAIVED, BETTER",
        "FAIL, PASS, FIXED",
        "FAIL, NOT_APPLICABLE, FIXED",
        "PASS, NOT_COVERED, NO_LONGER_OBSERVED",
        "FAIL, NOT_COVERED, NO_LONGER_OBSERVED",
        "NOT_COVERED, PASS, NEWLY_OBSERVED",
    })
    void namesTheChange(Verdict before, Verdict after, AuditDiff.Kind kind) {
        assertThat(AuditDiff.of(List.of(control(before)), List.of(control(after)))
                        .changes())
                .singleElement()
                .satisfies(c -> assertThat(c.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({
        "PASS, PASS",
        "FAIL, FAIL",
        "NOT_COVERED, NOT_COVERED",
        "NOT_COVERED, NOT_APPLICABLE",
        "PASS, NOT_APPLICABLE"
    })
    void leavesOutWhatDidNotChange(Verdict before, Verdict after) {
        AuditDiff diff = AuditDiff.of(List.of(control(before)), List.of(control(after)));
        assertThat(diff.changes()).isEmpty();
        assertThat(diff.unchanged()).isEqualTo(1);
    }

    @Test
    void anotherFailingSubjectIsWorseOneLessIsBetter() {
        AuditDiff worse = AuditDiff.of(List.of(control(Verdict.FAIL, "a")), List.of(control(Verdict.FAIL, "b")));
        AuditDiff better = AuditDiff.of(List.of(control(Verdict.FAIL, "a", "b")), List.of(control(Verdict.FAIL, "b")));
        assertThat(worse.changes()).extracting(AuditDiff.Change::kind).containsExactly(AuditDiff.Kind.WORSE);
        assertThat(worse.lessSecure()).isTrue();
        assertThat(better.changes()).extracting(AuditDiff.Change::kind).containsExactly(AuditDiff.Kind.BETTER);
        assertThat(better.lessSecure()).isFalse();
    }

    @Test
    void aControlThatWasDroppedIsShown() {
        assertThat(AuditDiff.of(List.of(control(Verdict.PASS)), List.of()).changes())
                .extracting(AuditDiff.Change::kind)
                .containsExactly(AuditDiff.Kind.GONE);
    }

    @ParameterizedTest
    @CsvSource({
        "CRITICAL, FAIL, 40",
        "HIGH, FAIL, 10",
        "MEDIUM, FAIL, 3",
        "LOW, FAIL, 1",
        "HIGH, WAIVED, 10",
        "HIGH, NOT_COVERED, 5",
        "HIGH, PASS, 0",
        "HIGH, NOT_APPLICABLE, 0",
    })
    void scoreFollowsTheFormula(Severity severity, Verdict verdict, double score) {
        JudgedControl control = new JudgedControl("T-001", "t", severity, verdict, "e", List.of());
        assertThat(AttackSurface.score(List.of(control, control))).isEqualTo(2 * score);
    }
}
