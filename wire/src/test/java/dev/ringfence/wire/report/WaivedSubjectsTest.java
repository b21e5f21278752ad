package dev.ringfence.wire.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.audit.Waiver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaivedSubjectsTest {
    private static boolean names(String pattern, String subject, boolean expired) {
        Waiver waiver = new Waiver("GST-003", pattern, "*", "o", "r", Instant.EPOCH, "");
        return WaivedSubjects.waiver(
                        new ControlResult(
                                SampleReports.control("GST-003", "t", Severity.LOW, "guest"),
                                Verdict.WAIVED,
                                "e",
                                List.of(),
                                List.of(),
                                Optional.of(new ControlResult.AppliedWaiver(waiver, Verdict.FAIL, expired))),
                        subject)
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"*,web-7", "web-7,web-7", "web-*,web-7", "*-7,web-7", "w*-*7,web-7", "*,''", "a*b*c,abc", "**,x"})
    void namesTheOwnerOfASubjectThatTheWaiverCovers(String pattern, String subject) {
        assertThat(names(pattern, subject, false)).isTrue();
        assertThat(names(pattern, subject, true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"web-7,web-70", "web-*,db-1", "*-7,web-8", "a*a,a", "a*b*b,ab", "'',web-7", "ab*ba,aba"})
    void namesNobodyForAnotherSubject(String pattern, String subject) {
        assertThat(names(pattern, subject, false)).isFalse();
    }
}
