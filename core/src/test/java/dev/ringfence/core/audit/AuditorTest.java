package dev.ringfence.core.audit;

import static dev.ringfence.core.audit.Written.NOW;
import static dev.ringfence.core.audit.Written.judge;
import static dev.ringfence.core.audit.Written.ksm;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AuditorTest {
    private static final String KSM = """
            rule: memory.ksm.run == 0
            evidence: run ${memory.ksm.run}
            """;
    private static final String EACH = """
            each: network.listeners
            as: l
            subject: string(l.port)
            rule: l.exposure == 'loopback'
            evidence: on ${l.address}
            """;

    private static Map<String, Object> listeners(Map<?, ?>... listeners) {
        return Map.of("network", Map.of("listeners", List.of(listeners)));
    }

    private static Map<String, Object> listener(long port, String address, String exposure) {
        return Map.of("port", port, "address", address, "exposure", exposure);
    }

    private static Waiver waiver(String subject, Instant expires) {
        return new Waiver("TST-001", subject, "*", "ann", "until the move", expires, "");
    }

    @Test
    void passesWhenTheRuleHolds() {
        ControlResult result = judge(KSM, ksm(0));
        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(result.evidence()).isEqualTo("run 0");
    }

    @Test
    void failsWhenTheRuleDoesNotHold() {
        assertThat(judge(KSM, ksm(1)).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void unobservedIsNeverPass() {
        Map<String, Object> denied = Map.of("memory", Map.of("ksm", Map.of("notObserved", "permission denied")));
        ControlResult result = judge(KSM, denied);
        assertThat(result.verdict()).isEqualTo(Verdict.NOT_COVERED);
        assertThat(result.evidence()).contains("permission denied");
    }

    @Test
    void negatedUnobservedIsNeverPass() {
        Map<String, Object> denied = Map.of("memory", Map.of("ksm", Map.of("notObserved", "permission denied")));
        String negated = KSM.replace("memory.ksm.run == 0", "'!(memory.ksm.run == 1)'");
        assertThat(judge(negated, denied).verdict()).isEqualTo(Verdict.NOT_COVERED);
    }

    @Test
    void absentIsNotCoveredUnlessTheRuleAsks() {
        Map<String, Object> none = new HashMap<>();
        none.put("ksm", null);
        assertThat(judge(KSM, Map.of("memory", none)).verdict()).isEqualTo(Verdict.NOT_COVERED);
        assertThat(judge("applies-when: has(memory.ksm)\n" + KSM, Map.of("memory", none))
                        .verdict())
                .isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void whatDecidesByItselfNeedsNotTheRest() {
        Map<String, Object> half =
                Map.of("memory", Map.of("ksm", Map.of("run", 0, "mergeAcrossNodes", Map.of("notObserved", "denied"))));
        String either = "rule: memory.ksm.mergeAcrossNodes == 0 || memory.ksm.run == 0\nevidence: x";
        String both = "rule: memory.ksm.mergeAcrossNodes == 0 && memory.ksm.run == 0\nevidence: x";
        String refuted = "rule: memory.ksm.mergeAcrossNodes == 0 && memory.ksm.run == 1\nevidence: x";
        assertThat(judge(either, half).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judge(both, half).verdict()).isEqualTo(Verdict.NOT_COVERED);
        assertThat(judge(refuted, half).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void remembersWhatTheRuleRead() {
        assertThat(judge(KSM, ksm(0)).sources())
                .singleElement()
                .satisfies(s -> assertThat(s.where()).isEqualTo("sample"));
    }

    @Test
    void judgesEachElementAndNamesTheCulprit() {
        ControlResult result =
                judge(EACH, listeners(listener(22, "127.0.0.1", "loopback"), listener(16509, "0.0.0.0", "any")));
        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.evidence()).isEqualTo("1 of 2: 16509: on 0.0.0.0");
        assertThat(result.subjects())
                .extracting(ControlResult.SubjectResult::verdict)
                .containsExactly(Verdict.PASS, Verdict.FAIL);
    }

    @Test
    void anEmptyListIsNotApplicable() {
        assertThat(judge(EACH, listeners()).verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void anAbsentListIsNotApplicable() {
        Map<String, Object> none = new HashMap<>();
        none.put("listeners", null);
        assertThat(judge(EACH, Map.of("network", none)).verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void aMapHasNoAbsentEntries() {
        Map<String, Object> sysctl = new HashMap<>();
        sysctl.put("a.b", null);
        sysctl.put("c.d", "1");
        sysctl.put("e.f", Map.of("notObserved", "denied"));
        Map<String, Object> facts = Map.of("kernel", Map.of("sysctl", sysctl));
        assertThat(judge("rule: \"'a.b' in kernel.sysctl\"\nevidence: x", facts).verdict())
                .isEqualTo(Verdict.FAIL);
        assertThat(judge("rule: \"'c.d' in kernel.sysctl\"\nevidence: x", facts).verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(judge("rule: \"'e.f' in kernel.sysctl\"\nevidence: x", facts).verdict())
                .isEqualTo(Verdict.NOT_COVERED);
        ControlResult read = judge("rule: \"kernel.sysctl['a.b'] == '1'\"\nevidence: x", facts);
        assertThat(read.verdict()).isEqualTo(Verdict.NOT_COVERED);
        assertThat(read.evidence()).isEqualTo("a.b is not there");
    }

    @Test
    void anUnobservedListIsNotCovered() {
        assertThat(judge(EACH, Map.of()).verdict()).isEqualTo(Verdict.NOT_COVERED);
    }

    @Test
    void aWaiverCoversTheSubjectItNamesAndIsStillEvaluated() {
        ControlResult result = judge(
                EACH,
                listeners(listener(22, "127.0.0.1", "loopback"), listener(16509, "0.0.0.0", "any")),
                waiver("16509", NOW.plus(Duration.ofDays(1))));
        assertThat(result.verdict()).isEqualTo(Verdict.WAIVED);
        assertThat(result.waiver())
                .get()
                .satisfies(w -> assertThat(w.underlying()).isEqualTo(Verdict.FAIL));
    }

    @Test
    void aWaiverForOneSubjectDoesNotCoverAnother() {
        ControlResult result = judge(
                EACH,
                listeners(listener(5900, "0.0.0.0", "any"), listener(16509, "0.0.0.0", "any")),
                waiver("16509", NOW.plus(Duration.ofDays(1))));
        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.evidence()).isEqualTo("1 of 2: 5900: on 0.0.0.0");
    }

    @Test
    void anExpiredWaiverCoversNothingAndIsAFinding() {
        AuditReport report = new Auditor(Written.pack(Written.control("TST-001", KSM)))
                .audit(Written.facts(ksm(1)), Written.EVERYTHING, List.of(waiver("*", NOW)), NOW);
        assertThat(report.results()).extracting(r -> r.control().id()).containsExactly("TST-001", "WVR-001");
        assertThat(report.results()).extracting(ControlResult::verdict).containsOnly(Verdict.FAIL);
        assertThat(report.results().getFirst().waiver())
                .get()
                .satisfies(w -> assertThat(w.expired()).isTrue());
    }

    @Test
    void aWaiverHoldsUntilItsInstant() {
        assertThat(judge(KSM, ksm(1), waiver("*", NOW.plusMillis(1))).verdict()).isEqualTo(Verdict.WAIVED);
        assertThat(judge(KSM, ksm(1), waiver("*", NOW)).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aPassingControlIgnoresItsWaiver() {
        assertThat(judge(KSM, ksm(0), waiver("*", NOW.plusMillis(1))).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aControlThatNeverEndsIsNotCoveredAndTheNextIsJudged() {
        String endless = """
                rule: >
                  [1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c,
                  [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f,
                  a + b + c + d + e + f > 0))))))
                evidence: never
                """;
        AuditReport report = new Auditor(
                        Written.pack(Written.control("TST-001", endless), Written.control("TST-002", KSM)))
                .audit(Written.facts(ksm(0)), Written.EVERYTHING, List.of(), NOW);
        assertThat(report.results())
                .extracting(ControlResult::verdict)
                .containsExactly(Verdict.NOT_COVERED, Verdict.PASS);
        assertThat(report.results().getFirst().evidence()).startsWith("control error");
    }

    @Test
    void aRuleThatFailsToEvaluateIsNotCovered() {
        ControlResult result = judge("rule: 1 / memory.ksm.run == 1\nevidence: x", ksm(0));
        assertThat(result.verdict()).isEqualTo(Verdict.NOT_COVERED);
        assertThat(result.evidence()).startsWith("control error");
    }

    @Test
    void aPatternThatIsNoneIsNotCovered() {
        Map<String, Object> facts = Map.of("host", Map.of("name", "("));
        assertThat(judge("rule: \"'x'.matches(host.name)\"\nevidence: x", facts).verdict())
                .isEqualTo(Verdict.NOT_COVERED);
    }

    @Test
    void aPatternThatWouldExplodeIsLinear() {
        Map<String, Object> facts = Map.of("host", Map.of("name", "x".repeat(50_000)));
        assertThat(judge("rule: host.name.matches('^(x+x+)+y$')\nevidence: x", facts)
                        .verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void hostileTextStaysOnOneLine() {
        ControlResult result = judge(EACH, listeners(listener(1, "a\u001b[31m\nb\u202e", "any")));
        assertThat(result.evidence()).doesNotContain("\u001b", "\n", "\u202e");
    }

    @Test
    void nothingApplicableIsNoAudit() {
        AuditReport report = new Auditor(Written.pack(Written.control("TST-001", KSM)))
                .audit(Written.facts(Map.of()), Written.EVERYTHING, List.of(), NOW);
        assertThat(report.judgedAnything()).isFalse();
    }

    @Test
    void theProfileChoosesRemovesAndReweighs() {
        String strict = Written.control("TST-001", "profile: high-assurance\n" + KSM);
        Auditor auditor =
                new Auditor(Written.pack(strict, Written.control("TST-002", KSM), Written.control("TST-003", KSM)));
        Profile profile = new Profile(
                "ours",
                Profile.Level.BASELINE,
                List.of(),
                Map.of("TST-003", "not here"),
                Map.of("TST-002", Severity.LOW),
                Map.of());
        AuditReport report = auditor.audit(Written.facts(ksm(1)), profile, List.of(), NOW);
        assertThat(report.results()).singleElement().satisfies(r -> {
            assertThat(r.control().id()).isEqualTo("TST-002");
            assertThat(r.control().severity()).isEqualTo(Severity.LOW);
        });
        assertThat(report.left()).containsEntry("TST-003", "not here");
    }
}
