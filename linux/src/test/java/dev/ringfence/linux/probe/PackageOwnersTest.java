package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageOwnersTest {
    private static final String INFO = "/var/lib/dpkg/info/";
    private static final String MD5 = "30d041a0b888e3be1b0aab0af8b4bb7c";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void aDatabase() {
        tree = new HostTree(root)
                .file(
                        INFO + "qemu-system-x86.list",
                        "/.\n/usr/bin\n/usr/bin/qemu-system-x86_64-microvm\n/usr/bin/qemu-system-x86_64\n")
                .file(
                        INFO + "qemu-system-x86.md5sums",
                        "00000000000000000000000000000000  usr/bin/qemu-system-x86_64-microvm\n" + MD5
                                + "  usr/bin/qemu-system-x86_64\n")
                .file(INFO + "libc6:amd64.list", "/lib/x86_64-linux-gnu/libc.so.6")
                .file(INFO + "libc6:amd64.md5sums", "")
                .file(INFO + "qemu-system-x86.postinst", "/usr/bin/other\n");
    }

    @Test
    void findsOwnerAndChecksum() {
        PackageOwners.PackageFile found = value(new PackageOwners(tree.files()).of("/usr/bin/qemu-system-x86_64"));
        assertThat(found.packageName()).isEqualTo("qemu-system-x86");
        assertThat(found.md5()).isEqualTo(MD5);
    }

    @Test
    void doesNotTakePartOfALineForAFile() {
        PackageOwners owners = new PackageOwners(tree.files());
        assertThat(isAbsent(owners.of("/usr/bin/qemu-system-x86"))).isTrue();
        assertThat(isAbsent(owners.of("/bin/qemu"))).isTrue();
        assertThat(isAbsent(owners.of("/usr/bin/other"))).isTrue();
    }

    @Test
    void knowsBothNamesOfAMergedDirectory() {
        PackageOwners owners = new PackageOwners(tree.files());
        assertThat(value(owners.of("/usr/lib/x86_64-linux-gnu/libc.so.6")))
                .isEqualTo(new PackageOwners.PackageFile("libc6", ""));
        assertThat(value(owners.of("/bin/qemu-system-x86_64")).packageName()).isEqualTo("qemu-system-x86");
    }

    @Test
    void doesNotSayThatNobodyOwnsAFileWhenAListCannotBeRead() {
        tree.fifo(INFO + "aaa.list");
        assertThat(reason(new PackageOwners(tree.files()).of("/usr/bin/unknown")))
                .contains("fifo");
    }

    @Test
    void doesNotObserveWithoutADatabase() {
        assertThat(reason(new PackageOwners(new HostTree(root.resolve("empty")).files()).of("/usr/bin/x")))
                .contains("no package database");
    }
}
