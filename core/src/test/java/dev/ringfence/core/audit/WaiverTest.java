package dev.ringfence.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WaiverTest {
    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "web-1, web-1, true",
        "web-1, web-11, false",
        "web-*, web-11, true",
        "web-*, db-1, false",
        "*-1, web-1, true",
        "*-1, web-12, false",
        "a*c*e, abcde, true",
        "a*c*e, ace, true",
        "a*c*e, aec, false",
        "aa*aa, aaa, false",
    })
    void patternsMatchWholeNames(String pattern, String name, boolean covered) {
        Waiver waiver = new Waiver("A-001", pattern, "*", "o", "r", Instant.MAX, "");
        assertThat(waiver.covers("A-001", name, "host")).isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource({"B-001, host, false", "A-001, other, false", "A-001, host, true"})
    void controlAndHostMustFit(String control, String host, boolean covered) {
        Waiver waiver = new Waiver("A-001", "*", "host", "o", "r", Instant.MAX, "");
        assertThat(waiver.covers(control, "x", host)).isEqualTo(covered);
    }
}
