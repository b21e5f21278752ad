package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Mount;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsProbeTest {
    private static final String HEAD = "22 1 ";

    @TempDir
    private Path root;

    @Test
    void readsTargetSourceAndBothKindsOfOptions() {
        Mount mount =
                only(HEAD + "8:1 / /var/lib/nova\\040x rw,nosuid shared:1 master:2 - ext4 /dev/sda1 rw,errors=panic\n");
        assertThat(mount.target()).isEqualTo("/var/lib/nova x");
        assertThat(mount.source()).isEqualTo("/dev/sda1");
        assertThat(mount.type()).isEqualTo("ext4");
        assertThat(mount.options()).containsExactly("rw", "nosuid", "errors=panic");
    }

    @Test
    void readOnlyMountOfWritableFileSystemIsReadOnly() {
        assertThat(only(HEAD + "8:1 / /a ro,nodev - ext4 /dev/sda1 rw\n").options())
                .contains("ro")
                .doesNotContain("rw");
    }

    @Test
    void keepsTheMountOnTop() {
        List<Mount> mounts = mounts(new HostTree(root)
                .file(
                        "/proc/1/mountinfo",
                        HEAD + "0:30 / /a rw - autofs systemd-1 rw\n" + HEAD + "8:1 / /a rw - ext4 /dev/sda1 rw\n"));
        assertThat(mounts).extracting(Mount::type).containsExactly("ext4");
    }

    @Test
    void followsPartitionVolumeAndRaidDownToEncryption() {
        HostTree tree = new HostTree(root)
                .file(
                        "/proc/1/mountinfo",
                        HEAD + "253:2 / / rw - ext4 /dev/mapper/vg-root rw\n" + HEAD
                                + "253:3 / /plain rw - ext4 /dev/mapper/vg-plain rw\n")
                .link("/sys/dev/block/253:2", "../../devices/virtual/block/dm-2")
                .link("/sys/dev/block/253:3", "../../devices/virtual/block/dm-3")
                .file("/sys/devices/virtual/block/dm-2/dm/uuid", "LVM-abc\n")
                .file("/sys/devices/virtual/block/dm-3/dm/uuid", "LVM-def\n")
                .directory("/sys/devices/virtual/block/dm-2/slaves/dm-0")
                .directory("/sys/devices/virtual/block/dm-3/slaves/dm-0")
                .directory("/sys/devices/virtual/block/dm-3/slaves/sdb1")
                .file("/sys/class/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123\n")
                .link("/sys/class/block/sdb1", "../../devices/pci/sdb/sdb1")
                .file("/sys/devices/pci/sdb/sdb1/partition", "1\n")
                .directory("/sys/devices/pci/sdb/slaves");
        List<Mount> mounts = mounts(tree);
        assertThat(value(mounts.get(0).encrypted())).isTrue();
        assertThat(value(mounts.get(1).encrypted())).isFalse();
    }

    @Test
    void followsPartitionOfEncryptedRaid() {
        HostTree tree = new HostTree(root)
                .file("/proc/1/mountinfo", HEAD + "259:1 / / rw - ext4 /dev/md0p1 rw\n")
                .link("/sys/dev/block/259:1", "../../devices/virtual/block/md0/md0p1")
                .file("/sys/devices/virtual/block/md0/md0p1/partition", "1\n")
                .directory("/sys/devices/virtual/block/md0/slaves/dm-5")
                .file("/sys/class/block/dm-5/dm/uuid", "CRYPT-PLAIN-x\n");
        assertThat(value(mounts(tree).getFirst().encrypted())).isTrue();
    }

    @Test
    void findsDeviceOfBtrfsByItsMappingName() {
        HostTree tree = new HostTree(root)
                .file("/proc/1/mountinfo", HEAD + "0:41 /@ / rw - btrfs /dev/mapper/cryptroot rw\n")
                .file("/sys/class/block/dm-7/dm/name", "cryptroot\n")
                .file("/sys/class/block/dm-7/dm/uuid", "CRYPT-LUKS1-x\n");
        assertThat(value(mounts(tree).getFirst().encrypted())).isTrue();
    }

    @Test
    void saysNothingOfEncryptionThatItCannotFollow() {
        List<Mount> mounts = mounts(new HostTree(root)
                .file(
                        "/proc/1/mountinfo",
                        HEAD + "8:9 / /gone rw - ext4 /dev/sda9 rw\n"
                                + HEAD + "0:50 / /nfs rw - nfs4 nas:/x rw\n"
                                + HEAD + "0:51 / /zfs rw - zfs tank rw\n"
                                + HEAD + "7:0 / /loop rw - squashfs /dev/loop0 ro\n"
                                + HEAD + "0:52 / /tmp rw - tmpfs tmpfs rw\n")
                .file("/sys/dev/block/7:0/loop/backing_file", "/var/x.img\n"));
        assertThat(mounts.subList(0, 4))
                .allSatisfy(m -> assertThat(reason(m.encrypted())).isNotBlank());
        assertThat(isAbsent(mounts.get(4).encrypted())).isTrue();
    }

    @Test
    void endsOnDevicesThatLieOnEachOther() {
        HostTree tree = new HostTree(root).file("/proc/1/mountinfo", HEAD + "9:0 / / rw - ext4 /dev/md0 rw\n");
        for (int i = 0; i < 8; i++) {
            tree.directory("/sys/dev/block/9:0/slaves/md" + i);
            for (int j = 0; j < 8; j++) {
                tree.directory("/sys/class/block/md" + i + "/slaves/md" + j);
            }
        }
        assertThat(reason(mounts(tree).getFirst().encrypted())).contains("without end");
    }

    @Test
    void skipsLinesThatAreNoMounts() {
        assertThat(mounts(new HostTree(root).file("/proc/1/mountinfo", "\n- - -\n1 2 3 4 5 6\nx\n1 2 3 / / rw -\n")))
                .isEmpty();
    }

    @Test
    void takesOwnMountsWhereThoseOfProcessOneCannotBeRead() {
        HostTree tree = new HostTree(root)
                .fifo("/proc/1/mountinfo")
                .file("/proc/self/mountinfo", HEAD + "0:21 / /proc rw - proc proc rw\n");
        assertThat(mounts(tree)).extracting(Mount::target).containsExactly("/proc");
        assertThat(reason(MountsProbe.observe(tree.delete("/proc/self/mountinfo")
                        .loop("/proc/self/mountinfo")
                        .files())))
                .contains("loop");
    }

    @Test
    void observesLiveHost() {
        List<Mount> mounts = value(MountsProbe.observe(HostFiles.live()));
        assertThat(mounts).extracting(Mount::target).contains("/", "/proc").doesNotHaveDuplicates();
        assertThat(mounts)
                .filteredOn(m -> m.type().equals("proc"))
                .allSatisfy(m -> assertThat(isAbsent(m.encrypted())).isTrue());
    }

    private Mount only(String line) {
        return mounts(new HostTree(root).file("/proc/1/mountinfo", line)).getFirst();
    }

    private static List<Mount> mounts(HostTree tree) {
        return value(MountsProbe.observe(tree.files()));
    }
}
