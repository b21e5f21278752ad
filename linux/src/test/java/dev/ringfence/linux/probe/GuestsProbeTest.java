package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestsProbeTest {
    private static final String STORED = "/etc/libvirt/qemu/";
    private static final String LIVE = "/run/libvirt/qemu/";

    @TempDir
    private Path root;

    @Test
    void readsStoredAndRunningGuests() {
        List<Guest> guests = guests(new HostTree(root)
                .file(STORED + "web.xml", "<!-- a warning -->" + domain("web", "kvm", ""))
                .file(STORED + "db.xml", domain("db", "kvm", ""))
                .directory(STORED + "networks")
                .file(LIVE + "web.xml", status(domain("web", "qemu", "")))
                .file(LIVE + "web.pid", "4"));
        assertThat(guests).extracting(Guest::name).containsExactly("db", "web");
        Guest web = guests.getLast();
        assertThat(value(web.running())).isTrue();
        assertThat(value(web.definition()).type()).isEqualTo("qemu");
        assertThat(value(web.stored()).type()).isEqualTo("kvm");
        Guest db = guests.getFirst();
        assertThat(value(db.running())).isFalse();
        assertThat(value(db.definition())).isEqualTo(value(db.stored()));
    }

    @Test
    void knowsTransientGuests() {
        Guest guest = guests(new HostTree(root).directory(STORED).file(LIVE + "t.xml", status(domain("t", "kvm", ""))))
                .getFirst();
        assertThat(value(guest.running())).isTrue();
        assertThat(isAbsent(guest.stored())).isTrue();
    }

    @Test
    void brokenGuestIsNotObservedAndTheRestGoesOn() {
        List<Guest> guests = guests(new HostTree(root)
                .file(STORED + "a.xml", "<domain><name>a</name")
                .fifo(STORED + "b.xml")
                .loop(STORED + "c.xml")
                .bytes(STORED + "d.xml", new byte[(4 << 20) + 2])
                .file(STORED + "e.xml", domain("e", "kvm", "")));
        assertThat(guests).extracting(Guest::name).containsExactly("a", "b", "c", "d", "e");
        assertThat(reason(guests.get(0).definition())).startsWith("RF-XML-");
        assertThat(reason(guests.get(1).definition())).contains("fifo");
        assertThat(reason(guests.get(2).definition())).contains("loop");
        assertThat(reason(guests.get(3).definition())).contains("larger");
        assertThat(value(guests.get(4).definition()).name()).isEqualTo("e");
        // Without its disks nobody may say that they are in order.
        assertThat(reason(guests.getFirst().disks())).startsWith("RF-XML-");
    }

    @Test
    void brokenLiveStateDoesNotFallBackToTheStoredDefinition() {
        Guest guest = guests(new HostTree(root)
                        .file(STORED + "web.xml", domain("web", "kvm", ""))
                        .file(LIVE + "web.xml", domain("web", "kvm", "")))
                .getFirst();
        assertThat(value(guest.running())).isTrue();
        assertThat(reason(guest.definition())).startsWith("RF-XML-009");
        assertThat(value(guest.stored()).name()).isEqualTo("web");
    }

    @Test
    void guestThatStoppedInBetweenIsNotRunning() {
        Guest guest = guests(new HostTree(root)
                        .file(STORED + "web.xml", domain("web", "kvm", ""))
                        .link(LIVE + "web.xml", "gone"))
                .getFirst();
        assertThat(value(guest.running())).isFalse();
        assertThat(value(guest.definition()).name()).isEqualTo("web");
    }

    @Test
    void findsWhatLiesBehindDisks() {
        List<Guest.GuestDisk> disks = disks(
                new HostTree(root)
                        .bytes("/img/a.qcow2", ImageSignatureTest.qcow2(3, "/img/base", 4, "/img/data"))
                        .bytes("/img/b.img", new byte[1024]),
                disk("file", "file='/img/a.qcow2'", "raw", "vda")
                        + disk("file", "file='/img/b.img'", "raw", "vdb")
                        + disk("file", "file='/img/missing'", "qcow2", "vdc")
                        + disk("network", "protocol='rbd' name='pool/image'", "raw", "vdd")
                        + "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>");
        assertThat(disks).extracting(Guest.GuestDisk::target).containsExactly("vda", "vdb", "vdc");
        Guest.GuestDisk lie = disks.get(0);
        assertThat(lie.declaredFormat()).isEqualTo("raw");
        assertThat(value(lie.detectedFormat())).isEqualTo("qcow2");
        assertThat(value(lie.backing())).isEqualTo("/img/base");
        assertThat(value(lie.dataFile())).isEqualTo("/img/data");
        assertThat(value(lie.file()).kind()).isEqualTo("file");
        assertThat(value(disks.get(1).detectedFormat())).isEqualTo("raw");
        assertThat(value(disks.get(1).backing())).isEmpty();
        assertThat(isAbsent(disks.get(2).detectedFormat())).isTrue();
    }

    @Test
    void saysWhatItCannotLookAt() {
        List<Guest.GuestDisk> disks = disks(
                new HostTree(root).fifo("/img/fifo").file("/img/v.vmdk", "KDMV"),
                disk("file", "file='/img/fifo'", "raw", "vda")
                        + disk("volume", "pool='default' volume='v'", "raw", "vdb")
                        + disk("file", "file='/img/v.vmdk'", "vmdk", "vdc")
                        + disk("file", "file='../x'", "raw", "vdd"));
        assertThat(reason(disks.get(0).detectedFormat())).contains("fifo");
        assertThat(value(disks.get(0).file()).kind()).isEqualTo("fifo");
        assertThat(reason(disks.get(1).detectedFormat())).contains("pool default");
        assertThat(value(disks.get(2).detectedFormat())).isEqualTo("vmdk");
        assertThat(reason(disks.get(2).backing())).contains("vmdk");
        assertThat(reason(disks.get(3).file())).contains("absolute");
    }

    @Test
    void imageThatAnArchiveLeftOutIsNotAbsent() {
        HostTree tree = new HostTree(root).file("/.ringfence/stat", "-rw------- 1 0 0 9 Nov 21 03:14 /img/kept\n");
        List<Guest.GuestDisk> disks = disks(
                tree,
                disk("file", "file='/img/left-out'", "raw", "vda") + disk("file", "file='/img/kept'", "raw", "vdb"));
        assertThat(reason(disks.get(0).detectedFormat())).contains("not in the archive");
        assertThat(reason(disks.get(0).file())).contains("not in the archive");
        assertThat(value(disks.get(1).file()).mode()).isEqualTo("0600");
    }

    @Test
    void hostWithoutLibvirtHasNoGuests() {
        assertThat(isAbsent(observe(new HostTree(root)))).isTrue();
    }

    @Test
    void directoryThatCannotBeListedLeavesNothingObserved() {
        HostTree tree = new HostTree(root)
                .file(STORED + "web.xml", domain("web", "kvm", ""))
                .loop("/run/libvirt/qemu");
        assertThat(reason(observe(tree))).contains("loop");
    }

    @Test
    void diskOfAHostThatIsOffDoesNotSayWhatRan() throws Exception {
        Path disk = root.resolve("disk");
        new HostTree(disk).file(STORED + "web.xml", domain("web", "kvm", "")).delete("/proc/version");
        HostFiles files = HostFiles.tree(disk);
        Guest guest = value(GuestsProbe.observe(files, new FileStatus(files))).getFirst();
        assertThat(reason(guest.running())).contains("/proc");
        assertThat(value(guest.definition()).name()).isEqualTo("web");
    }

    private static List<Guest.GuestDisk> disks(HostTree tree, String devices) {
        return value(guests(tree.file(STORED + "g.xml", domain("g", "kvm", devices)))
                .getFirst()
                .disks());
    }

    private static String disk(String type, String source, String format, String target) {
        return "<disk type='%s' device='disk'><driver name='qemu' type='%s'/><source %s/><target dev='%s' bus='virtio'/></disk>"
                .formatted(type, format, source, target);
    }

    static String domain(String name, String type, String devices) {
        return "<domain type='%s'><name>%s</name><uuid>6bcc4235-b269-4473-9ec4-5c4837645ce5</uuid><devices>%s</devices></domain>"
                .formatted(type, name, devices);
    }

    static String status(String domain) {
        return "<domstatus state='running' reason='booted' pid='4'>%s</domstatus>".formatted(domain);
    }

    private static List<Guest> guests(HostTree tree) {
        return value(observe(tree));
    }

    private static Fact<List<Guest>> observe(HostTree tree) {
        HostFiles files = tree.files();
        return GuestsProbe.observe(files, new FileStatus(files));
    }
}
