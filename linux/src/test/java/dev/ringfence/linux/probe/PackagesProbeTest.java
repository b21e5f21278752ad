package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagesProbeTest {
    private static final String STATUS = "/var/lib/dpkg/status";

    @TempDir
    private Path root;

    @Test
    void namesInstalledPackagesWithTheirVersions() {
        HostTree tree = new HostTree(root).file(STATUS, """
                Package: qemu-system-x86
                Status: install ok installed
                Version: 1:7.2+dfsg-7
                Description: emulator
                 Version: 9 is not this one

                Package: kept
                Status: hold ok installed
                Version: 2
                """);
        assertThat(value(PackagesProbe.observe(tree.files())))
                .containsOnly(java.util.Map.entry("qemu-system-x86", "1:7.2+dfsg-7"), java.util.Map.entry("kept", "2"));
    }

    @Test
    void countsPackagesWhoseFilesAreThereAndNoOthers() {
        HostTree tree = new HostTree(root).file(STATUS, """
                Package: unpacked
                Status: install ok unpacked
                Version: 1

                Package: broken
                Status: install reinstreq half-installed
                Version: 1

                Package: removed
                Status: deinstall ok config-files
                Version: 1
                """);
        assertThat(value(PackagesProbe.observe(tree.files()))).containsOnlyKeys("unpacked");
    }

    @Test
    void doesNotObserveAnotherKindOfDatabase() {
        HostTree tree = new HostTree(root).file("/var/lib/rpm/rpmdb.sqlite", "");
        assertThat(reason(PackagesProbe.observe(tree.files()))).contains("rpm");
        assertThat(reason(PackagesProbe.observe(new HostTree(root.resolve("empty")).files())))
                .contains("no package database");
    }

    @Test
    void doesNotTakeAnEmptyDatabaseForAHostWithoutPackages() {
        assertThat(reason(PackagesProbe.observe(
                        new HostTree(root).file(STATUS, "").files())))
                .startsWith("RF-DPK-");
    }

    @Test
    void doesNotWaitForAFifo() {
        assertThat(reason(PackagesProbe.observe(new HostTree(root).fifo(STATUS).files())))
                .contains("fifo");
    }
}
