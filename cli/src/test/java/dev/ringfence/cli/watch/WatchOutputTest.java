package dev.ringfence.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.cli.Terminal;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.watch.Thing;
import dev.ringfence.core.watch.WatchEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WatchOutputTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Thing FILE = new Thing(Thing.Kind.CONTENT, "/etc/libvirt/qemu.conf");
    private static final WatchEvent.Drift DRIFT = new WatchEvent.Drift(
            AT,
            List.of("A-1", "B-1", "C-1", "D-1", "E-1"),
            FILE,
            "0644",
            "0666 \"\\\n\u0001",
            "process 7 (sh) of uid 0");

    private static String printed(WatchEvent event, boolean json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(out, true), false, 80, false);
        new WatchOutput(terminal, json).accept(event);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aDriftIsOneLineWithControlPlaceOldNewAndWho() {
        WatchEvent.Drift plain =
                new WatchEvent.Drift(AT, List.of("A-1"), FILE, "0644", "0666", "process 7 (sh) of uid 0");
        assertThat(printed(plain, false))
                .isEqualTo("2026-01-02T03:04:05Z drift A-1 /etc/libvirt/qemu.conf: 0644 -> 0666,"
                        + " by: process 7 (sh) of uid 0\n");
        assertThat(printed(DRIFT, false)).contains(" drift A-1,B-1,C-1 and 2 more /etc/");
    }

    @Test
    void otherEventsAreOneLineEach() {
        assertThat(printed(new WatchEvent.Restored(AT, List.of("A-1"), Thing.QEMU, "x", "not known"), false))
                .isEqualTo("2026-01-02T03:04:05Z restored A-1 QEMU processes: as accepted, by: not known\n");
        assertThat(printed(new WatchEvent.VerdictChanged(AT, "A-1", Verdict.PASS, Verdict.NOT_COVERED, "why"), false))
                .isEqualTo("2026-01-02T03:04:05Z verdict A-1: pass -> not-covered: why\n");
        assertThat(printed(new WatchEvent.Enforced(AT, "A-1", false, "no"), false))
                .contains(" not enforced A-1: no\n");
        assertThat(printed(new WatchEvent.EnforceStopped(AT, "A-1", 3), false))
                .contains(" alert A-1: put back 3 times within an hour and changed again; left alone");
        assertThat(printed(new WatchEvent.Trouble(AT, "lost"), false)).endsWith(" trouble lost\n");
    }

    @Test
    void everyEventIsOneJsonObjectInOneLine() {
        String line = printed(DRIFT, true);
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode drift = JsonMapper.shared().readTree(line);
        assertThat(drift.get("at").asString()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(drift.get("event").asString()).isEqualTo("drift");
        assertThat(drift.get("controls").size()).isEqualTo(5);
        assertThat(drift.get("kind").asString()).isEqualTo("content");
        assertThat(drift.get("path").asString()).isEqualTo("/etc/libvirt/qemu.conf");
        assertThat(drift.get("before").asString()).isEqualTo("0644");
        assertThat(drift.get("after").asString()).isEqualTo("0666 \"\\\n\u0001");
        assertThat(drift.get("who").asString()).isEqualTo("process 7 (sh) of uid 0");
        for (WatchEvent event : List.of(
                new WatchEvent.Restored(AT, List.of("A-1"), FILE, "x", "not known"),
                new WatchEvent.VerdictChanged(AT, "A-1", Verdict.PASS, Verdict.FAIL, "\ud800 odd"),
                new WatchEvent.Enforced(AT, "A-1", true, "put back"),
                new WatchEvent.EnforceStopped(AT, "A-1", 3),
                new WatchEvent.Trouble(AT, "lost"))) {
            JsonNode read = JsonMapper.shared().readTree(printed(event, true));
            assertThat(read.get("event").asString()).isNotEmpty();
            assertThat(read.get("at").asString()).isNotEmpty();
        }
    }
}
