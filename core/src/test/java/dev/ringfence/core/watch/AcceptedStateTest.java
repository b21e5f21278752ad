package dev.ringfence.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedStateTest {
    private static final AcceptedState SAMPLE = new AcceptedState(
            Map.of(
                    new Thing(Thing.Kind.CONTENT, "/etc/a\tb\\c\nd"),
                    "sha256:1 0644 root:root; x\ty",
                    new Thing(Thing.Kind.STATUS, "/etc/a"),
                    "",
                    Thing.QEMU,
                    "Uid=0"),
            Map.of("A-1", Verdict.PASS, "B-1", Verdict.NOT_COVERED));

    private static String code(String text) {
        return switch (AcceptedState.parse(text)) {
            case Decoded.Refused<AcceptedState>(var refusal) -> refusal.code();
            case Decoded.Value<AcceptedState> value -> "accepted";
        };
    }

    @Test
    void readsWhatItPrinted() {
        assertThat(AcceptedState.parse(SAMPLE.print())).isEqualTo(new Decoded.Value<>(SAMPLE));
        AcceptedState empty = new AcceptedState(Map.of(), Map.of());
        assertThat(AcceptedState.parse(empty.print())).isEqualTo(new Decoded.Value<>(empty));
    }

    @Test
    void everyTruncationIsRefused() {
        String text = SAMPLE.print();
        for (int length = 0; length < text.length(); length++) {
            assertThat(code(text.substring(0, length))).isIn("RF-WCH-001", "RF-WCH-003");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thing\tCONTENT\t/etc/a",
                "thing\tCONTENT\tetc/a\tx",
                "thing\tOTHER\t/etc/a\tx",
                "verdict\tA-1\tMAYBE",
                "verdict\tA-1",
                "other\tA-1\tPASS",
                "",
                "verdict\tA-1\tPASS\nverdict\tA-1\tFAIL"
            })
    void refusesMalformedLines(String line) {
        assertThat(code("ringfence watch 1\n" + line + "\nend\n")).isEqualTo("RF-WCH-003");
        assertThat(code("ringfence watch 1\nverdict\tA-1\tPASS\nend\n")).isEqualTo("accepted");
    }

    @Test
    void refusesAnotherVersionAndTooMuch() {
        assertThat(code("ringfence watch 2\nend\n")).isEqualTo("RF-WCH-001");
        assertThat(code("x".repeat((16 << 20) + 1))).isEqualTo("RF-WCH-002");
    }

    @Test
    void anyTextIsReadOrRefused() {
        Fuzz.text(List.of(SAMPLE.print()), 2_000, text -> {
            if (AcceptedState.parse(text) instanceof Decoded.Value<AcceptedState>(AcceptedState state)) {
                assertThat(AcceptedState.parse(state.print())).isEqualTo(new Decoded.Value<>(state));
            }
        });
    }
}
