package dev.ringfence.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import dev.ringfence.core.watch.DriftLog.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Thing FILE = new Thing(Thing.Kind.CONTENT, "/etc/d/a.conf");
    private static final Thing STATUS = new Thing(Thing.Kind.STATUS, "/etc/d/a.conf");
    private static final Thing DIRECTORY = new Thing(Thing.Kind.CONTENT, "/etc/d");
    private static final WatchList LIST = WatchList.of(List.of(
            new ControlState("F-1", Verdict.PASS, "", List.of(new Source("/etc/d/a.conf", "parsed"))),
            new ControlState("S-1", Verdict.PASS, "", List.of(new Source("/etc/d/a.conf", "stat"))),
            new ControlState("D-1", Verdict.PASS, "", List.of(new Source("/etc/d", "list")))));

    @Test
    void oneFileIsToldOnceForAllWhoLookAtIt() {
        List<Change> changes = List.of(
                new Change(DIRECTORY, "a.conf 1 0644", "a.conf 2 0600", false),
                new Change(STATUS, "0644", "0600", false),
                new Change(FILE, "1 0644", "2 0600", false));
        assertThat(Report.of(changes, LIST))
                .containsExactly(new Report(FILE, List.of("D-1", "F-1", "S-1"), "1 0644", "2 0600", false));
        assertThat(Report.of(changes.reversed(), LIST)).isEqualTo(Report.of(changes, LIST));
    }

    @Test
    void whatIsNotToldElsewhereIsTold() {
        assertThat(Report.of(List.of(new Change(STATUS, "0644", "0600", false)), LIST))
                .containsExactly(new Report(STATUS, List.of("S-1"), "0644", "0600", false));
        List<Change> both = List.of(
                new Change(DIRECTORY, "a.conf 1", "a.conf 2; evil.conf 3", false), new Change(FILE, "1", "2", false));
        assertThat(Report.of(both, LIST))
                .containsExactly(
                        new Report(DIRECTORY, List.of("D-1"), "nothing of the kind", "evil.conf 3", false),
                        new Report(FILE, List.of("D-1", "F-1"), "1", "2", false));
    }

    @Test
    void aDriftIsNotHiddenByARestoration() {
        List<Change> changes = List.of(new Change(STATUS, "0644", "0600", false), new Change(FILE, "1", "1", true));
        assertThat(Report.of(changes, LIST)).hasSize(2);
    }

    @Test
    void guestsAreNotTold() {
        assertThat(Report.of(List.of(new Change(Thing.GUESTS, "a", "b", false)), LIST))
                .isEmpty();
    }
}
