package dev.ringfence.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.formats.tar.TarLimits;
import dev.ringfence.formats.tar.TarReader;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureTest {
    @Test
    void unpacksFilesDirectoriesAndLinks() throws Exception {
        byte[] archive = new Archive()
                .directory("./")
                .directory("etc/")
                .file("etc/hostname", "web-7\n")
                .link("etc/os-release", "../usr/lib/os-release")
                .file("usr/lib/os-release", "ID=debian\n")
                .hardLink("etc/name", "etc/hostname")
                .end();

        try (Capture capture = unpack(archive)) {
            Path root = capture.root();
            assertThat(root.resolve("etc/hostname")).hasContent("web-7\n");
            assertThat(root.resolve("etc/name")).hasContent("web-7\n");
            assertThat(Files.readSymbolicLink(root.resolve("etc/os-release"))).hasToString("../usr/lib/os-release");
            assertThat(HostFiles.tree(root).line("/etc/os-release").orElse("")).isEqualTo("ID=debian");
        }
    }

    @Test
    void unpacksGzip() throws Exception {
        try (Capture capture = unpack(Archive.gzip(new Archive().file("a", "x").end()))) {
            assertThat(capture.root().resolve("a")).hasContent("x");
        }
    }

    @Test
    void keepsWhatItUnpacksPrivate() throws Exception {
        try (Capture capture =
                unpack(new Archive().directory("d").file("d/open", 0666, 0, "x").end())) {
            assertThat(permissions(capture.root())).isEqualTo("rwx------");
            assertThat(permissions(Objects.requireNonNull(capture.root().getParent())))
                    .isEqualTo("rwx------");
            assertThat(permissions(capture.root().resolve("d"))).isEqualTo("rwx------");
            assertThat(permissions(capture.root().resolve("d/open"))).isEqualTo("rw-------");
        }
    }

    @Test
    void closingRemovesEverything() throws Exception {
        Path elsewhere = Files.createTempFile("elsewhere", "");
        Capture capture = unpack(new Archive()
                .file("a/b/c", "x")
                .link("out", elsewhere.toString())
                .link("up", "/")
                .end());
        Path directory = capture.root().resolveSibling(".");
        capture.close();
        capture.close();

        assertThat(directory).doesNotExist();
        assertThat(elsewhere).exists();
        Files.delete(elsewhere);
    }

    @Test
    void archiveWithoutRecordsIsJudgedByItsHeaders() throws Exception {
        byte[] archive = new Archive()
                .file("etc/passwd", "root:x:0:0:::\nnova:x:64060:64060:::\n")
                .file("etc/group", "root:x:0:\nnova:x:64060:\n")
                .file("etc/nova/nova.conf", 0646, 64060, "[DEFAULT]\n")
                .header('0', "usr/bin/helper", "", 04755, 0, 0)
                .device("dev/kvm")
                .end();

        try (Capture capture = unpack(archive)) {
            HostFiles files = HostFiles.tree(capture.root());
            FileStatus status = new FileStatus(files);

            FileFacts conf = value(status.of("/etc/nova/nova.conf"));
            assertThat(conf.mode()).isEqualTo("0646");
            assertThat(conf.owner()).isEqualTo("nova");
            assertThat(conf.group()).isEqualTo("nova");
            assertThat(conf.othersWrite()).isTrue();
            assertThat(conf.acl()).isInstanceOf(Fact.NotObserved.class);
            assertThat(value(status.of("/usr/bin/helper")).setuid()).isTrue();
            assertThat(value(status.of("/dev/kvm")).kind()).isEqualTo("character-device");
            assertThat(value(status.of("/dev/kvm")).mode()).isEqualTo("0666");
            assertThat(value(files.exists("/dev/kvm"))).isTrue();
            assertThat(capture.root().resolve("dev/kvm")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "/tmp/escaped", "a/../../escaped", ".."})
    void refusesNamesThatLeadOutside(String name) {
        assertThat(refusal(new Archive().file(name, "x").end())).isEqualTo("RF-TAR-005");
        assertThat(refusal(new Archive().link(name, "x").end())).isEqualTo("RF-TAR-005");
        assertThat(refusal(new Archive().hardLink("a", name).end())).isEqualTo("RF-TAR-005");
    }

    @Test
    void writesNothingThroughLinks() throws Exception {
        Path outside = Files.createTempDirectory("outside");
        String target = outside.toString();

        // Through a link to a directory, by name.
        assertThat(refusal(new Archive().link("d", target).file("d/x", "x").end()))
                .isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive().link("d", target).directory("d/x").end()))
                .isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive().link("d", target).link("d/x", "y").end()))
                .isEqualTo("RF-CAP-002");
        // Onto a link to a file.
        assertThat(refusal(new Archive().link("f", target + "/x").file("f", "x").end()))
                .isEqualTo("RF-CAP-002");
        // A directory that claims to be the link.
        assertThat(refusal(new Archive()
                        .link("d", target)
                        .directory("d")
                        .file("d/x", "x")
                        .end()))
                .isEqualTo("RF-CAP-002");
        // A relative link that climbs.
        assertThat(refusal(new Archive()
                        .link("d", "../../../../../../../../" + target)
                        .file("d/x", "x")
                        .end()))
                .isEqualTo("RF-CAP-002");
        // By way of a hard link to the link, and of one to a file behind it.
        assertThat(refusal(new Archive()
                        .link("f", target + "/x")
                        .hardLink("g", "f")
                        .file("g", "x")
                        .end()))
                .isEqualTo("RF-CAP-003");
        Files.writeString(outside.resolve("secret"), "secret");
        assertThat(refusal(new Archive()
                        .link("d", target)
                        .hardLink("g", "d/secret")
                        .end()))
                .isEqualTo("RF-CAP-003");

        try (Stream<Path> left = Files.list(outside)) {
            assertThat(left).containsExactly(outside.resolve("secret"));
        }
        Files.delete(outside.resolve("secret"));
        Files.delete(outside);
    }

    @Test
    void acceptsLinksThatNothingIsWrittenThrough() throws Exception {
        try (Capture capture =
                unpack(new Archive().link("d", "/etc").file("e/x", "x").end())) {
            // An absolute link means the captured host's root.
            assertThat(HostFiles.tree(capture.root()).text("/d/passwd")).isInstanceOf(Fact.Absent.class);
        }
    }

    @Test
    void refusesNamesGivenTwice() {
        assertThat(refusal(new Archive().file("a", "x").file("a", "y").end())).isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive().file("a", "x").file("a/b", "y").end())).isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive().directory("a").file("a", "y").end())).isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive().file("a", "x").link("a", "/etc").end()))
                .isEqualTo("RF-CAP-002");
    }

    @Test
    void acceptsDirectoriesGivenTwice() throws Exception {
        try (Capture capture = unpack(
                new Archive().directory("a").file("a/b", "x").directory("a/").end())) {
            assertThat(capture.root().resolve("a/b")).exists();
        }
    }

    @Test
    void refusesHardLinksToAnythingButEarlierFiles() {
        assertThat(refusal(new Archive().hardLink("a", "etc/shadow").end())).isEqualTo("RF-CAP-003");
        assertThat(refusal(new Archive().directory("d").hardLink("a", "d").end()))
                .isEqualTo("RF-CAP-003");
        assertThat(refusal(new Archive().hardLink("a", "b").file("b", "x").end()))
                .isEqualTo("RF-CAP-003");
    }

    @Test
    void makesNoDevicesAndNoFifos() throws Exception {
        byte[] archive = new Archive()
                .device("dev/sda")
                .header('4', "dev/vda", "", 0666, 0, 0)
                .header('6', "run/fifo", "", 0666, 0, 0)
                .end();
        try (Capture capture = unpack(archive);
                Stream<Path> all = Files.walk(capture.root())) {
            assertThat(all.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                            .map(p -> capture.root().relativize(p).toString()))
                    .containsExactly(".ringfence/stat");
        }
    }

    @Test
    void refusesBombs() {
        assertThat(refusal(new Archive()
                        .header('0', "bomb", "", 0644, 0, (1L << 30) + 1)
                        .cut()))
                .isEqualTo("RF-TAR-009");
        assertThat(refusal(sparse())).isEqualTo("RF-TAR-007");
        assertThat(refusal(new Archive().header('S', "sparse", "", 0644, 0, 512).cut()))
                .isEqualTo("RF-TAR-007");
        // A little that unpacks to a lot: 2 GiB of zeros in one member.
        assertThat(refusal(Archive.gzip(new Archive()
                        .header('0', "zeros", "", 0644, 0, 2L << 30)
                        .end())))
                .isEqualTo("RF-TAR-009");
    }

    /** pax 1.0: 1 TiB is said to be there, 512 bytes are. */
    private static byte[] sparse() {
        return new Archive()
                .header('x', "pax", "", 0644, 0, 37)
                .raw("37 GNU.sparse.realsize=1099511627776\n")
                .file("sparse", "x")
                .end();
    }

    @Test
    void refusesTooManyDirectories(@TempDir Path temp) throws Exception {
        byte[] nine = new Archive()
                .directory("a/b/c/d")
                .directory("e/f/g/h")
                .file("i/x", "x")
                .end();

        TarReader.read(
                new ByteArrayInputStream(nine), new TarLimits(10, 10), new Unpacking(inNew(temp.resolve("a")), 10));
        Capture.Failure failure = catchThrowableOfType(
                Capture.Failure.class,
                () -> TarReader.read(
                        new ByteArrayInputStream(nine),
                        new TarLimits(10, 10),
                        new Unpacking(inNew(temp.resolve("b")), 9)));

        assertThat(failure.code()).isEqualTo("RF-CAP-007");
    }

    private static Path inNew(Path directory) throws IOException {
        return Files.createDirectory(directory).resolve("root");
    }

    @Test
    void refusesRecordsThatAreNoFiles(@TempDir Path outside) {
        assertThat(refusal(new Archive()
                        .file("a", "x")
                        .link(".ringfence", outside.toString())
                        .end()))
                .isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive().file("a", "x").file(".ringfence", "x").end()))
                .isEqualTo("RF-CAP-002");
        assertThat(refusal(new Archive()
                        .file("a", "x")
                        .link(".ringfence/stat", outside + "/x")
                        .end()))
                .isEqualTo("RF-CAP-002");
    }

    @Test
    void refusesTruncatedArchives() {
        byte[] whole = new Archive().file("a", "x").directory("d").end();
        for (int length = 0; length < whole.length; length += length == 0 ? 1 : 73) {
            assertThat(refusal(Arrays.copyOf(whole, length))).isEqualTo(length == 0 ? "RF-TAR-001" : "RF-TAR-002");
        }
        byte[] packed = Archive.gzip(whole);
        for (int length = 2; length < packed.length - 8; length += 5) {
            assertThat(refusal(Arrays.copyOf(packed, length))).isIn("RF-CAP-005", "RF-TAR-002", "RF-TAR-001");
        }
    }

    @Test
    void refusesDamagedGzip() {
        byte[] packed = Archive.gzip(new Archive().file("a", "x".repeat(1000)).end());
        packed[packed.length - 6] ^= 1;
        assertThat(refusal(packed)).isEqualTo("RF-CAP-005");
    }

    @Test
    void refusesWhatIsNoArchive() {
        assertThat(refusal(new byte[0])).isEqualTo("RF-TAR-001");
        assertThat(refusal("Welcome to web-7\n".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("RF-TAR-001");
        assertThat(refusal(new Archive().end())).isEqualTo("RF-CAP-006");
        assertThat(refusal(new byte[] {(byte) 0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0}))
                .isEqualTo("RF-CAP-001");
        assertThat(refusal(new byte[] {'B', 'Z', 'h', '9', 0, 0})).isEqualTo("RF-CAP-001");
    }

    @Test
    void refusalNamesCauseAndNextStep(@TempDir Path outside) {
        Capture.Failure failure = failure(new Archive()
                .link("d", outside.toString())
                .file("d/\u001b[31mx", "x")
                .end());

        assertThat(failure)
                .hasMessage("RF-CAP-002 the archive has 'd/?[31mx' twice, or below something that is no directory."
                        + " Do not trust it.");
    }

    @Test
    void leavesNothingBehindAfterRefusal() throws IOException {
        Set<String> before = captures();
        refusal(new Archive().file("a", "x").file("../b", "x").end());
        assertThatThrownBy(() ->
                        Capture.unpack(failingAfter(new Archive().file("a", "x").cut())))
                .isInstanceOf(IOException.class)
                .hasMessage("the line went dead");

        Set<String> left = captures();
        left.removeAll(before);
        // Other processes may capture at the same time; none of theirs holds this test's file.
        for (String name : left) {
            assertThat(Path.of(System.getProperty("java.io.tmpdir"), name, "root", "a"))
                    .doesNotExist();
        }
    }

    private static InputStream failingAfter(byte[] start) {
        return new SequenceInputStream(new ByteArrayInputStream(start), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line went dead");
            }

            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                throw new IOException("the line went dead");
            }
        });
    }

    private static Set<String> captures() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.startsWith("ringfence-capture-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static Capture unpack(byte[] archive) throws Capture.Failure, IOException {
        return Capture.unpack(new ByteArrayInputStream(archive));
    }

    private static String refusal(byte[] archive) {
        return failure(archive).code();
    }

    private static Capture.Failure failure(byte[] archive) {
        Capture.Failure failure = catchThrowableOfType(Capture.Failure.class, () -> {
            try (Capture capture = unpack(archive)) {
                throw new UncheckedIOException(new IOException("accepted: " + capture.root()));
            }
        });
        assertThat(failure.getMessage()).startsWith(failure.code() + " ").endsWith(".");
        return failure;
    }

    private static <T> T value(Fact<T> fact) {
        return switch (fact) {
            case Fact.Observed<T>(T value, var source) -> value;
            case Fact<T> other -> throw new AssertionError(other);
        };
    }

    @Test
    void listsAgreeWithHeaders() throws Exception {
        try (Capture capture =
                unpack(new Archive().file("etc/a", "x").file("etc/b", "y").end())) {
            assertThat(value(HostFiles.tree(capture.root()).list("/etc"))).isEqualTo(List.of("a", "b"));
        }
    }
}
