package dev.ringfence.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FactTreeTest {
    private static final Memory KSM = new Memory(Fact.of(
            new Memory.Ksm(
                    1,
                    2,
                    Fact.absent("/sys/kernel/mm/ksm/merge_across_nodes", "read"),
                    Fact.notObserved("/sys/kernel/mm/ksm/use_zero_pages", "read", "permission denied; run as root")),
            "/sys/kernel/mm/ksm",
            "read"));

    @Test
    void aRecordSurvivesTheRoundTrip() throws FactTree.MalformedTree {
        assertThat(FactTree.read(Memory.class, FactTree.of(KSM), FactTree.Missing.REFUSE))
                .isEqualTo(KSM);
    }

    @Test
    void aWholeHostSurvivesTheRoundTrip() throws FactTree.MalformedTree {
        HostFacts facts = Observations.nothing("live", "/", Instant.EPOCH, "not looked");
        assertThat(FactTree.read(HostFacts.class, FactTree.of(facts), FactTree.Missing.REFUSE))
                .isEqualTo(facts);
    }

    @Test
    void refusesUnknownKeysWithTheNearest() {
        assertThatThrownBy(() -> FactTree.read(Memory.class, Map.of("ksn", 1), FactTree.Missing.EMPTY))
                .hasMessage("top level: unknown key 'ksn'; did you mean 'ksm'?");
    }

    @Test
    void refusesMissingValuesOfMachineWrittenTrees() {
        Map<String, Object> tree =
                new HashMap<>(FactTree.of(new Mount("/", "/dev/sda1", "ext4", List.of(), Fact.absent("x", "read"))));
        tree.remove("source");
        assertThatThrownBy(() -> FactTree.read(Mount.class, tree, FactTree.Missing.REFUSE))
                .hasMessage("source: missing");
    }

    @Test
    void aFactThatIsLeftOutIsNotObserved() throws FactTree.MalformedTree {
        Memory read = FactTree.read(Memory.class, Map.of(), FactTree.Missing.REFUSE);
        assertThat(read.ksm()).isInstanceOf(Fact.NotObserved.class);
    }

    @Test
    void refusesBareFactsOfMachineWrittenTrees() {
        assertThatThrownBy(() -> FactTree.read(Memory.class, Map.of("ksm", Map.of("run", 1L)), FactTree.Missing.REFUSE))
                .hasMessageContaining("neither value, absent nor notObserved");
    }

    @Test
    void refusesWrongTypesWithTheirPath() {
        assertThatThrownBy(() -> FactTree.read(Kernel.Swap.class, Map.of("encrypted", "yes"), FactTree.Missing.EMPTY))
                .hasMessage("encrypted: expected flag, found yes");
        assertThatThrownBy(() -> FactTree.read(Kernel.Swap.class, Map.of("device", List.of()), FactTree.Missing.EMPTY))
                .hasMessageStartingWith("device: expected text");
    }

    @Test
    void everyRecordOfAHostHasAShape() {
        assertThat(FactSchema.reachable(HostFacts.class)).hasSizeGreaterThan(50);
    }
}
