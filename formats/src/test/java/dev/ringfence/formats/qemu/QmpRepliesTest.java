package dev.ringfence.formats.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QmpRepliesTest {
    private static final String OUTPUT = """
            {"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": ["oob"]}}
            {"return": {}}
            {"return": [{"name": "virtio-net-pci", "parent": "virtio-net-pci-base"}, {"name": "edu", "parent": "pci-device"}]}
            {"timestamp": {"seconds": 1, "microseconds": 2}, "event": "SHUTDOWN", "data": {"guest": false}}
            {"return": {}}
            """;

    @Test
    void readsTypesAndPassesOverEvents() {
        assertThat(QmpReplies.types(OUTPUT)).isEqualTo(new Decoded.Value<>(List.of("edu", "virtio-net-pci")));
    }

    @Test
    void refusesWhatIsNotJsonAndWhatListsNothing() {
        assertThat(QmpReplies.types("qemu: error\n")).isInstanceOf(Decoded.Refused.class);
        assertThat(QmpReplies.types("{\"return\": {}}\n")).isInstanceOf(Decoded.Refused.class);
        assertThat(QmpReplies.types("")).isInstanceOf(Decoded.Refused.class);
    }

    @Test
    void survivesMutatedReplies() {
        Fuzz.text(List.of(OUTPUT), 3_000, QmpReplies::types);
    }
}
