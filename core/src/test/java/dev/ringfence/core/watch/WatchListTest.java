package dev.ringfence.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchListTest {
    private static WatchList of(String where, String how) {
        return WatchList.of(List.of(new ControlState("C-1", Verdict.PASS, "", List.of(new Source(where, how)))));
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/libvirt/qemu.conf,parsed,CONTENT,/etc/libvirt/qemu.conf",
        "/etc/libvirt/qemu.conf,stat,STATUS,/etc/libvirt/qemu.conf",
        "/run/libvirt/libvirt-sock,stat,STATUS,/run/libvirt/libvirt-sock",
        "/proc/sys/kernel/kptr_restrict,read,VALUE,/proc/sys/kernel/kptr_restrict",
        "/sys/module/kvm/parameters/nx_huge_pages,read,VALUE,/sys/module/kvm/parameters/nx_huge_pages",
        "/proc,list,PROCESSES,/proc",
        "/proc/4242/status,parsed,PROCESSES,/proc",
        "/etc/libvirt/qemu/web-1.xml,stat,DEFINITIONS,/etc/libvirt/qemu",
        "/etc/libvirt/qemu and /run/libvirt/qemu,list,DEFINITIONS,/etc/libvirt/qemu"
    })
    void watchesWhatWasRead(String where, String how, Thing.Kind kind, String path) {
        assertThat(of(where, how).things()).containsExactly(new Thing(kind, path));
        assertThat(of(where, how).controls(new Thing(kind, path))).containsExactly("C-1");
    }

    @ParameterizedTest
    @CsvSource({
        "/,stat",
        "/usr/bin,parsed",
        "/var/lib/dpkg/status,parsed",
        "/proc/1/mountinfo,parsed",
        "/proc/net,parsed",
        "/sys,derived",
        "nft -j list ruleset,command",
        "/usr/sbin/nft list /etc,command",
        "/etc/*/rootwrap.conf,parsed",
        "/var/log/libvirt/qemu/web-1.log,stat",
        "derived,read"
    })
    void doesNotWatchNoise(String where, String how) {
        assertThat(of(where, how).things()).isEmpty();
    }

    @Test
    void watchesWhatIsReadTogether() {
        assertThat(of("/etc/ssh/sshd_config", "parsed").things())
                .containsExactly(
                        new Thing(Thing.Kind.CONTENT, "/etc/ssh/sshd_config"),
                        new Thing(Thing.Kind.CONTENT, "/etc/ssh/sshd_config.d"));
        assertThat(of("/sys/kernel/mm/ksm", "read").things())
                .containsExactly(new Thing(Thing.Kind.VALUE, "/sys/kernel/mm/ksm/run"));
        assertThat(of("/etc/rsyslog.conf /etc/systemd/journal-upload.conf", "parsed")
                        .things())
                .hasSize(3);
    }

    @Test
    void namesEveryControlThatReadAThing() {
        Source source = new Source("/etc/shadow", "parsed");
        WatchList list = WatchList.of(List.of(
                new ControlState("B-1", Verdict.PASS, "", List.of(source)),
                new ControlState("A-1", Verdict.FAIL, "", List.of(source, source)),
                new ControlState("C-1", Verdict.PASS, "", List.of())));
        assertThat(list.controls(new Thing(Thing.Kind.CONTENT, "/etc/shadow"))).containsExactly("A-1", "B-1");
        assertThat(list.controls(new Thing(Thing.Kind.CONTENT, "/etc/passwd"))).isEmpty();
    }
}
