package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Refusal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadGeneratorTest {
    @TempDir
    Path temp;

    private LogSettings settings() {
        return LogSettings.of(temp.resolve("log"), temp.resolve("last"), Promises.KEY);
    }

    @Test
    void appendsWhatItWasAskedForAndOrdersItsFigures() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            LoadGenerator.Result result = new LoadGenerator(log, n -> new byte[] {(byte) n, 1}).run(8, 100);
            assertThat(log.checkpoint().checkpoint().size()).isEqualTo(100);
            assertThat(result.appends()).isEqualTo(100);
            assertThat(result.p50Millis()).isPositive().isLessThanOrEqualTo(result.p99Millis());
            assertThat(result.p99Millis()).isLessThanOrEqualTo(result.worstMillis());
            assertThat(result.appendsPerSecond()).isPositive();
        }
    }

    @Test
    void countsNothingThatTheLogRefused() throws Exception {
        Cosigning never = _ -> new Cosigning.NotMet(new Refusal("RF-LDG-299", "no witness answered"));
        try (Log log = Log.create(settings().with(never)).orThrow()) {
            assertThatThrownBy(() -> new LoadGenerator(log, _ -> new byte[1]).run(1, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Unpublished");
        }
    }
}
