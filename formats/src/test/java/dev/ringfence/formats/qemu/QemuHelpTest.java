package dev.ringfence.formats.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QemuHelpTest {
    private static final String DEVICES = """
            Network devices:
            name "e1000", bus PCI, alias "e1000-82540em", desc "Intel Gigabit Ethernet"
            name "virtio-net-pci", bus PCI, alias "virtio-net"

            Uncategorized devices:
            name "pc-dimm", desc "DIMM memory module"
            """;
    private static final String MACHINES = """
            Supported machines are:
            pc                   Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-7.2)
            pc-i440fx-7.2        Standard PC (i440FX + PIIX, 1996) (default)
            pc-i440fx-1.7        Standard PC (i440FX + PIIX, 1996) (deprecated)
            none                 empty machine
            """;

    private static <T> List<T> value(Decoded<List<T>> decoded) {
        return switch (decoded) {
            case Decoded.Value<List<T>>(List<T> list) -> list;
            case Decoded.Refused<List<T>>(var refusal) -> throw new AssertionError(refusal);
        };
    }

    @Test
    void readsDevicesWithTheirCategory() {
        assertThat(value(QemuHelp.devices(DEVICES)))
                .containsExactly(
                        new QemuHelp.Device("e1000", "PCI", "e1000-82540em", "Intel Gigabit Ethernet", "Network"),
                        new QemuHelp.Device("virtio-net-pci", "PCI", "virtio-net", "", "Network"),
                        new QemuHelp.Device("pc-dimm", "", "", "DIMM memory module", "Uncategorized"));
    }

    @Test
    void readsMachinesWithAliasDefaultAndDeprecation() {
        List<QemuHelp.Machine> machines = value(QemuHelp.machines(MACHINES));
        assertThat(machines)
                .extracting(QemuHelp.Machine::name)
                .containsExactly("pc", "pc-i440fx-7.2", "pc-i440fx-1.7", "none");
        assertThat(machines.get(0).aliasOf()).isEqualTo("pc-i440fx-7.2");
        assertThat(machines.get(1).isDefault()).isTrue();
        assertThat(machines.get(2).deprecated()).isTrue();
        assertThat(machines.get(3).deprecated()).isFalse();
    }

    @Test
    void readsNamesBelowAHeading() {
        assertThat(value(QemuHelp.names("Available chardev backend types:\n  stdio\n  qemu-vdagent\n")))
                .containsExactly("stdio", "qemu-vdagent");
    }

    @Test
    void refusesWhatListsNothing() {
        assertThat(QemuHelp.devices("qemu: -device help: unknown\n")).isInstanceOf(Decoded.Refused.class);
        assertThat(QemuHelp.names("")).isInstanceOf(Decoded.Refused.class);
    }

    @Test
    void refusesEndlessLists() {
        assertThat(QemuHelp.names("a\n".repeat(3 << 20))).isInstanceOf(Decoded.Refused.class);
    }

    @Test
    void survivesMutatedLists() {
        Fuzz.text(List.of(DEVICES, MACHINES), 3_000, text -> {
            QemuHelp.devices(text);
            QemuHelp.machines(text);
            QemuHelp.names(text);
        });
    }
}
