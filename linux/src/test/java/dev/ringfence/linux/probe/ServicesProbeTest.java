package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Services;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesProbeTest {
    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @Test
    void readsProcessesButKernelThreads() {
        process(1, "systemd", 0, "VmSize:\t100 kB\n").link("/proc/1/exe", "/usr/lib/systemd/systemd-of-host");
        process(2, "kthreadd", 0, "");
        process(30, "new kthread", 0, "Kthread:\t1\n");
        process(700, "qemu-system-x86", 64055, "Kthread:\t0\nVmSize:\t100 kB\n")
                .link("/proc/700/exe", "/usr/bin/qemu-system-x86_64 (deleted)");
        tree.file("/proc/701/status", "Name:\tzombie\nState:\tZ (zombie)\nUid:\t33\t33\t33\t33\n");
        tree.directory("/proc/702");
        assertThat(value(observe().processes()))
                .containsExactly(
                        new Services.Process(1, "systemd", 0, "/usr/lib/systemd/systemd-of-host"),
                        new Services.Process(700, "qemu-system-x86", 64055, "/usr/bin/qemu-system-x86_64"),
                        new Services.Process(701, "zombie", 33, ""));
    }

    @Test
    void nameOfAProcessCannotForgeItsOwner() {
        tree.file("/proc/5/status", "Name:\tUid:\\n0\nUmask:\t0022\nState:\tS\nUid:\t1000\t0\t0\t0\nVmSize:\t1 kB\n");
        assertThat(value(observe().processes()).getFirst().uid()).isEqualTo(1000);
    }

    @Test
    void processesAreNotObservedWhereNoneAreShown() {
        assertThat(reason(observe().processes())).contains("no processes");
    }

    @Test
    void findsEnabledAndMaskedUnits() {
        tree.link("/etc/systemd/system/multi-user.target.wants/cron.service", "/lib/systemd/system/cron.service")
                .link(
                        "/etc/systemd/system/multi-user.target.wants/ksmtuned.service",
                        "/lib/systemd/system/ksmtuned.service")
                .link("/etc/systemd/system/sockets.target.wants/libvirtd-tcp.socket", "../libvirtd-tcp.socket")
                .link("/etc/systemd/system/ksmtuned.service", "/dev/null")
                .link("/etc/systemd/system/dbus-org.x.service", "/lib/systemd/system/x.service")
                .link("/run/systemd/system/avahi-daemon.service", "/dev/null")
                .link("/run/systemd/generator.late/multi-user.target.wants/old.service", "../old.service")
                .link(
                        "/usr/lib/systemd/system/sysinit.target.wants/systemd-sysctl.service",
                        "../systemd-sysctl.service")
                .link("/usr/lib/systemd/system/initrd.target.wants/early.service", "../early.service");
        assertThat(value(observe().enabled()))
                .containsExactly("cron.service", "libvirtd-tcp.socket", "old.service", "systemd-sysctl.service");
        assertThat(value(observe().masked())).containsExactly("avahi-daemon.service", "ksmtuned.service");
        // JUnit warns of links that lead out of its directory.
        tree.delete("/etc/systemd/system/ksmtuned.service").delete("/run/systemd/system/avahi-daemon.service");
    }

    @Test
    void unitsAreAbsentWithoutSystemdAndHiddenBehindALoop() {
        assertThat(isAbsent(observe().enabled())).isTrue();
        assertThat(isAbsent(observe().masked())).isTrue();
        tree.directory("/etc/systemd/system").loop("/run/systemd/system");
        assertThat(reason(observe().enabled())).contains("loop");
    }

    @Test
    void readsAuditRulesOfDirectoryBeforeTheFileMadeOfThem() {
        tree.file("/etc/audit/audit.rules", "-D\n-w /old -p wa\n");
        assertThat(value(observe().auditRules())).containsExactly("-D", "-w /old -p wa");
        tree.file("/etc/audit/rules.d/20-b.rules", "# late\n-e 2\n")
                .file("/etc/audit/rules.d/10-a.rules", "-w /etc/libvirt  -p wa\n\n");
        assertThat(value(observe().auditRules())).containsExactly("-w /etc/libvirt -p wa", "-e 2");
        tree.fifo("/etc/audit/rules.d/30-c.rules");
        assertThat(reason(observe().auditRules())).contains("fifo");
    }

    @Test
    void readsAuditdAndJournald() {
        tree.file("/etc/audit/auditd.conf", "# x\nMax_Log_File_Action = KEEP_LOGS\nspace_left=75\n")
                .file("/etc/systemd/journald.conf", "[Journal]\nStorage=volatile\n#Seal=no\n[Other]\nSeal=no\n")
                .file("/usr/lib/systemd/journald.conf.d/50.conf", "[Journal]\nStorage=auto\nCompress=yes\n")
                .file("/etc/systemd/journald.conf.d/60.conf", "[Journal]\nStorage=persistent\nCompress=\n");
        assertThat(value(observe().auditd()))
                .containsEntry("max_log_file_action", "KEEP_LOGS")
                .containsEntry("space_left", "75")
                .hasSize(2);
        assertThat(value(observe().journald()))
                .containsEntry("Storage", "persistent")
                .hasSize(1);
    }

    @Test
    void maskedDropInCountsForNothing() {
        tree.file("/usr/lib/systemd/journald.conf.d/50.conf", "[Journal]\nStorage=none\n")
                .link("/etc/systemd/journald.conf.d/50.conf", "/dev/null")
                .file("/etc/systemd/journald.conf", "[Journal]\nStorage=persistent\n");
        assertThat(value(observe().journald())).containsEntry("Storage", "persistent");
        tree.delete("/etc/systemd/journald.conf.d/50.conf");
    }

    @Test
    void dropInThatCannotBeReadHidesAll() {
        tree.file("/etc/systemd/journald.conf", "[Journal]\nStorage=persistent\n")
                .fifo("/etc/systemd/journald.conf.d/90.conf");
        assertThat(reason(observe().journald())).contains("fifo");
    }

    @Test
    void configurationIsAbsentWhereThereIsNone() {
        Services services = observe();
        assertThat(isAbsent(services.auditRules())).isTrue();
        assertThat(isAbsent(services.auditd())).isTrue();
        assertThat(isAbsent(services.journald())).isTrue();
        assertThat(isAbsent(services.timeSync())).isTrue();
        assertThat(value(services.logTargets())).isEmpty();
    }

    @Test
    void observesLiveHost() {
        Services services = ServicesProbe.observe(HostFiles.live());
        long self = ProcessHandle.current().pid();
        assertThat(value(services.processes()))
                .filteredOn(p -> p.pid() == self)
                .singleElement()
                .satisfies(p -> assertThat(p.executable()).endsWith("/java"));
        assertThat(value(services.processes()))
                .extracting(Services.Process::pid)
                .contains(1L);
    }

    private HostTree process(long pid, String name, long uid, String more) {
        return tree.file(
                "/proc/" + pid + "/status",
                "Name:\t%s\nState:\tS (sleeping)\nUid:\t%d\t%d\t%d\t%d\n%s".formatted(name, uid, uid, uid, uid, more));
    }

    private Services observe() {
        return ServicesProbe.observe(tree.files());
    }
}
