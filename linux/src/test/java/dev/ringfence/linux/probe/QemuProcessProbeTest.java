package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.QemuProcess;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuProcessProbeTest {
    private static final String QEMU = "/usr/bin/qemu-system-x86_64";
    private static final String STATUS = """
            Name:\tqemu-system-x86
            Uid:\t1000\t64055\t64055\t64055
            CapEff:\t%s
            NoNewPrivs:\t1
            Seccomp:\t2
            """;
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max core file size        0                    unlimited            bytes
            Max processes             96365                96365                processes
            Max open files            unlimited            20000                files
            """;

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void oneGuest() {
        tree = new HostTree(root)
                .file("/proc/1/status", "Name:\tinit\n")
                .file("/proc/1/cmdline", "/sbin/init\0")
                .link("/proc/1/exe", "/usr/lib/systemd/systemd")
                .link("/proc/1/ns/mnt", "mnt:[1]")
                .file("/proc/7/status", STATUS.formatted("0000000000000000"))
                .file("/proc/7/cmdline", QEMU + "\0-name\0guest=web,debug-threads=on\0-uuid\0abc\0-accel\0kvm\0")
                .link("/proc/7/exe", QEMU)
                .link("/proc/7/ns/mnt", "mnt:[2]")
                .file("/proc/7/attr/current", "libvirt-abc (enforce)\n")
                .file("/proc/7/cgroup", "0::/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator\n")
                .file("/proc/7/limits", LIMITS)
                .file("/proc/7/maps", "7f0 r-xp 0 fe:00 1 /usr/lib/libpixman-1.so.0\n")
                .file("/etc/libvirt/qemu/web.xml", GuestsProbeTest.domain("web", "kvm", ""))
                .file("/run/libvirt/qemu/web.xml", GuestsProbeTest.status(GuestsProbeTest.domain("web", "kvm", "")))
                .file("/run/libvirt/qemu/web.pid", "7");
    }

    @Test
    void readsAConfinedProcess() {
        QemuProcess process = only();
        assertThat(process.pid()).isEqualTo(7);
        assertThat(process.guest()).isEqualTo("web");
        assertThat(process.uuid()).isEqualTo("abc");
        assertThat(value(process.managed())).isTrue();
        assertThat(value(process.uid())).isEqualTo(64055);
        assertThat(value(process.capabilities())).isEmpty();
        assertThat(value(process.seccomp())).isEqualTo(2);
        assertThat(value(process.noNewPrivileges())).isTrue();
        assertThat(value(process.ownMountNamespace())).isTrue();
        assertThat(value(process.label())).isEqualTo("libvirt-abc (enforce)");
        assertThat(value(process.cgroup())).startsWith("/machine.slice/machine-qemu");
        assertThat(value(process.executable())).isEqualTo(QEMU);
        assertThat(value(process.executableReplaced())).isFalse();
        assertThat(value(process.replacedLibraries())).isEmpty();
        assertThat(value(process.arguments())).startsWith(QEMU, "-name");
        assertThat(process.accelerator()).isEqualTo("kvm");
        assertThat(value(process.limits())).isEqualTo(new QemuProcess.Limits(0, 96365, -1));
    }

    @Test
    void seesWhatALooseProcessCanDo() {
        tree.delete("/proc/7/ns/mnt")
                .link("/proc/7/ns/mnt", "mnt:[1]")
                .file("/proc/7/status", "Uid:\t0\t0\t0\t0\nCapEff:\t0000020000200001\nSeccomp:\t0\nNoNewPrivs:\t0\n")
                .file("/proc/7/attr/current", "");
        QemuProcess process = only();
        assertThat(value(process.uid())).isZero();
        assertThat(value(process.capabilities())).containsExactly("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_41");
        assertThat(value(process.seccomp())).isZero();
        assertThat(value(process.noNewPrivileges())).isFalse();
        assertThat(value(process.ownMountNamespace())).isFalse();
        assertThat(value(process.label())).isEmpty();
    }

    @Test
    void readsTheLabelOfAStackedModule() {
        tree.file("/proc/7/attr/current", "").file("/proc/7/attr/apparmor/current", "libvirt-abc (complain)\n");
        assertThat(value(only().label())).isEqualTo("libvirt-abc (complain)");
    }

    @Test
    void knowsAProgramThatWasReplacedUnderIt() {
        tree.delete("/proc/7/exe").link("/proc/7/exe", QEMU + " (deleted)").file("/proc/7/maps", """
                        7f0 r-xp 0 fe:00 1 /usr/lib/libgnutls.so.30.34.3 (deleted)
                        7f1 rw-s 0 00:01 2 /memfd:x.so (deleted)
                        7f2 rw-s 0 00:01 3 /dev/zero (deleted)
                        7f3 rw-s 0 00:01 4 /SYSV00000000 (deleted)
                        7f4 r-xp 0 fe:00 5 /usr/lib/libc.so.6
                        """);
        QemuProcess process = only();
        assertThat(value(process.executable())).isEqualTo(QEMU);
        assertThat(value(process.executableReplaced())).isTrue();
        assertThat(value(process.replacedLibraries())).containsExactly("/usr/lib/libgnutls.so.30.34.3");
    }

    @Test
    void processThatOnlyClaimsAGuestsNameIsNotManaged() {
        tree.file("/run/libvirt/qemu/web.pid", "8");
        assertThat(value(only().managed())).isFalse();
        tree.file("/proc/7/cmdline", QEMU + "\0-name\0../../../etc/x\0");
        assertThat(value(only().managed())).isFalse();
    }

    @Test
    void doesNotSayWhoManagesAProcessWhenGuestsAreUnknown() {
        Fact<List<Guest>> unseen = Fact.notObserved("/run/libvirt/qemu", "list", "permission denied");
        assertThat(reason(value(QemuProcessProbe.observe(tree.files(), unseen))
                        .getFirst()
                        .managed()))
                .contains("permission denied");
        Fact<List<Guest>> none = Fact.absent("/etc/libvirt/qemu", "list");
        assertThat(value(value(QemuProcessProbe.observe(tree.files(), none))
                        .getFirst()
                        .managed()))
                .isFalse();
    }

    @Test
    void goesByTheProgramAndNotByWhatItCallsItself() {
        tree.file("/proc/9/status", "Name:\tx\n")
                .file("/proc/9/cmdline", QEMU + "\0")
                .link("/proc/9/exe", "/usr/bin/bash")
                .file("/proc/10/status", "Name:\tsleep\n")
                .file("/proc/10/cmdline", "sleep\0")
                .link("/proc/10/exe", "/usr/libexec/qemu-kvm");
        assertThat(processes()).extracting(QemuProcess::pid).containsExactly(7L, 10L);
    }

    @Test
    void goesByTheFirstArgumentWhereTheProgramIsHidden() {
        tree.delete("/proc/7/exe").loop("/proc/7/link").file("/proc/7/exe", "");
        QemuProcess process = only();
        assertThat(process.guest()).isEqualTo("web");
        assertThat(reason(process.executable())).isNotEmpty();
        assertThat(reason(process.executableReplaced())).isNotEmpty();
    }

    @Test
    void findsAnEmulatorThatAGuestNames() {
        tree.file(
                        "/etc/libvirt/qemu/own.xml",
                        GuestsProbeTest.domain("own", "kvm", "<emulator>/opt/emu/run</emulator>"))
                .file("/proc/9/status", STATUS.formatted("0"))
                .link("/proc/9/exe", "/opt/emu/run");
        assertThat(processes()).extracting(QemuProcess::pid).containsExactly(7L, 9L);
    }

    @Test
    void leavesOutAProcessThatEnded() {
        tree.delete("/proc/7/status");
        assertThat(processes()).isEmpty();
    }

    @Test
    void doesNotTakeUnreadableForConfined() {
        tree.delete("/proc/7/maps")
                .fifo("/proc/7/maps")
                .file("/proc/7/limits", "nonsense\n")
                .file("/proc/7/status", "Uid:\tx\nCapEff:\tzz\n")
                .delete("/proc/1/ns/mnt")
                .file("/proc/1/ns/mnt", "");
        QemuProcess process = only();
        assertThat(reason(process.replacedLibraries())).contains("fifo");
        assertThat(reason(process.limits())).contains("limits");
        assertThat(reason(process.uid())).contains("Uid");
        assertThat(reason(process.capabilities())).contains("CapEff");
        assertThat(isAbsent(process.seccomp())).isTrue();
        assertThat(reason(process.ownMountNamespace())).contains("not a symbolic link");
    }

    @Test
    void kernelThreadStandsInForAHiddenFirstProcess() {
        tree.delete("/proc/1/ns/mnt")
                .file("/proc/1/ns/mnt", "")
                .file("/proc/2/comm", "kthreadd\n")
                .link("/proc/2/ns/mnt", "mnt:[1]");
        assertThat(value(only().ownMountNamespace())).isTrue();
        tree.file("/proc/2/comm", "pretender\n");
        assertThat(reason(only().ownMountNamespace())).isNotEmpty();
    }

    @Test
    void hostWithoutVisibleProcessesIsNotObserved() {
        HostFiles files = new HostTree(root.resolve("off")).files();
        assertThat(reason(QemuProcessProbe.observe(files, Fact.absent("", "")))).contains("no process is visible");
    }

    private QemuProcess only() {
        assertThat(processes()).hasSize(1);
        return processes().getFirst();
    }

    private List<QemuProcess> processes() {
        HostFiles files = tree.files();
        return value(QemuProcessProbe.observe(files, GuestsProbe.observe(files, new FileStatus(files))));
    }
}
