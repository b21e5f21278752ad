package dev.ringfence.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import dev.ringfence.core.watch.ControlState;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlStateLinesTest {
    private static final List<ControlState> STATES = List.of(
            new ControlState(
                    "A-1",
                    Verdict.FAIL,
                    "a\tb\\c\nd",
                    List.of(new Source("/etc/a", "read"), new Source("/etc/\t", "stat"))),
            new ControlState("B-1", Verdict.NOT_COVERED, "", List.of()));

    @Test
    void readsWhatItPrinted() throws IOException {
        assertThat(ControlStateLines.parse(ControlStateLines.print(STATES))).isEqualTo(STATES);
        assertThat(ControlStateLines.parse(ControlStateLines.print(List.of()))).isEmpty();
    }

    @Test
    void everyTruncationIsAFailure() {
        String text = ControlStateLines.print(STATES);
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThatThrownBy(() -> ControlStateLines.parse(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anUnknownVerdictIsAFailure() {
        assertThatThrownBy(() -> ControlStateLines.parse("A-1\tMAYBE\tx\nend\n"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ControlStateLines.parse("A-1\tPASS\tx\t/etc/a\nend\n"))
                .isInstanceOf(IOException.class);
    }
}
