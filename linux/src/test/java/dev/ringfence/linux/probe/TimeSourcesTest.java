package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeSourcesTest {
    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @Test
    void readsChronyWithEverythingItIncludes() {
        tree.file("/etc/chrony/chrony.conf", """
                        # pool commented.example
                        ! server neither.example
                        Server a.example iburst nts
                        pool b.example iburst maxsources 4
                        peer c.example key 7
                        refclock PHC /dev/ptp0 poll 3
                        confdir /etc/chrony/conf.d
                        sourcedir /run/chrony-dhcp
                        sourcedir /etc/chrony/sources.d
                        include /etc/chrony/more*.inc
                        keyfile /etc/chrony/chrony.keys
                        """)
                .file("/etc/chrony/conf.d/x.conf", "server d.example\n")
                .file("/etc/chrony/conf.d/x.bak", "server not.example\n")
                .file("/etc/chrony/sources.d/y.sources", "server e.example nts\n")
                .file("/etc/chrony/more1.inc", "server f.example\n");
        Services.TimeSync time = value(observe(running("chronyd")));
        assertThat(time.daemon()).isEqualTo("chrony");
        assertThat(value(time.running())).isTrue();
        assertThat(time.sources())
                .containsExactly(
                        "a.example", "b.example", "c.example", "refclock PHC", "d.example", "e.example", "f.example");
        assertThat(time.authenticated()).isEqualTo(3);
    }

    @Test
    void readsNtpWithoutTheHostsOwnClock() {
        tree.file("/etc/ntpsec/ntp.conf", """
                        server 127.127.1.0 # own
                        server 127.127.20.0
                        pool 0.example iburst
                        server -4 s.example nts
                        peer p.example key 3
                        includefile /etc/ntpsec/x
                        """).file("/etc/ntpsec/x", "server i.example autokey\n");
        Services.TimeSync time = value(observe(running()));
        assertThat(time.daemon()).isEqualTo("ntp");
        assertThat(value(time.running())).isFalse();
        assertThat(time.sources()).containsExactly("127.127.20.0", "0.example", "s.example", "p.example", "i.example");
        assertThat(time.authenticated()).isEqualTo(3);
    }

    @Test
    void readsTimesyncdAndItsServersOfLastResort() {
        tree.file("/etc/systemd/timesyncd.conf", "[Time]\n#NTP=\n#FallbackNTP=0.d.example 1.d.example\n");
        assertThat(value(observe(running("systemd-timesyn"))).sources()).containsExactly("0.d.example", "1.d.example");
        tree.file("/etc/systemd/timesyncd.conf.d/1.conf", "[Time]\nFallbackNTP=f.example\n");
        assertThat(value(observe(running())).sources()).containsExactly("f.example");
        tree.file("/etc/systemd/timesyncd.conf.d/2.conf", "[Time]\nNTP=a.example b.example\nNTP=c.example\n");
        assertThat(value(observe(running())).sources()).containsExactly("a.example", "b.example", "c.example");
        assertThat(value(observe(running())).authenticated()).isZero();
    }

    @Test
    void theDaemonThatRunsCounts() {
        tree.file("/etc/chrony/chrony.conf", "server a.example\n").file("/etc/ntp.conf", "server b.example\n");
        assertThat(value(observe(running())).daemon()).isEqualTo("chrony");
        assertThat(value(observe(running("ntpd"))).daemon()).isEqualTo("ntp");
    }

    @Test
    void runningDaemonWithoutConfigurationIsNotJudged() {
        assertThat(reason(observe(running("chronyd")))).contains("chronyd runs");
    }

    @Test
    void whetherItRunsIsUnknownWithoutProcesses() {
        tree.file("/etc/chrony.conf", "server a.example\n");
        Services.TimeSync time = value(observe(Fact.notObserved("/proc", "list", "hidden")));
        assertThat(reason(time.running())).isEqualTo("hidden");
        assertThat(time.sources()).containsExactly("a.example");
    }

    @Test
    void includeThatCannotBeReadHidesAll() {
        tree.file("/etc/chrony.conf", "server a.example\ninclude /etc/chrony.more\n")
                .fifo("/etc/chrony.more");
        assertThat(reason(observe(running()))).contains("chrony.more").contains("fifo");
    }

    @Test
    void includeOfItselfIsCutOff() {
        tree.file("/etc/chrony.conf", "include /etc/chrony.conf\n");
        assertThat(reason(observe(running()))).contains("included files");
    }

    private static Fact<List<Services.Process>> running(String... names) {
        return Fact.of(
                java.util.Arrays.stream(names)
                        .map(n -> new Services.Process(9, n, 0, ""))
                        .toList(),
                "/proc",
                "read");
    }

    private Fact<Services.TimeSync> observe(Fact<List<Services.Process>> processes) {
        return TimeSources.observe(tree.files(), processes);
    }
}
