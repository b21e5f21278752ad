package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Memory;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryProbeTest {
    private static final String KSM = "/sys/kernel/mm/ksm/";

    @TempDir
    private Path root;

    @Test
    void readsPagesLeftMergedAfterStop() {
        Memory.Ksm ksm = value(MemoryProbe.observe(new HostTree(root)
                        .file(KSM + "run", "0\n")
                        .file(KSM + "pages_sharing", "4711\n")
                        .file(KSM + "use_zero_pages", "1\n")
                        .files())
                .ksm());
        assertThat(ksm.run()).isZero();
        assertThat(ksm.pagesSharing()).isEqualTo(4711);
        assertThat(value(ksm.useZeroPages())).isEqualTo(1);
        assertThat(isAbsent(ksm.mergeAcrossNodes())).isTrue();
    }

    @Test
    void isAbsentWhereKernelCannotMerge() {
        assertThat(isAbsent(MemoryProbe.observe(new HostTree(root).files()).ksm()))
                .isTrue();
    }

    @Test
    void isNotObservedWhereStateCannotBeRead() {
        assertThat(reason(MemoryProbe.observe(
                                new HostTree(root).file(KSM + "run", "on\n").files())
                        .ksm()))
                .contains("not a number: on");
        assertThat(reason(MemoryProbe.observe(
                                new HostTree(root).file(KSM + "run", "1\n").files())
                        .ksm()))
                .contains("pages_sharing");
    }

    @Test
    void isNotObservedBehindFifo() {
        assertThat(reason(
                        MemoryProbe.observe(new HostTree(root).fifo(KSM + "run").files())
                                .ksm()))
                .contains("fifo");
    }

    @Test
    void observesLiveHost() {
        Memory memory = MemoryProbe.observe(HostFiles.live());
        if (!isAbsent(memory.ksm())) {
            assertThat(value(memory.ksm()).run()).isBetween(0L, 2L);
            assertThat(value(memory.ksm()).pagesSharing()).isNotNegative();
        }
    }
}
