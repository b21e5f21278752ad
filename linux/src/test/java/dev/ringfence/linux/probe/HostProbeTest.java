package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.HostFacts;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostProbeTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path root;

    @Test
    void readsNamesAndNumbers() {
        HostFacts.Host host = HostProbe.observe(new HostTree(root)
                .file("/proc/sys/kernel/hostname", "kvm-17\n")
                .file("/etc/hostname", "other\n")
                .file("/etc/machine-id", ID + "\n")
                .file("/proc/sys/kernel/random/boot_id", "6f4c02bd-ac5b-412a-9fa6-905075e4d1d9\n")
                .file("/proc/sys/kernel/arch", "aarch64\n")
                .file("/etc/os-release", "PRETTY_NAME=\"A $ID 12\"\nID=debian\nVERSION_ID='12'\n# ID=x\n")
                .files());
        assertThat(value(host.name())).isEqualTo("kvm-17");
        assertThat(value(host.machineId())).isEqualTo(ID);
        assertThat(value(host.bootId())).isEqualTo("6f4c02bd-ac5b-412a-9fa6-905075e4d1d9");
        assertThat(value(host.architecture())).isEqualTo("aarch64");
        assertThat(value(host.osId())).isEqualTo("debian");
        assertThat(value(host.osVersion())).isEqualTo("12");
        assertThat(value(host.osName())).startsWith("A ");
        assertThat(value(host.hypervisor())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uninitialized", "0123456789ABCDEF0123456789ABCDEF", "0123"})
    void refusesWhatIsNoMachineId(String text) {
        HostFacts.Host host = HostProbe.observe(
                new HostTree(root).file("/etc/machine-id", text).files());
        assertThat(reason(host.machineId())).startsWith("not a machine id");
    }

    @Test
    void readsVendorsReleaseWhereThereIsNoOther() {
        HostTree tree = new HostTree(root).file("/usr/lib/os-release", "ID=fedora\n");
        HostFacts.Host host = HostProbe.observe(tree.files());
        assertThat(value(host.osId())).isEqualTo("fedora");
        assertThat(isAbsent(host.osVersion())).isTrue();
        assertThat(reason(
                        HostProbe.observe(tree.loop("/etc/os-release").files()).osId()))
                .contains("loop");
    }

    @Test
    void doesNotGuessWhatAReleaseFileWouldRun() {
        HostFacts.Host host = HostProbe.observe(
                new HostTree(root).file("/etc/os-release", "ID=$(cat /x)\n").files());
        assertThat(reason(host.osId())).contains("not a plain value");
    }

    @Test
    void takesArchitectureFromAProgramWhereKernelDoesNotSay() {
        byte[] header = new byte[64];
        header[0] = 0x7f;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[5] = 2;
        header[19] = 22;
        HostTree tree = new HostTree(root).bytes("/bin/sh", header);
        assertThat(value(HostProbe.observe(tree.files()).architecture())).isEqualTo("s390x");
        header[1] = 'X';
        assertThat(reason(
                        HostProbe.observe(tree.bytes("/bin/sh", header).files()).architecture()))
                .contains("no program");
    }

    @Test
    void hypervisorShowsByAnyOfItsSigns() {
        assertThat(value(HostProbe.observe(new HostTree(root.resolve("a"))
                                .file("/dev/kvm", "")
                                .files())
                        .hypervisor()))
                .isTrue();
        assertThat(value(HostProbe.observe(new HostTree(root.resolve("b"))
                                .file("/usr/libexec/qemu-kvm", "")
                                .files())
                        .hypervisor()))
                .isTrue();
        assertThat(reason(HostProbe.observe(new HostTree(root.resolve("c"))
                                .loop("/usr/sbin/libvirtd")
                                .files())
                        .hypervisor()))
                .contains("loop");
    }

    @Test
    void diskWithoutKernelIsToldByItsPrograms() {
        HostTree tree =
                new HostTree(root).delete("/dev/null").delete("/proc/version").file("/etc/hostname", "disk\n");
        HostFacts.Host host = HostProbe.observe(tree.files());
        assertThat(value(host.name())).isEqualTo("disk");
        assertThat(reason(host.bootId())).contains("holds nothing of /proc/");
        assertThat(value(host.hypervisor())).isFalse();
    }

    @Test
    void observesLiveHost() {
        HostFacts.Host host = HostProbe.observe(HostFiles.live());
        assertThat(value(host.name())).isNotBlank();
        assertThat(value(host.bootId())).hasSize(36);
        assertThat(value(host.osId())).matches("[a-z0-9._-]+");
        assertThat(value(host.architecture())).isNotBlank();
    }
}
