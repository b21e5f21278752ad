package dev.ringfence.formats.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.text.Outcomes;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every field of every record comes from its own word of the document. */
class EveryWordTest {
    /** Fields whose value must have a form of its own. */
    private static final Map<String, Set<String>> OTHER_VALUES = Map.ofEntries(
            Map.entry("Address.type", Set.of("pci", "ccw", "isa")),
            Map.entry("Address.pci", Set.of("0001:ff:1f.7")),
            Map.entry("DiskSource.pci", Set.of("0000:01:02.3")),
            Map.entry("InterfaceSource.pci", Set.of("0000:03:00.1")),
            Map.entry("Hostdev.pci", Set.of("0000:3b:00.1")),
            Map.entry("Hostdev.type", Set.of("pci", "usb")),
            Map.entry("Rng.backendModel", Set.of("random")),
            Map.entry("LaunchSecurity.type", Set.of("sev")),
            Map.entry("LaunchSecurity.policy", Set.of("0x0003")),
            Map.entry("LaunchSecurity.debugAllowed", Set.of("no")),
            Map.entry("LaunchSecurity.migrationAllowed", Set.of("yes")),
            Map.entry("Scheduler.target", Set.of("vcpusched", "iothreadsched", "emulatorsched")),
            Map.entry("Entry.section", Set.of("system")),
            Map.entry("Parameter.name", Set.of("name", "relaxed", "hidden", "passthrough", "interfaceid")),
            Map.entry("Element.namespaceUri", Set.of("http://openstack.org/xmlns/libvirt/nova/1.1", "urn:ringfence:1")),
            Map.entry("Element.name", Set.of("instance")));

    private final List<String> wrong = new ArrayList<>();
    private final Set<String> filled = new TreeSet<>();
    private final Set<String> all = new TreeSet<>();

    @Test
    void everyFieldIsFilledFromItsOwnWord() {
        visit(Outcomes.value(DomainXml.decode(Samples.bytes("every-word.xml"))));
        assertThat(wrong).isEmpty();
        all.removeAll(filled);
        assertThat(all).as("fields that no word fills").isEmpty();
        assertThat(filled).hasSizeGreaterThan(350);
    }

    private void visit(Record value) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String field = value.getClass().getSimpleName() + "." + component.getName();
            all.add(field);
            check(field, component.getName(), read(value, component));
        }
    }

    private void check(String field, String name, Object value) {
        switch (value) {
            case String text -> {
                boolean xml = field.equals("Element.xml");
                if (!text.isEmpty()) {
                    filled.add(field);
                }
                if (!text.isEmpty()
                        && !xml
                        && !OTHER_VALUES.getOrDefault(field, Set.of(name)).contains(text)) {
                    wrong.add(field + " = " + text);
                }
            }
            case Long number -> {
                if (number != -1) {
                    filled.add(field);
                }
            }
            case Boolean flag -> {
                if (flag) {
                    filled.add(field);
                }
            }
            case List<?> items -> {
                if (!items.isEmpty()) {
                    filled.add(field);
                }
                items.stream().filter(Record.class::isInstance).forEach(item -> visit((Record) item));
            }
            case Map<?, ?> map -> {
                if (!map.isEmpty()) {
                    filled.add(field);
                }
            }
            case Record inner -> {
                filled.add(field);
                visit(inner);
            }
            default -> wrong.add(field + " has a type that policies cannot read");
        }
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Test
    void numbersAndListsComeFromTheirOwnWords() {
        Domain domain = Outcomes.value(DomainXml.decode(Samples.bytes("every-word.xml")));
        Devices devices = domain.devices();
        Disk disk = devices.disks().getFirst();
        assertThat(domain.id()).isEqualTo(71);
        assertThat(domain.iothreads()).isEqualTo(3);
        assertThat(domain.vcpu().count()).isEqualTo(4);
        assertThat(domain.vcpu().current()).isEqualTo(2);
        assertThat(domain.memory().sizeBytes()).isEqualTo(4L << 30);
        assertThat(domain.memory().currentMemorySizeBytes()).isEqualTo(3072L << 20);
        assertThat(domain.memory().maxMemorySizeBytes()).isEqualTo(8L << 30);
        assertThat(domain.memory().maxMemorySlots()).isEqualTo(16);
        assertThat(domain.memoryBacking().allocationThreads()).isEqualTo(9);
        assertThat(domain.memoryBacking().pages().getFirst().sizeBytes()).isEqualTo(1L << 30);
        assertThat(domain.memtune()).isEqualTo(new MemTune(21 << 10, 22 << 10, 23 << 10, 24 << 10));
        assertThat(domain.cputune().shares()).isEqualTo(1024);
        assertThat(List.of(
                        domain.cputune().periodMicros(),
                        domain.cputune().quotaMicros(),
                        domain.cputune().globalPeriodMicros(),
                        domain.cputune().globalQuotaMicros(),
                        domain.cputune().emulatorPeriodMicros(),
                        domain.cputune().emulatorQuotaMicros(),
                        domain.cputune().iothreadPeriodMicros(),
                        domain.cputune().iothreadQuotaMicros()))
                .containsExactly(1001L, 1002L, 1003L, 1004L, 1005L, 1006L, 1007L, 1008L);
        assertThat(domain.cputune().schedulers().stream().map(CpuTune.Scheduler::priority))
                .containsExactly(11L, 12L, 13L);
        assertThat(domain.blkiotune().weight()).isEqualTo(500);
        assertThat(domain.blkiotune().devices()).containsExactly(new BlkioTune.Device("path", 501, 502, 503, 504, 505));
        assertThat(domain.cpu().topology()).isEqualTo(new Cpu.Topology(31, 32, 33, 34, 35));
        assertThat(domain.cpu().cacheLevel()).isEqualTo(3);
        assertThat(domain.cpu().numaCells())
                .containsExactly(new Cpu.NumaCell(41, "cpus", 1L << 30, "memAccess", "discard"));
        assertThat(domain.features().smmTsegSizeBytes()).isEqualTo(48 << 20);
        assertThat(domain.features().states()).containsEntry("smm", "smm").containsEntry("acpi", "on");
        assertThat(domain.os().bootDevs()).containsExactly("hd", "network");
        assertThat(domain.launchSecurity().policyBits()).isEqualTo(3);
        assertThat(domain.launchSecurity().cbitpos()).isEqualTo(47);
        assertThat(domain.launchSecurity().reducedPhysBits()).isEqualTo(1);
        assertThat(domain.metadata().nova().flavor().memorySizeBytes()).isEqualTo(2048L << 20);
        assertThat(domain.metadata().nova().flavor().diskSizeBytes()).isEqualTo(20L << 30);
        assertThat(domain.metadata().nova().flavor().swapSizeBytes()).isEqualTo(3L << 20);
        assertThat(domain.metadata().nova().flavor().ephemeralSizeBytes()).isEqualTo(5L << 30);
        assertThat(domain.metadata().nova().flavor().vcpus()).isEqualTo(6);
        assertThat(domain.metadata().nova().flavor().extraSpecs())
                .containsExactly(Map.entry("hw:cpu_policy", "dedicated"));
        assertThat(domain.metadata().nova().imageProperties()).containsExactly(Map.entry("hw_disk_bus", "virtio"));
        assertThat(domain.metadata().ringfence().values())
                .containsExactlyInAnyOrderEntriesOf(Map.of("owner", "acme", "policy", "gold"));
        assertThat(domain.qemu().args()).containsExactly("-s", "-S");
        assertThat(domain.qemu().capabilitiesAdd()).containsExactly("blockdev");
        assertThat(domain.qemu().capabilitiesDel()).containsExactly("drive");
        assertThat(domain.unknownElements()).containsExactly("future");
        assertThat(domain.extensions())
                .containsExactly(
                        "{http://libvirt.org/schemas/domain/qemu/1.0}commandline",
                        "{http://libvirt.org/schemas/domain/qemu/1.0}override",
                        "{http://libvirt.org/schemas/domain/qemu/1.0}capabilities",
                        "{http://libvirt.org/schemas/domain/qemu/1.0}deprecation");

        assertThat(devices.unknownDevices()).containsExactly("teleporter");
        assertThat(disk.driver().iothread()).isEqualTo(51);
        assertThat(disk.driver().queues()).isEqualTo(52);
        assertThat(disk.driver().queueSize()).isEqualTo(53);
        assertThat(disk.source().index()).isEqualTo(54);
        assertThat(disk.source().cookieNames()).containsExactly("session");
        assertThat(disk.dataStores().stream().map(Disk.BackingStore::index)).containsExactly(55L);
        assertThat(disk.backingStores().stream().map(Disk.BackingStore::index)).containsExactly(56L, 57L);
        assertThat(disk.target().rotationRate()).isEqualTo(58);
        assertThat(disk.iotune())
                .isEqualTo(new Disk.IoTune(61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, "groupName"));
        assertThat(disk.throttlefilters()).containsExactly("limit0");
        assertThat(disk.bootOrder()).isEqualTo(1);
        Controller controller = devices.controllers().getFirst();
        assertThat(List.of(
                        controller.index(),
                        controller.ports(),
                        controller.vectors(),
                        controller.chassis(),
                        controller.queues(),
                        controller.cmdPerLun(),
                        controller.maxSectors(),
                        controller.iothread()))
                .containsExactly(81L, 82L, 83L, 84L, 85L, 86L, 87L, 88L);
        Interface nic = devices.interfaces().getFirst();
        assertThat(List.of(
                        nic.driver().queues(),
                        nic.driver().rxQueueSize(),
                        nic.driver().txQueueSize()))
                .containsExactly(91L, 92L, 93L);
        assertThat(nic.inbound()).isEqualTo(new Interface.Bandwidth(101, 102, 103, 104));
        assertThat(nic.outbound()).isEqualTo(new Interface.Bandwidth(105, 106, 107, -1));
        assertThat(nic.vlanTags()).containsExactly(new Interface.VlanTag(42, "nativeMode"));
        assertThat(nic.ips()).containsExactly("192.0.2.7/24");
        assertThat(nic.portForwards().getFirst().ranges())
                .containsExactly(new Interface.PortRange(111, 112, 113, "exclude"));
        assertThat(List.of(nic.mtuSizeBytes(), nic.bootOrder())).containsExactly(1500L, 2L);
        Graphics graphics = devices.graphics().getFirst();
        assertThat(List.of(graphics.port(), graphics.tlsPort(), graphics.websocket(), graphics.audioId()))
                .containsExactly(5900L, 5901L, 5700L, 4L);
        assertThat(devices.videos().getFirst().vramSizeBytes()).isEqualTo(16 << 10);
        assertThat(devices.videos().getFirst().heads()).isEqualTo(2);
        assertThat(devices.hostdevs().getFirst().bootOrder()).isEqualTo(3);
        assertThat(devices.filesystems().getFirst().uids()).containsExactly(new Filesystem.IdRange(1, 1000, 10));
        assertThat(devices.filesystems().getFirst().gids()).containsExactly(new Filesystem.IdRange(2, 2000, 20));
        assertThat(devices.tpms().getFirst().activePcrBanks()).containsExactly("sha256", "sha384");
        assertThat(devices.rngs().getFirst().rateBytes()).isEqualTo(1024);
        assertThat(devices.rngs().getFirst().ratePeriodMillis()).isEqualTo(2000);
        assertThat(devices.memballoons().getFirst().statsPeriodSeconds()).isEqualTo(10);
        assertThat(devices.shmems().getFirst().sizeBytes()).isEqualTo(4 << 20);
        assertThat(devices.vsocks().getFirst().cidAddress()).isEqualTo(3);
        assertThat(devices.iommus().getFirst().awBits()).isEqualTo(48);
        assertThat(devices.cryptos().getFirst().backendQueues()).isEqualTo(2);
        assertThat(devices.redirdevs().getFirst().bootOrder()).isEqualTo(4);
        assertThat(devices.memories().getFirst().targetSizeBytes()).isEqualTo(512 << 20);
        assertThat(devices.memories().getFirst().targetNode()).isEqualTo(1);
        assertThat(devices.pstores().getFirst().sizeBytes()).isEqualTo(64 << 10);
    }
}
