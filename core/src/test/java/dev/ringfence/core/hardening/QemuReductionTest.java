package dev.ringfence.core.hardening;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.domain.DomainXml;
import dev.ringfence.formats.qemu.QemuHelp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QemuReductionTest {
    private static final QemuSurface SURFACE = new QemuSurface(
            "/usr/bin/qemu-system-x86_64",
            "QEMU emulator version 7.2",
            List.of(
                    device("AC97"),
                    device("isa-fdc"),
                    device("rtl8139"),
                    device("virtio-net-pci"),
                    device("virtio-blk-pci"),
                    device("ide-hd"),
                    new QemuHelp.Device("max-x86_64-cpu", "", "", "", "CPU")),
            List.of("isa-fdc", "virtio-net-pci"),
            List.of(
                    new QemuHelp.Machine("q35", "", "pc-q35-7.2", false, false),
                    new QemuHelp.Machine("pc-q35-7.2", "", "", false, false),
                    new QemuHelp.Machine("pc-i440fx-1.7", "", "", true, false),
                    new QemuHelp.Machine("none", "", "", false, false)),
            List.of("tcg", "kvm"),
            List.of("socket"),
            List.of("tap", "user"),
            List.of(),
            List.of(),
            List.of("curses"));

    private static QemuHelp.Device device(String name) {
        return new QemuHelp.Device(name, "PCI", "", "", "Misc");
    }

    private static Domain guest(String devices) {
        String xml = "<domain type='kvm'><name>g</name><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
                + devices + "</devices></domain>";
        return switch (DomainXml.decode(xml.getBytes(StandardCharsets.UTF_8))) {
            case Decoded.Value<Domain>(Domain domain) -> domain;
            case Decoded.Refused<Domain>(var refusal) -> throw new AssertionError(refusal);
        };
    }

    private static List<String> removable(Domain... guests) {
        return QemuReduction.of(SURFACE, QemuUse.of(List.of(guests))).removable().stream()
                .map(f -> f.part().title())
                .toList();
    }

    @Test
    void offersWhatNoGuestUses() {
        Domain modern = guest("<disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk>"
                + "<interface type='bridge'><source bridge='br0'/><model type='virtio'/></interface>");
        assertThat(removable(modern))
                .contains("AC97 sound", "Realtek RTL8139 network card", "TCG, the emulating accelerator")
                .contains("user-mode network", "curses screen");
    }

    @Test
    void keepsWhatAGuestUses() {
        Domain old = guest("<sound model='ac97'/>" + "<interface type='user'><model type='rtl8139'/></interface>");
        assertThat(removable(old)).doesNotContain("AC97 sound", "Realtek RTL8139 network card", "user-mode network");
    }

    @Test
    void oneGuestOfManyIsEnoughToKeepAPart() {
        Domain old = guest("<sound model='ac97'/>");
        assertThat(removable(guest(""), old, guest(""))).doesNotContain("AC97 sound");
    }

    @Test
    void aGuestThatIsEmulatedKeepsTcg() {
        Domain emulated = guest("");
        assertThat(QemuUse.of(List.of(emulated)).accelerators()).containsExactly("kvm");
        assertThat(removable(emulated)).contains("TCG, the emulating accelerator");
    }

    @Test
    void machineTypesInUseUnderTheirAliasAreKept() {
        QemuReduction reduction = QemuReduction.of(SURFACE, QemuUse.of(List.of(guest(""))));
        assertThat(reduction.unusedMachines()).containsExactly("pc-i440fx-1.7");
    }

    @Test
    void saysNothingOfDevicesThatItDoesNotKnow() {
        QemuReduction reduction = QemuReduction.of(SURFACE, QemuUse.of(List.of()));
        assertThat(reduction.unknown()).containsExactly("ide-hd", "isa-fdc", "virtio-blk-pci", "virtio-net-pci");
    }

    @Test
    void theRecipeLeavesOutExactlyWhatCouldGo() {
        Domain old = guest("<sound model='ac97'/>");
        QemuReduction reduction = QemuReduction.of(SURFACE, QemuUse.of(List.of(old)));
        assertThat(QemuRecipe.symbols(reduction)).containsExactly("CONFIG_RTL8139_PCI=n");
        assertThat(QemuRecipe.switches(reduction))
                .containsExactly("--disable-curses", "--disable-slirp", "--disable-tcg");
        assertThat(QemuRecipe.script(reduction, "x86_64"))
                .contains("CONFIG_RTL8139_PCI=n", "--disable-tcg", "hardening=+all")
                .doesNotContain("CONFIG_AC97");
    }

    /** The build has no modules, so what an uninstalled package would carry would be built in. */
    @Test
    void theRecipeLeavesOutModulesThatAreNotEvenInstalled() {
        QemuReduction none = QemuReduction.of(SURFACE, QemuUse.of(List.of(guest(""))));
        assertThat(QemuRecipe.script(none, "x86_64"))
                .contains("--disable-gtk --disable-vte\n", "--disable-rbd\n", "--audio-drv-list='\n");
        Domain ceph = guest("<disk type='network' device='disk'><source protocol='rbd' name='pool/disk'/>"
                + "<target dev='vda' bus='virtio'/></disk><audio id='1' type='alsa'/>");
        assertThat(QemuRecipe.script(QemuReduction.of(SURFACE, QemuUse.of(List.of(ceph))), "x86_64"))
                .contains("--disable-gtk --disable-vte\n", "--audio-drv-list=alsa'\n")
                .doesNotContain("--disable-rbd", "--disable-alsa");
    }

    @Test
    void aSharedDirectoryKeepsVhostUser() {
        String directory =
                "<filesystem type='mount'><driver type='%s'/><source dir='/srv'/><target dir='a'/></filesystem>";
        assertThat(QemuUse.of(List.of(guest(directory.formatted("virtiofs")))).backends())
                .contains("vhost-user");
        assertThat(QemuUse.of(List.of(guest(directory.formatted("path")))).backends())
                .doesNotContain("vhost-user");
    }
}
