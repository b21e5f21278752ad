package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Cpu;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuProbeTest {
    private static final String VULNERABILITIES = "/sys/devices/system/cpu/vulnerabilities/";

    @TempDir
    private Path root;

    @Test
    void readsFirstProcessorOnly() {
        Cpu cpu = CpuProbe.observe(new HostTree(root)
                .file("/proc/cpuinfo", """
                        processor\t: 0
                        vendor_id\t: GenuineIntel
                        model name\t: Some Xeon: 2.4GHz
                        microcode\t: 0x2b000603
                        flags\t\t: fpu vme  smep

                        processor\t: 1
                        vendor_id\t: Other
                        flags\t\t: none
                        """)
                .file("/sys/devices/system/cpu/smt/control", "forceoff\n")
                .files());
        assertThat(value(cpu.vendor())).isEqualTo("GenuineIntel");
        assertThat(value(cpu.model())).isEqualTo("Some Xeon: 2.4GHz");
        assertThat(value(cpu.microcode())).isEqualTo("0x2b000603");
        assertThat(value(cpu.flags())).containsExactly("fpu", "vme", "smep");
        assertThat(value(cpu.smtControl())).isEqualTo("forceoff");
    }

    @Test
    void readsArmProcessorWithoutMicrocode() {
        Cpu cpu = CpuProbe.observe(new HostTree(root)
                .file(
                        "/proc/cpuinfo",
                        "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n")
                .files());
        assertThat(value(cpu.vendor())).isEqualTo("0x41");
        assertThat(value(cpu.flags())).containsExactly("fp", "asimd");
        assertThat(isAbsent(cpu.microcode())).isTrue();
    }

    @Test
    void readsCpuinfoOfManyProcessorsWithoutReadingAll() {
        String one = "processor\t: 0\nvendor_id\t: V\nflags\t\t: " + "flag ".repeat(600) + "\n\n";
        Cpu cpu = CpuProbe.observe(
                new HostTree(root).file("/proc/cpuinfo", one.repeat(2000)).files());
        assertThat(value(cpu.flags())).hasSize(600);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Not affected | false | -",
                "Vulnerable | true | Vulnerable",
                "Vulnerable: Safe RET, no microcode | true | Vulnerable: Safe RET",
                "Mitigation: Retpolines; STIBP: disabled; BHI: Vulnerable | true | BHI: Vulnerable",
                "Mitigation: PTE Inversion; VMX: vulnerable, SMT vulnerable | true | VMX: vulnerable/SMT vulnerable",
                "Processor vulnerable | true | Processor vulnerable",
                "KVM: VULNERABLE | true | KVM: VULNERABLE",
                "Mitigation: Clear CPU buffers; SMT disabled | true | -",
                "Mitigation: Retpolines; PBRSB-eIBRS: Not affected; BHI: Not affected | true | -",
                "Mitigation: Clear buffers; SMT not vulnerable | true | -",
                "Mitigation: Invulnerable | true | -",
                "Unknown: Dependent on hypervisor status | true | -",
            })
    void findsVulnerableStates(String text, boolean affected, String states) {
        Cpu.Vulnerability found = CpuProbe.vulnerability("any", text);
        assertThat(found.text()).isEqualTo(text);
        assertThat(found.affected()).isEqualTo(affected);
        assertThat(found.vulnerableStates()).isEqualTo(states == null ? List.of() : List.of(states.split("/")));
    }

    @Test
    void listsFilesThatNobodyKnewOf() {
        Cpu cpu = CpuProbe.observe(new HostTree(root)
                .file(VULNERABILITIES + "yet_unknown", "Vulnerable\n")
                .file(VULNERABILITIES + "meltdown", "Mitigation: PTI\n")
                .files());
        assertThat(value(cpu.vulnerabilities()))
                .extracting(Cpu.Vulnerability::name)
                .containsExactly("meltdown", "yet_unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "loop", "directory"})
    void reportsNoListWhenOneFileCannotBeRead(String obstacle) {
        HostTree tree = new HostTree(root).file(VULNERABILITIES + "meltdown", "Not affected\n");
        String path = VULNERABILITIES + "spectre_v2";
        HostTree ignored = switch (obstacle) {
            case "fifo" -> tree.fifo(path);
            case "loop" -> tree.loop(path);
            default -> tree.directory(path);
        };
        assertThat(reason(CpuProbe.observe(tree.files()).vulnerabilities())).contains("spectre_v2");
    }

    @Test
    void saysNothingOfTreeWithoutKernel() {
        Cpu cpu = CpuProbe.observe(
                new HostTree(root).delete("/proc/version").delete("/sys/notes").files());
        assertThat(reason(cpu.vendor())).contains("holds nothing of /proc/");
        assertThat(reason(cpu.vulnerabilities())).contains("holds nothing of /sys/");
    }

    @Test
    void reportsBytesThatAreNotText() {
        Cpu cpu = CpuProbe.observe(new HostTree(root)
                .bytes("/proc/cpuinfo", new byte[] {'v', 'e', 'n', (byte) 0xff, 0, ':', (byte) 0xfe, '\n'})
                .files());
        assertThat(isAbsent(cpu.vendor())).isTrue();
    }

    @Test
    void observesLiveHost() {
        Cpu cpu = CpuProbe.observe(HostFiles.live());
        assertThat(value(cpu.flags())).isNotEmpty();
        assertThat(value(cpu.vulnerabilities())).allSatisfy(v -> {
            assertThat(v.states()).isNotEmpty();
            assertThat(v.states()).containsAll(v.vulnerableStates());
        });
    }
}
