package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Kernel;
import dev.ringfence.linux.HostFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelProbeTest {
    private static final String RELEASE = "6.1.0-18-cloud-amd64";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root).file("/proc/sys/kernel/osrelease", RELEASE + "\n");
    }

    @Test
    void readsArgumentsUpToThoseOfInit() {
        tree.file(
                "/proc/cmdline",
                "BOOT_IMAGE=/vmlinuz  mitigations=auto,nosmt dyndbg=\"file a +p\" quiet -- --iommu=pt\n");
        assertThat(value(observe().arguments()))
                .containsExactly("BOOT_IMAGE=/vmlinuz", "mitigations=auto,nosmt", "dyndbg=file a +p", "quiet");
    }

    @Test
    void readsArgumentsOfNextBootFromGrub() {
        tree.file("/etc/default/grub", """
                        GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
                        GRUB_CMDLINE_LINUX_DEFAULT="quiet mitigations=auto"
                        GRUB_CMDLINE_LINUX='console="tty S0"'
                        """)
                .file(
                        "/etc/default/grub.d/20-kdump.cfg",
                        "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT crash=1\"\n")
                .file("/etc/default/grub.d/10-first.cfg", "GRUB_CMDLINE_LINUX=\"${GRUB_CMDLINE_LINUX} iommu=pt\"\n")
                .file("/etc/default/grub.d/30.cfg.bak", "GRUB_CMDLINE_LINUX=\n");
        assertThat(value(observe().bootArguments()))
                .containsExactly("console=tty S0", "iommu=pt", "quiet", "mitigations=auto", "crash=1");
    }

    @Test
    void doesNotGuessWhatGrubsFileWouldRun() {
        tree.file("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet $(cat /x)\"\n");
        assertThat(reason(observe().bootArguments())).contains("GRUB_CMDLINE_LINUX depends");
        tree.file("/etc/default/grub", "if [ -f /x ]; then\n  GRUB_CMDLINE_LINUX=\"mitigations=off\"\nfi\n");
        assertThat(reason(observe().bootArguments())).contains("GRUB_CMDLINE_LINUX depends");
        tree.file("/etc/default/grub", "[ -f /x ] && GRUB_CMDLINE_LINUX=\"mitigations=off\"\n");
        assertThat(reason(observe().bootArguments())).contains("GRUB_CMDLINE_LINUX depends");
    }

    @Test
    void takesKernelInstallsCommandLineWhereThereIsNoGrub() {
        assertThat(isAbsent(observe().bootArguments())).isTrue();
        tree.file("/etc/kernel/cmdline", "root=/dev/sda1 ro\n");
        assertThat(value(observe().bootArguments())).containsExactly("root=/dev/sda1", "ro");
        tree.fifo("/etc/default/grub");
        assertThat(reason(observe().bootArguments())).contains("fifo");
    }

    @Test
    void readsBuildFromTheRunningKernelBeforeTheDisk() {
        tree.file(
                "/boot/config-" + RELEASE, "CONFIG_KSM=y\n# CONFIG_DEVMEM is not set\nCONFIG_LSM=\"lockdown,yama\"\n");
        assertThat(value(observe().config()))
                .containsEntry("CONFIG_KSM", "y")
                .containsEntry("CONFIG_LSM", "lockdown,yama")
                .doesNotContainKey("CONFIG_DEVMEM");
        tree.bytes("/proc/config.gz", gzip("CONFIG_KVM=m\n"));
        assertThat(value(observe().config())).containsOnlyKeys("CONFIG_KVM");
    }

    @Test
    void refusesBuildThatCannotBeUnpacked() {
        tree.bytes("/proc/config.gz", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
        assertThat(reason(observe().config())).contains("cannot be unpacked");
        tree.bytes("/proc/config.gz", gzip("#".repeat(5 << 20)));
        assertThat(reason(observe().config())).contains("more than");
        tree.bytes("/proc/config.gz", gzip("no options\n"));
        assertThat(reason(observe().config())).contains("RF-KCF");
    }

    @Test
    void refusesReleaseThatLeadsElsewhere() {
        tree.file("/proc/sys/kernel/osrelease", "../etc/x\n").file("/etc/x", "CONFIG_KSM=y\n");
        assertThat(reason(observe().config())).contains("not a kernel release");
    }

    @Test
    void readsSettingsAndSaysWhichThisKernelLacks() {
        tree.file("/proc/sys/kernel/kptr_restrict", "2\n")
                .file("/proc/sys/net/bridge/bridge-nf-call-iptables", "1\n")
                .file("/proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P %u\n")
                .fifo("/proc/sys/net/core/bpf_jit_harden");
        Map<String, Fact<String>> settings = value(observe().sysctl());
        assertThat(value(fact(settings, "kernel.kptr_restrict"))).isEqualTo("2");
        assertThat(value(fact(settings, "net.bridge.bridge-nf-call-iptables"))).isEqualTo("1");
        assertThat(value(fact(settings, "kernel.core_pattern"))).startsWith("|/usr/lib");
        assertThat(isAbsent(fact(settings, "kernel.yama.ptrace_scope"))).isTrue();
        assertThat(reason(fact(settings, "net.core.bpf_jit_harden"))).contains("fifo");
        assertThat(settings.keySet())
                .contains(
                        "kernel.dmesg_restrict",
                        "kernel.perf_event_paranoid",
                        "kernel.unprivileged_bpf_disabled",
                        "kernel.kexec_load_disabled",
                        "kernel.randomize_va_space",
                        "kernel.modules_disabled",
                        "vm.unprivileged_userfaultfd",
                        "user.max_user_namespaces",
                        "fs.suid_dumpable",
                        "net.ipv4.conf.all.rp_filter",
                        "net.ipv4.conf.default.send_redirects");
    }

    @Test
    void settingsAreNotObservedInTreeWithoutKernel() {
        Kernel kernel = KernelProbe.observe(new HostTree(root.resolve("disk"))
                .delete("/proc/version")
                .delete("/sys/notes")
                .files());
        assertThat(reason(kernel.sysctl())).contains("holds nothing of /proc/");
        assertThat(reason(kernel.moduleParameters())).contains("holds nothing of /sys/");
        assertThat(reason(kernel.arguments())).contains("holds nothing of /proc/");
    }

    @Test
    void readsParametersOfModules() {
        tree.file("/sys/module/kvm_intel/parameters/nested", "Y\n")
                .file("/sys/module/kvm_intel/parameters/anything_new", "7\n")
                .fifo("/sys/module/kvm/parameters/nx_huge_pages");
        Map<String, Fact<String>> parameters = value(observe().moduleParameters());
        assertThat(value(fact(parameters, "kvm_intel.nested"))).isEqualTo("Y");
        assertThat(value(fact(parameters, "kvm_intel.anything_new"))).isEqualTo("7");
        assertThat(reason(fact(parameters, "kvm.nx_huge_pages"))).contains("fifo");
        assertThat(isAbsent(fact(parameters, "kvm_amd.nested"))).isTrue();
        assertThat(isAbsent(fact(parameters, "module.sig_enforce"))).isTrue();
    }

    @Test
    void parametersBehindALoopAreNotAbsent() {
        tree.directory("/sys/module/kvm_intel").loop("/sys/module/kvm_intel/parameters");
        assertThat(reason(fact(value(observe().moduleParameters()), "kvm_intel.nested")))
                .contains("loop");
    }

    @Test
    void readsLockdownAndModulesInOrder() {
        tree.file("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")
                .file("/sys/kernel/security/lsm", "lockdown,capability,yama,apparmor")
                .file("/proc/modules", "kvm_intel 1 0 - Live 0x0\nkvm 2 1 kvm_intel, Live 0x0\n");
        assertThat(value(observe().lockdown())).isEqualTo("integrity");
        assertThat(value(observe().lsm())).containsExactly("lockdown", "capability", "yama", "apparmor");
        assertThat(value(observe().modules())).containsExactly("kvm_intel", "kvm");
        tree.file("/sys/kernel/security/lockdown", "none integrity\n");
        assertThat(reason(observe().lockdown())).contains("no choice is marked");
    }

    @Test
    void lockdownIsAbsentOnlyWhereSecurityfsIsThere() {
        assertThat(reason(observe().lockdown())).contains("securityfs is not mounted");
        tree.file("/sys/kernel/security/lsm", "capability\n");
        assertThat(isAbsent(observe().lockdown())).isTrue();
    }

    @Test
    void readsModprobeDirectivesInOrderOfNames() {
        tree.file("/etc/modprobe.d/kvm.conf", "# c\noptions kvm-intel nested=0 \\\n  ept=1\nblacklist usb-storage\n")
                .file("/usr/lib/modprobe.d/kvm.conf", "options kvm_intel nested=1\n")
                .file("/usr/lib/modprobe.d/a.conf", "install dccp /bin/false\nalias net-pf-* off\nblacklist\n")
                .file("/etc/modprobe.d/ignored.txt", "blacklist x\n");
        assertThat(value(observe().modprobe()))
                .containsExactly(
                        new Kernel.ModprobeDirective(
                                "/usr/lib/modprobe.d/a.conf", "install", "dccp", List.of("/bin/false")),
                        new Kernel.ModprobeDirective("/usr/lib/modprobe.d/a.conf", "alias", "net-pf-*", List.of("off")),
                        new Kernel.ModprobeDirective(
                                "/etc/modprobe.d/kvm.conf", "options", "kvm_intel", List.of("nested=0", "ept=1")),
                        new Kernel.ModprobeDirective(
                                "/etc/modprobe.d/kvm.conf", "blacklist", "usb_storage", List.of()));
        tree.fifo("/etc/modprobe.d/z.conf");
        assertThat(reason(observe().modprobe())).contains("fifo");
    }

    @Test
    void listsKernelsOldestFirstWithTheRunningFlavourLast() {
        for (String name : List.of(
                "vmlinuz-6.1.0-9-amd64",
                "vmlinuz-6.1.0-18-amd64",
                "vmlinuz-6.1.0-18-rt-amd64",
                "vmlinuz-" + RELEASE,
                "vmlinuz-0-rescue-0123",
                "vmlinuz.old",
                "initrd.img-6.1.0-18-amd64")) {
            tree.file("/boot/" + name, "");
        }
        tree.file("/usr/lib/modules/5.10.0-1-amd64/vmlinuz", "").directory("/usr/lib/modules/6.9.0-1-amd64");
        assertThat(value(observe().installed()))
                .containsExactly("5.10.0-1-amd64", "6.1.0-9-amd64", "6.1.0-18-amd64", "6.1.0-18-rt-amd64", RELEASE);
    }

    @Test
    void kernelsAreAbsentWhereNoneAreOnDisk() {
        assertThat(isAbsent(observe().installed())).isTrue();
        tree.loop("/boot");
        assertThat(reason(observe().installed())).contains("loop");
    }

    @ParameterizedTest
    @CsvSource({
        "6.1.0-9-amd64, 6.1.0-18-amd64",
        "5.14.0-362.8.1.el9_3.x86_64, 5.14.0-362.18.1.el9_3.x86_64",
        "5.14.0-99.el9.x86_64, 5.14.0-362.el9.x86_64",
        "6.8.0-31-generic, 6.8.0-101-generic",
        "6.9.0-rc2, 6.9.0-rc10",
        "6.9.0-rc7, 6.9.0",
        "6.8.12-4-pve, 6.11.0-1-pve",
        "'', 1.0",
    })
    void ordersReleases(String older, String newer) {
        assertThat(KernelReleases.OLDEST_FIRST.compare(older, newer)).isNegative();
        assertThat(KernelReleases.OLDEST_FIRST.compare(newer, older)).isPositive();
        assertThat(KernelReleases.OLDEST_FIRST.compare(older, older)).isZero();
    }

    @Test
    void followsSwapToEncryption() {
        tree.file("/proc/swaps", """
                        Filename Type Size Used Priority
                        /dev/dm-1 partition 1 0 -2
                        /dev/sda3 partition 1 0 -3
                        /swap\\040file                            file\t\t1\t0\t-4
                        /dev/gone partition 1 0 -5
                        """)
                .file("/sys/class/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n")
                .file("/sys/class/block/sda3/size", "1\n")
                .file("/proc/1/mountinfo", "22 1 253:0 / / rw - ext4 /dev/mapper/root rw\n")
                .file("/sys/dev/block/253:0/dm/uuid", "CRYPT-LUKS2-root\n");
        List<Kernel.Swap> swaps = value(observe().swaps());
        assertThat(swaps)
                .extracting(Kernel.Swap::device)
                .containsExactly("/dev/dm-1", "/dev/sda3", "/swap file", "/dev/gone");
        assertThat(value(swaps.get(0).encrypted())).isTrue();
        assertThat(value(swaps.get(1).encrypted())).isFalse();
        assertThat(value(swaps.get(2).encrypted())).isTrue();
        assertThat(reason(swaps.get(3).encrypted())).contains("cannot be found");
    }

    @Test
    void observesLiveHost() {
        Kernel kernel = KernelProbe.observe(HostFiles.live());
        assertThat(value(kernel.release())).matches("\\d+\\.\\d+.*");
        assertThat(value(kernel.arguments())).isNotNull();
        assertThat(value(fact(value(kernel.sysctl()), "kernel.randomize_va_space")))
                .isIn("0", "1", "2");
        assertThat(value(kernel.swaps())).isNotNull();
        if (!isAbsent(kernel.modules())) {
            assertThat(value(kernel.modules())).doesNotContain("");
        }
    }

    private static Fact<String> fact(Map<String, Fact<String>> facts, String name) {
        return Optional.ofNullable(facts.get(name)).orElseThrow();
    }

    private Kernel observe() {
        return KernelProbe.observe(tree.files());
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
