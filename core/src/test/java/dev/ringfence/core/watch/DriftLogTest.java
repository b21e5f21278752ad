package dev.ringfence.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.watch.DriftLog.Change;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftLogTest {
    private static final Thing FILE = new Thing(Thing.Kind.CONTENT, "/etc/file");

    @Test
    void whatWasNeverSeenIsAccepted() {
        DriftLog log = new DriftLog(Map.of());
        assertThat(log.look(FILE, "a")).isEmpty();
        assertThat(log.accepted()).containsEntry(FILE, "a");
    }

    @Test
    void aChangeIsToldOnceAndItsEndOnce() {
        DriftLog log = new DriftLog(Map.of(FILE, "a"));
        assertThat(log.look(FILE, "a")).isEmpty();
        assertThat(log.look(FILE, "b")).contains(new Change(FILE, "a", "b", false));
        assertThat(log.look(FILE, "b")).isEmpty();
        assertThat(log.drifted()).containsExactly(FILE);
        assertThat(log.look(FILE, "c")).contains(new Change(FILE, "a", "c", false));
        assertThat(log.look(FILE, "a")).contains(new Change(FILE, "a", "a", true));
        assertThat(log.look(FILE, "a")).isEmpty();
        assertThat(log.drifted()).isEmpty();
        assertThat(log.accepted()).isEqualTo(Map.of(FILE, "a"));
    }

    @Test
    void whatIsAcceptedIsNoDriftAnyMore() {
        DriftLog log = new DriftLog(Map.of(FILE, "a"));
        log.look(FILE, "b");
        log.accept(FILE, "b");
        assertThat(log.look(FILE, "b")).isEmpty();
        assertThat(log.look(FILE, "a")).contains(new Change(FILE, "b", "a", false));
    }

    @Test
    void onlyThePartsThatDifferAreTold() {
        DriftLog log = new DriftLog(Map.of(FILE, "directory 0755; a 1; b 2"));
        assertThat(log.look(FILE, "directory 0755; a 1; b 3; c 4"))
                .contains(new Change(FILE, "b 2", "b 3; c 4", false));
        assertThat(log.look(FILE, "directory 0755; a 1"))
                .contains(new Change(FILE, "b 2", "nothing of the kind", false));
    }

    @Test
    void oneProcessLessIsNoDriftOneUnlikeTheOthersIs() {
        DriftLog log = new DriftLog(Map.of(Thing.QEMU, "Uid=1; Uid=2"));
        assertThat(log.look(Thing.QEMU, "Uid=2")).isEmpty();
        assertThat(log.look(Thing.QEMU, "")).isEmpty();
        assertThat(log.look(Thing.QEMU, "Uid=0; Uid=2")).contains(new Change(Thing.QEMU, "Uid=1", "Uid=0", false));
        assertThat(log.look(FILE, "a; b")).isEmpty();
        assertThat(log.look(FILE, "a")).isPresent();
    }

    @Test
    void whatIsKeptIsNotWhatIsThere() {
        DriftLog log = new DriftLog(Map.of(FILE, "a"));
        log.look(FILE, "b");
        assertThat(log.accepted()).isEqualTo(Map.of(FILE, "a"));
    }
}
