package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Devices;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesProbeTest {
    private static final String PCI = "/sys/bus/pci/devices/";
    private static final String CARD = "0000:3b:00.0";
    private static final String VIRTUAL = "0000:3b:02.0";
    private static final String LINKS = "/.ringfence/ip-link.json";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root)
                .file(
                        PCI + CARD + "/uevent",
                        "DRIVER=ice\nPCI_CLASS=20000\nPCI_ID=8086:159B\nPCI_SLOT_NAME=" + CARD + "\n")
                .file(PCI + CARD + "/reset_method", "flr bus\n")
                .link("/sys/kernel/iommu_groups/14/devices/" + CARD, "../../../../bus/pci/devices/" + CARD)
                .file("/sys/kernel/iommu_groups/14/type", "DMA-FQ\n")
                .directory("/sys/class/iommu/dmar0");
    }

    @Test
    void readsFunctionsAndTheirGroups() {
        Devices devices = observe();
        assertThat(value(devices.iommuUnits())).containsExactly("dmar0");
        assertThat(value(devices.iommuGroups())).containsExactly(new Devices.IommuGroup(14, "DMA-FQ", List.of(CARD)));
        Devices.PciFunction card = value(devices.pci()).getFirst();
        assertThat(card.vendor()).isEqualTo("8086");
        assertThat(card.device()).isEqualTo("159b");
        assertThat(card.pciClass()).isEqualTo("020000");
        assertThat(card.driver()).isEqualTo("ice");
        assertThat(card.iommuGroup()).isEqualTo(14);
        assertThat(card.resetMethods()).containsExactly("flr", "bus");
        assertThat(isAbsent(card.physicalFunction())).isTrue();
        assertThat(value(devices.virtualFunctions())).isEmpty();
    }

    @Test
    void functionWithoutDriverGroupAndResetSaysSo() {
        tree.file(PCI + "0000:00:1f.0/uevent", "PCI_CLASS=60100\nPCI_ID=8086:A1C1\n")
                .file(PCI + "0000:00:1f.1/uevent", "PCI_CLASS=60100\nPCI_ID=8086:A1C2\n")
                .file(PCI + "0000:00:1f.1/reset", "");
        List<Devices.PciFunction> functions = value(observe().pci());
        assertThat(functions.get(0).driver()).isEmpty();
        assertThat(functions.get(0).iommuGroup()).isEqualTo(-1);
        assertThat(functions.get(0).resetMethods()).isEmpty();
        assertThat(functions.get(1).resetMethods()).containsExactly("unnamed");
    }

    @Test
    void asksForRestrictionsOfVirtualFunctions() {
        enableVirtualFunction();
        tree.file(LINKS, """
                [{"ifname":"lo"},{"ifname":"ens1f0","num_vf":2,"vfinfo_list":[
                  {"vf":0,"link_type":"ether","vlan_list":[{"vlan":100,"qos":0}],"spoofchk":true,"trust":false},
                  {"vf":1,"spoofchk":false,"trust":true}]}]
                """);
        Devices devices = observe();
        assertThat(value(devices.virtualFunctions()))
                .containsExactly(
                        new Devices.VirtualFunction("ens1f0", 0, 100, true, false),
                        new Devices.VirtualFunction("ens1f0", 1, 0, false, true));
        assertThat(value(devices.pci()).get(0).virtualFunctions()).isEqualTo(1);
        assertThat(isAbsent(value(devices.pci()).get(0).physicalFunction())).isTrue();
        assertThat(value(value(devices.pci()).get(1).physicalFunction())).isEqualTo(CARD);
    }

    @Test
    void driverThatDoesNotSayIsTakenForOneThatTrusts() {
        enableVirtualFunction();
        tree.file(LINKS, "[{\"ifname\":\"x\",\"vfinfo_list\":[{\"vf\":0}]}]");
        assertThat(value(observe().virtualFunctions()))
                .containsExactly(new Devices.VirtualFunction("x", 0, 0, false, true));
    }

    @Test
    void saysNothingOfVirtualFunctionsWithoutAnAnswer() {
        enableVirtualFunction();
        assertThat(reason(observe().virtualFunctions())).contains("not there to ask");
        tree.file(LINKS, "[{]");
        assertThat(reason(observe().virtualFunctions())).contains("RF-JSN-002");
    }

    @Test
    void reportsNoFunctionsWhenOneCannotBeRead() {
        tree.fifo(PCI + VIRTUAL + "/uevent");
        assertThat(reason(observe().pci())).contains("fifo");
        assertThat(reason(observe().virtualFunctions())).contains("fifo");
    }

    @Test
    void refusesFunctionThatIsNone() {
        tree.file(PCI + VIRTUAL + "/uevent", "PCI_CLASS=1234567\nPCI_ID=8086\n");
        assertThat(reason(observe().pci())).contains("not what a PCI function shows");
    }

    @Test
    void leavesOutFunctionThatVanished() {
        tree.directory(PCI + VIRTUAL);
        assertThat(value(observe().pci()))
                .extracting(Devices.PciFunction::address)
                .containsExactly(CARD);
    }

    @Test
    void refusesCountOfVirtualFunctionsThatIsNone() {
        tree.file(PCI + CARD + "/sriov_numvfs", "many\n");
        assertThat(reason(observe().pci())).contains("not a number");
    }

    @Test
    void groupWhoseDevicesCannotBeListedHidesAll() {
        tree.directory("/sys/kernel/iommu_groups/15");
        Devices devices = observe();
        assertThat(reason(devices.iommuGroups())).contains("could not be listed");
        assertThat(reason(devices.pci())).contains("could not be listed");
    }

    @Test
    void observesLiveHost() {
        Devices devices = DevicesProbe.observe(HostFiles.live());
        if (!isAbsent(devices.pci())) {
            assertThat(value(devices.pci())).allSatisfy(f -> {
                assertThat(f.address()).matches("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");
                assertThat(f.vendor() + f.device()).matches("[0-9a-f]{8}");
                assertThat(f.pciClass()).matches("[0-9a-f]{6}");
            });
        }
    }

    private void enableVirtualFunction() {
        tree.file(PCI + CARD + "/sriov_numvfs", "1\n")
                .file(PCI + VIRTUAL + "/uevent", "PCI_CLASS=20000\nPCI_ID=8086:1889\nDRIVER=vfio-pci\n")
                .link(PCI + VIRTUAL + "/physfn", "../" + CARD);
    }

    private Devices observe() {
        return DevicesProbe.observe(tree.files());
    }
}
