package dev.ringfence.wire.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamedUuidTest {
    @Test
    void isOfVersionFiveAndFollowsFromItsNames() {
        assertThat(NamedUuid.of("a", "b").version()).isEqualTo(5);
        assertThat(NamedUuid.of("a", "b").variant()).isEqualTo(2);
        assertThat(NamedUuid.of("a", "b")).isEqualTo(NamedUuid.of("a", "b"));
    }

    @Test
    void tellsApartWhereNamesEnd() {
        assertThat(NamedUuid.of("a", "b"))
                .isNotEqualTo(NamedUuid.of("ab"))
                .isNotEqualTo(NamedUuid.of("", "ab"))
                .isNotEqualTo(NamedUuid.of("b", "a"));
    }
}
