package dev.ringfence.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.linux.HostFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a real sshd. The client's configuration switches host key checking off; it must be checked all the same. */
@Tag("slow")
final class RemoteCaptureTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable ThrowawaySshServer server;

    @BeforeAll
    static void startServer() throws IOException {
        if (ThrowawaySshServer.isPossible()) {
            server = new ThrowawaySshServer(directory);
        }
    }

    @AfterAll
    static void endServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static ThrowawaySshServer server() {
        assumeTrue(server != null, "sshd is not installed: install openssh-server to test remote captures");
        return Objects.requireNonNull(server);
    }

    @Test
    void capturesAHost() throws Exception {
        List<String> options = server().key("auditor", null);

        try (Capture capture = RemoteCapture.over("web-7", options, LIMIT)) {
            HostFiles files = HostFiles.tree(capture.root());

            assertThat(files.line("/proc/sys/kernel/osrelease").orElse(""))
                    .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/osrelease"))
                            .strip());
            assertThat(files.line("/etc/machine-id")).isEqualTo(HostFiles.live().line("/etc/machine-id"));
            assertThat(files.takenBy()).isEqualTo(uid());
        }
    }

    private static long uid() throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void refusesAHostWhoseKeyIsNotKnown() throws Exception {
        ThrowawaySshServer server = server();
        List<String> options = server.key("careless", null);
        server.trustHost("");
        try {
            Capture.Failure failure = failure("web-7", options);

            assertThat(failure.code()).isEqualTo("RF-SSH-003");
            assertThat(failure.getMessage())
                    .contains("web-7: ")
                    .contains("host key is known for [127.0.0.1]:" + server.port())
                    .endsWith("Connect once with 'ssh web-7', compare the fingerprint, then try again.");
            assertThat(directory.resolve("known_hosts")).isEmptyFile();
        } finally {
            server.trustHost(Files.readString(directory.resolve("host_key.pub")));
        }
    }

    @Test
    void refusesAHostWhoseKeyHasChanged() throws Exception {
        ThrowawaySshServer server = server();
        List<String> options = server.key("surprised", null);
        server.trustHost(server.anotherHostKey());
        try {
            Capture.Failure failure = failure("web-7", options);

            assertThat(failure.code()).isEqualTo("RF-SSH-003");
            assertThat(failure.getMessage())
                    .contains("REMOTE HOST IDENTIFICATION HAS CHANGED")
                    .contains("Find out why its key changed");
        } finally {
            server.trustHost(Files.readString(directory.resolve("host_key.pub")));
        }
    }

    @Test
    void refusesWhereTheKeyIsNotAccepted() throws Exception {
        Capture.Failure failure = failure("web-7", server().strangersKey());

        assertThat(failure.code()).isEqualTo("RF-SSH-003");
        assertThat(failure.getMessage()).contains("Permission denied").contains("RINGFENCE_SSH_OPTIONS='-i FILE'");
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        server();
        int closed;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            closed = free.getLocalPort();
        }
        Capture.Failure failure = failure("ssh://127.0.0.1:" + closed, List.of("-F", "none"));

        assertThat(failure.code()).isEqualTo("RF-SSH-003");
        assertThat(failure.getMessage())
                .contains("Connection refused")
                .endsWith("Check name and port, or give an alias of ~/.ssh/config.");
    }

    @Test
    void saysThatTheCollectorFailed() throws Exception {
        Capture.Failure failure = failure("web-7", server().key("broken", "echo no space left >&2; exit 7"));

        assertThat(failure).hasMessage("RF-SSH-004 web-7: the collector ended with status 7: no space left.");
    }

    @Test
    void refusesHalfAnArchive() throws Exception {
        List<String> options = server().key("half", "sh -s -- --no-emulators | head -c 20000");

        assertThat(failure("web-7", options).code()).isIn("RF-CAP-005", "RF-TAR-002");
    }

    @Test
    void refusesAnArchiveWhoseCollectorFailedInTheEnd() throws Exception {
        List<String> options = server().key("late", "sh -s -- --no-emulators; exit 3");

        assertThat(failure("web-7", options).code()).isEqualTo("RF-SSH-004");
    }

    @Test
    void saysThatTheShellPrintsBesidesTheArchive() throws Exception {
        List<String> options = server().key("chatty", "echo Welcome; exec sh -s -- --no-emulators");

        Capture.Failure failure = failure("web-7", options);

        assertThat(failure.code()).isEqualTo("RF-TAR-001");
        assertThat(failure.getMessage()).contains("web-7").contains("print nothing");
    }

    @Test
    void refusesHostileArchivesOfAHost() throws Exception {
        Path archive = Files.write(
                directory.resolve("hostile.tar"),
                new Archive().link("d", directory.toString()).file("d/x", "x").end());
        List<String> options = server().key("hostile", "cat '" + archive + "'");

        Capture.Failure failure = failure("web-7", options);

        assertThat(failure).hasMessageStartingWith("RF-CAP-002 web-7: the archive has 'd/x' twice");
    }

    @Test
    void endsWhatNeverEnds() throws Exception {
        List<String> options = server().key("silent", "exec sleep 600");

        Capture.Failure failure = failure("web-7", options, Duration.ofSeconds(2));

        assertThat(failure.code()).isEqualTo("RF-SSH-005");
        assertThat(failure.getMessage()).contains("longer than 2 s");
    }

    @Test
    void endsComplaintsWithoutEnd() throws Exception {
        List<String> options = server().key("noisy", "yes noise >&2");

        assertThat(failure("web-7", options, Duration.ofSeconds(2)).code()).isEqualTo("RF-SSH-005");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-oProxyCommand=touch /tmp/owned", "a b", "a\nb", "--"})
    void refusesWhatIsNoHost(String target) {
        assertThat(failure(target, List.of()).code()).isEqualTo("RF-SSH-001");
    }

    @Test
    void optionsAreSeparatedByBlanks() {
        assertThat(RemoteCapture.options(null)).isEmpty();
        assertThat(RemoteCapture.options(" ")).isEmpty();
        assertThat(RemoteCapture.options(" -F file  -p\t2222 ")).containsExactly("-F", "file", "-p", "2222");
    }

    @Test
    void complaintsAreFitForATerminal() {
        Complaint complaint = new Complaint();
        complaint.read(new ByteArrayInputStream(
                ("x".repeat(100_000) + "\n\u001b]0;owned\u0007\u001b[31mfailed\r\n").getBytes(StandardCharsets.UTF_8)));

        assertThat(complaint.aboutCollector()).isEqualTo(": ]0;owned [31mfailed.");
    }

    private static Capture.Failure failure(String target, List<String> options) {
        return failure(target, options, LIMIT);
    }

    private static Capture.Failure failure(String target, List<String> options, Duration limit) {
        return catchThrowableOfType(
                Capture.Failure.class,
                () -> RemoteCapture.over(target, options, limit).close());
    }
}
