package dev.ringfence.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a capture does not hold: absent, unread and unknown are three things. */
final class CapturedFilesTest {
    private static final String HEADER = "capture\t1\nuid\t0\nat\t1795000000\nacl\tyes\nlabels\tnone\n";

    @TempDir
    private Path root = Path.of("");

    @Test
    void whatTheCollectorSawMissingIsAbsent() throws IOException {
        HostFiles files = capture("absent\t/etc/nova\n", "");

        assertThat(files.text("/etc/nova")).isInstanceOf(Fact.Absent.class);
        assertThat(files.text("/etc/nova/nova.conf")).isInstanceOf(Fact.Absent.class);
        assertThat(files.list("/etc/nova/rootwrap.d")).isInstanceOf(Fact.Absent.class);
        assertThat(files.link("/etc/nova/link")).isInstanceOf(Fact.Absent.class);
        assertThat(files.exists("/etc/nova")).isEqualTo(Fact.of(false, "/etc/nova", "stat"));
        assertThat(new FileStatus(files).of("/etc/nova/nova.conf")).isInstanceOf(Fact.Absent.class);
    }

    @Test
    void whatTheCollectorDidNotLookAtIsUnknown() throws IOException {
        HostFiles files = capture("absent\t/etc/nova\n", "");

        assertThat(reason(files.text("/etc/novax"))).isEqualTo("not in the capture");
        assertThat(reason(files.list("/etc"))).isEqualTo("not in the capture");
        assertThat(reason(files.exists("/etc/neutron"))).isEqualTo("not in the capture");
        assertThat(reason(files.link("/etc/localtime"))).isEqualTo("not in the capture");
        assertThat(reason(new FileStatus(files).of("/etc/neutron"))).isEqualTo("not in the capture");
    }

    @Test
    void whatWasNotAllowedSaysSo() throws IOException {
        HostFiles files = capture(
                "unread\t/etc/libvirt/qemu\tPermission denied\nunread\t/etc/shadow\ta secret, left on the host\nthere\t/etc/shadow\n",
                "");

        assertThat(reason(files.text("/etc/libvirt/qemu/web-7.xml"))).isEqualTo("permission denied; run as root");
        assertThat(reason(files.list("/etc/libvirt/qemu"))).isEqualTo("permission denied; run as root");
        assertThat(reason(files.text("/etc/shadow"))).isEqualTo("a secret, left on the host");
        assertThat(files.exists("/etc/shadow").orElse(false)).isTrue();
    }

    @Test
    void reasonsReadAsOnALiveHost() throws IOException {
        HostFiles files = capture(
                "unread\t/a\tOperation not permitted\nunread\t/b\tNo such process\nunread\t/c\tInvalid argument\n", "");

        assertThat(reason(files.text("/a"))).isEqualTo("permission denied; run as root");
        assertThat(reason(files.text("/b"))).isEqualTo("the process ended while it was read");
        assertThat(reason(files.text("/c"))).isEqualTo("Invalid argument");
    }

    @Test
    void theNearestObservationCounts() throws IOException {
        HostFiles files = capture(
                "unread\t/proc\tprocesses of other users are hidden; run as root\nabsent\t/proc/sys/kernel/yama\n", "");

        assertThat(files.line("/proc/sys/kernel/yama/ptrace_scope")).isInstanceOf(Fact.Absent.class);
        assertThat(reason(files.list("/proc"))).isEqualTo("processes of other users are hidden; run as root");
    }

    @Test
    void aListedDirectoryHasTheNamesThatWereRecordedAndNoOthers() throws IOException {
        write("etc/modprobe.d/a.conf", "blacklist a\n");
        HostFiles files = capture("""
                there\t/etc/modprobe.d/a.conf
                there\t/etc/modprobe.d/b.conf
                dangling\t/etc/modprobe.d/c.conf
                there\t/etc/modprobe.d/sub/inner
                listed\t/etc/modprobe.d
                """, "");

        assertThat(files.list("/etc/modprobe.d").orElse(List.of())).containsExactly("a.conf", "b.conf", "c.conf");
        assertThat(files.text("/etc/modprobe.d/a.conf").orElse("")).isEqualTo("blacklist a\n");
        assertThat(reason(files.text("/etc/modprobe.d/b.conf"))).isEqualTo("left out of the capture");
        assertThat(files.exists("/etc/modprobe.d/b.conf").orElse(false)).isTrue();
        assertThat(files.exists("/etc/modprobe.d/c.conf").orElse(true)).isFalse();
        assertThat(files.text("/etc/modprobe.d/d.conf")).isInstanceOf(Fact.Absent.class);
        // A file is no directory, listed or not.
        assertThat(files.list("/etc/modprobe.d/a.conf")).isInstanceOf(Fact.Absent.class);
    }

    @Test
    void aCopyAloneDoesNotMakeADirectoryListed() throws IOException {
        write("etc/passwd", "root:x:0:0:::\n");
        HostFiles files = capture("", "");

        assertThat(reason(files.list("/etc"))).isEqualTo("not in the capture");
    }

    @Test
    void pathsAreFollowedThroughLinksOfTheTree() throws IOException {
        Files.createDirectories(root.resolve("usr/lib"));
        Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
        HostFiles files =
                capture("absent\t/usr/lib/modprobe.d\n", "drwxr-xr-x 2 0 0 4096 Nov 21 02:14 /usr/lib/qemu\n");

        assertThat(files.list("/lib/modprobe.d")).isInstanceOf(Fact.Absent.class);
        assertThat(new FileStatus(files).of("/lib/qemu")).isInstanceOf(Fact.Observed.class);
    }

    @Test
    void ownersAndModesAreThoseOfTheHost() throws IOException {
        write("etc/passwd", "root:x:0:0:::\nnova:x:64060:64060:::\n");
        write("etc/group", "root:x:0:\nnova:x:64060:\n");
        write("etc/nova/nova.conf", "");
        HostFiles files = capture("", """
                -rw-r-----+ 1 0 64060 0 Nov 21 02:14 /etc/nova/nova.conf
                drwxrwsrwt 2 64060 64060 4096 Nov 21  2025 /etc/nova
                crw-rw-rw- 1 0 104 10, 232 Nov 20 14:25 /dev/kvm
                srwx------. 1 0 0 0 Nov 20 14:25 /run/libvirt/a socket
                -rwSr-Sr-T 1 7 8 0 Nov 20 14:25 /odd
                """);
        FileStatus status = new FileStatus(files);

        FileFacts conf = value(status.of("/etc/nova/nova.conf"));
        assertThat(conf.owner() + ":" + conf.group() + " " + conf.mode() + " " + conf.kind())
                .isEqualTo("root:nova 0640 file");
        assertThat(conf.acl().orElse(false)).isTrue();
        assertThat(conf.label().orElse("?")).isEmpty();
        FileFacts directory = value(status.of("/etc/nova"));
        assertThat(directory.mode() + " " + directory.kind()).isEqualTo("3777 directory");
        assertThat(directory.acl().orElse(true)).isFalse();
        assertThat(value(status.of("/dev/kvm")).kind()).isEqualTo("character-device");
        assertThat(value(status.of("/dev/kvm")).group()).isEqualTo("104");
        assertThat(value(status.of("/run/libvirt/a socket")).kind()).isEqualTo("socket");
        assertThat(value(status.of("/odd")).mode()).isEqualTo("7644");
        assertThat(value(status.of("/odd")).setuid()).isTrue();
        assertThat(reason(files.text("/dev/kvm"))).isEqualTo("not a regular file but a character-device");
        assertThat(files.exists("/dev/kvm").orElse(false)).isTrue();
    }

    @Test
    void copiesWithoutARecordHaveNoOwner() throws IOException {
        write("etc/nova/nova.conf", "");
        HostFiles files = capture("", "");

        assertThat(reason(new FileStatus(files).of("/etc/nova/nova.conf")))
                .isEqualTo("the capture did not record its owner and mode");
    }

    @Test
    void accessListsAndLabelsAreUnseenWhereTheHostsLsDoesNotShowThem() throws IOException {
        index("capture\t1\nuid\t0\nat\t1\nacl\tno\nlabels\tunseen\n");
        stat("-rw-r----- 1 0 0 0 Nov 21 02:14 /a\n-rw-r-----+ 1 0 0 0 Nov 21 02:14 /b\n");
        FileStatus status = new FileStatus(HostFiles.tree(root));

        assertThat(value(status.of("/a")).acl()).isInstanceOf(Fact.NotObserved.class);
        assertThat(value(status.of("/b")).acl().orElse(false)).isTrue();
        assertThat(value(status.of("/a")).label()).isInstanceOf(Fact.NotObserved.class);
    }

    @Test
    void labelsAreRecorded() throws IOException {
        index("capture\t1\nlabels\tyes\nacl\tyes\n");
        stat(
                "-rw-r----- 1 0 0 0 Nov 21 02:14 /a\n-rw-r----- 1 0 0 0 Nov 21 02:14 /b\n-rw-r----- 1 0 0 0 Nov 21 02:14 /c\n");
        write(".ringfence/labels", "system_u:object_r:svirt_image_t:s0:c1,c2 /a\n? /b\n");
        FileStatus status = new FileStatus(HostFiles.tree(root));

        assertThat(value(status.of("/a")).label().orElse("")).isEqualTo("system_u:object_r:svirt_image_t:s0:c1,c2");
        assertThat(value(status.of("/b")).label().orElse("?")).isEmpty();
        assertThat(value(status.of("/c")).label()).isInstanceOf(Fact.NotObserved.class);
    }

    @Test
    void linksAreRecorded() throws IOException {
        HostFiles files = capture("listed\t/proc/8/fd\n", """
                lrwxrwxrwx 1 0 0 0 Nov 21 02:05 /proc/7/exe -> /usr/bin/qemu (deleted)
                lrwxrwxrwx 1 0 0 0 Nov 21 02:05 /proc/1/exe
                lrwx------ 1 0 0 64 Nov 21 02:05 /proc/7/fd/3 -> socket:[17]
                """);

        assertThat(files.link("/proc/7/exe").orElse("")).isEqualTo("/usr/bin/qemu (deleted)");
        assertThat(reason(files.link("/proc/1/exe"))).isEqualTo("permission denied; run as root");
        assertThat(files.links("/proc/7/fd").orElse(Map.of())).containsExactly(Map.entry("3", "socket:[17]"));
        assertThat(files.links("/proc/8/fd").orElse(Map.of("?", "?"))).isEmpty();
        assertThat(reason(files.links("/proc/9/fd"))).isEqualTo("not in the capture");
    }

    @Test
    void knowsWhenAndByWhomItWasMade() throws IOException {
        HostFiles files = capture("", "");

        assertThat(files.takenAt().orElse(Instant.EPOCH)).isEqualTo(Instant.ofEpochSecond(1_795_000_000L));
        assertThat(files.takenBy()).isZero();
        assertThat(HostFiles.live().takenAt()).isInstanceOf(Fact.Absent.class);
        assertThat(HostFiles.live().takenBy()).isEqualTo(-1);
    }

    @Test
    void aTreeWithoutAnIndexIsAllThereIs() throws IOException {
        write("etc/passwd", "");
        HostFiles files = HostFiles.tree(root);

        assertThat(files.text("/etc/nova/nova.conf")).isInstanceOf(Fact.Absent.class);
        assertThat(files.list("/etc").orElse(List.of())).containsExactly("passwd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "there\t/a\n",
                "capture\t2\n",
                "capture\t1\nnonsense\n",
                "capture\t1\nmoved\t/a\n",
                "capture\t1\n\nthere\t/a\n"
            })
    void refusesAnIndexThatIsNone(String text) throws IOException {
        index(text);

        assertThatThrownBy(() -> HostFiles.tree(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("use the collect.sh of this version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\n",
                "-rw-r--r-- 1 0 0 12 Nov 21 02:14 relative\n",
                "-rw-r--r-- 1 root root 12 Nov 21 02:14 /a\n",
                "?rw-r--r-- 1 0 0 12 Nov 21 02:14 /a\n",
                "-rw-r--r? 1 0 0 12 Nov 21 02:14 /a\n",
                "-rw-r--q-- 1 0 0 12 Nov 21 02:14 /a\n",
                "-rw 1 0 0 12 Nov 21 02:14 /a\n",
                "\n-rw-r--r-- 1 0 0 12 Nov 21 02:14 /a\n"
            })
    void refusesRecordsThatAreNone(String text) throws IOException {
        index(HEADER);
        stat(text);

        assertThatThrownBy(() -> HostFiles.tree(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a line of a capture");
    }

    @Test
    void damagedRecordsAreRefusedOrReadNeverAnythingElse() throws IOException {
        byte[] index =
                (HEADER + "there\t/a\nlisted\t/\nunread\t/b\tPermission denied\n").getBytes(StandardCharsets.UTF_8);
        byte[] stat = "-rw-r--r-- 1 0 0 12 Nov 21 02:14 /a\nlrwxrwxrwx 1 0 0 12 Nov 21 02:14 /l -> x\n"
                .getBytes(StandardCharsets.UTF_8);
        Fuzz.bytes(List.of(index), 1_000, mutant -> readable(mutant, stat));
        Fuzz.bytes(List.of(stat), 1_000, mutant -> readable(index, mutant));
    }

    private void readable(byte[] index, byte[] stat) {
        try {
            Files.createDirectories(root.resolve(".ringfence"));
            Files.write(root.resolve(".ringfence/index"), index);
            Files.write(root.resolve(".ringfence/stat"), stat);
            HostFiles files;
            try {
                files = HostFiles.tree(root);
            } catch (IOException e) {
                return;
            }
            for (String path : List.of("/a", "/b", "/l", "/", "/c/d")) {
                files.text(path);
                files.list(path);
                files.link(path);
                files.exists(path);
                new FileStatus(files).of(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HostFiles capture(String index, String stat) throws IOException {
        index(HEADER + index);
        stat(stat);
        return HostFiles.tree(root);
    }

    private void index(String text) throws IOException {
        write(".ringfence/index", text);
    }

    private void stat(String text) throws IOException {
        write(".ringfence/stat", text);
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static <T> T value(Fact<T> fact) {
        return switch (fact) {
            case Fact.Observed<T>(T value, var source) -> value;
            case Fact<T> other -> throw new AssertionError(other);
        };
    }

    private static String reason(Fact<?> fact) {
        return fact instanceof Fact.NotObserved<?>(var source, String reason) ? reason : fact.toString();
    }
}
