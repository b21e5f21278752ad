package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesProbeTest {
    @TempDir
    private Path root;

    @Test
    void pathIsThereOrAbsent() {
        Map<String, Fact<FileFacts>> files = observe(new HostTree(root).file("/etc/a", ""), "/etc/a", "/etc/b");
        assertThat(value(at(files, "/etc/a")).kind()).isEqualTo("file");
        assertThat(isAbsent(at(files, "/etc/b"))).isTrue();
    }

    @Test
    void patternStandsForWhatTheHostHas() {
        HostTree tree = new HostTree(root)
                .file("/etc/hooks/qemu", "")
                .file("/etc/hooks/qemu.d/1", "")
                .file("/etc/hooks/qemu.d/.2", "")
                .file("/etc/hooks/a.conf", "")
                .file("/etc/hooks/aXconf", "");
        assertThat(observe(tree, "/etc/hooks/*/*")).containsOnlyKeys("/etc/hooks/qemu.d/1", "/etc/hooks/qemu.d/.2");
        assertThat(observe(tree, "/etc/*/*.conf")).containsOnlyKeys("/etc/hooks/a.conf");
        assertThat(observe(tree, "/etc/none/*")).isEmpty();
    }

    @Test
    void patternOfADirectoryThatCannotBeListedIsNotObserved() {
        Map<String, Fact<FileFacts>> files = observe(new HostTree(root).loop("/etc/loop"), "/etc/loop/*");
        assertThat(files).containsOnlyKeys("/etc/loop/*");
        assertThat(reason(at(files, "/etc/loop/*"))).contains("loop");
    }

    @Test
    void tooManyFilesAreSaidToBeTooMany() {
        HostTree tree = new HostTree(root);
        for (int i = 0; i <= WatchedPaths.MATCH_LIMIT; i++) {
            tree.file("/img/" + i, "");
        }
        Map<String, Fact<FileFacts>> files = observe(tree, "/img/*");
        assertThat(files).hasSize(WatchedPaths.MATCH_LIMIT + 1);
        assertThat(reason(at(files, "/img/*"))).contains("too many");
    }

    @Test
    void archiveTellsOfFilesThatItDoesNotHold() {
        HostTree tree = new HostTree(root)
                .file("/.ringfence/stat", "-rw-r----- 1 0 0 9 Nov 21 03:14 /etc/pki/private/serverkey.pem\n");
        Map<String, Fact<FileFacts>> files = observe(tree, "/etc/pki/private/*");
        assertThat(value(at(files, "/etc/pki/private/serverkey.pem")).mode()).isEqualTo("0640");
    }

    @Test
    void watchedPathsAreAbsoluteAndNamedOnce() {
        assertThat(WatchedPaths.all()).doesNotHaveDuplicates().allMatch(path -> path.startsWith("/"));
        assertThat(WatchedPaths.all()).contains("/dev/kvm", "/etc/libvirt/qemu/*.xml", "/etc/nova/rootwrap.d/*");
    }

    @Test
    void looksAtEveryWatchedPath() {
        HostFiles files = new HostTree(root).file("/etc/nova/nova.conf", "").files();
        Map<String, Fact<FileFacts>> observed = FilesProbe.observe(files, new FileStatus(files));
        assertThat(value(at(observed, "/etc/nova/nova.conf")).kind()).isEqualTo("file");
        assertThat(observed).containsKeys("/etc/libvirt", "/var/lib/nova/instances");
    }

    private static Fact<FileFacts> at(Map<String, Fact<FileFacts>> files, String path) {
        return Objects.requireNonNull(files.get(path), path);
    }

    private static Map<String, Fact<FileFacts>> observe(HostTree tree, String... watched) {
        HostFiles files = tree.files();
        return FilesProbe.observe(files, new FileStatus(files), List.of(watched));
    }
}
