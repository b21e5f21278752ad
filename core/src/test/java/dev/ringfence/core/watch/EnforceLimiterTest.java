package dev.ringfence.core.watch;

import static dev.ringfence.core.watch.EnforceLimiter.Decision.ENFORCE;
import static dev.ringfence.core.watch.EnforceLimiter.Decision.STOP;
import static dev.ringfence.core.watch.EnforceLimiter.Decision.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EnforceLimiterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant minute(int minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void stopsAtTheLimitWithinAnHourAndSaysSoOnce() {
        EnforceLimiter limiter = new EnforceLimiter(3);
        assertThat(limiter.decide("A", minute(0))).isEqualTo(ENFORCE);
        assertThat(limiter.decide("A", minute(20))).isEqualTo(ENFORCE);
        assertThat(limiter.decide("A", minute(40))).isEqualTo(ENFORCE);
        assertThat(limiter.decide("A", minute(59))).isEqualTo(STOP);
        assertThat(limiter.decide("A", minute(60))).isEqualTo(STOPPED);
        assertThat(limiter.decide("A", minute(600))).isEqualTo(STOPPED);
    }

    @Test
    void goesOnWhenTheyAreFarEnoughApart() {
        EnforceLimiter limiter = new EnforceLimiter(2);
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.decide("A", minute(30 * i))).isEqualTo(ENFORCE);
        }
        assertThat(limiter.decide("A", minute(30 * 99 + 29))).isEqualTo(STOP);
    }

    @Test
    void controlsDoNotCountForEachOther() {
        EnforceLimiter limiter = new EnforceLimiter(1);
        assertThat(limiter.decide("A", minute(0))).isEqualTo(ENFORCE);
        assertThat(limiter.decide("A", minute(1))).isEqualTo(STOP);
        assertThat(limiter.decide("B", minute(1))).isEqualTo(ENFORCE);
    }

    @Test
    void aClockSetBackGivesNoMoreTries() {
        EnforceLimiter limiter = new EnforceLimiter(2);
        assertThat(limiter.decide("A", minute(120))).isEqualTo(ENFORCE);
        assertThat(limiter.decide("A", minute(0))).isEqualTo(ENFORCE);
        assertThat(limiter.decide("A", minute(-600))).isEqualTo(STOP);
    }

    @Test
    void whoLookedMayLetItGoOn() {
        EnforceLimiter limiter = new EnforceLimiter(1);
        limiter.decide("A", minute(0));
        limiter.decide("A", minute(1));
        limiter.release("A");
        assertThat(limiter.decide("A", minute(2))).isEqualTo(ENFORCE);
    }

    @Test
    void aLimitThatIsNoneIsOurMistake() {
        assertThatThrownBy(() -> new EnforceLimiter(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EnforceLimiter(61)).isInstanceOf(IllegalArgumentException.class);
    }
}
