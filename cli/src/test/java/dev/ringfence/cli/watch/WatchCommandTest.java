package dev.ringfence.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.RingfenceMain;
import dev.ringfence.cli.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command on this machine, with processes as they are at work. */
class WatchCommandTest {
    @TempDir
    Path dir;

    private record Ran(int status, String text) {}

    private static Ran ringfence(String... arguments) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8);
        int status = RingfenceMain.run(new Terminal(both, both, false, 80, false), arguments);
        return new Ran(status, text.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"--format,xml", "--for,10", "--for,ten", "--for,-1s", "--root,/tmp"})
    void refusesWrongOptions(String option, String value) {
        Ran ran = ringfence("watch", "--state", dir.toString(), option, value);
        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(dir.resolve("accepted")).doesNotExist();
    }

    @Test
    void refusesADamagedStateRatherThanAcceptWhatIsThere() throws Exception {
        Files.writeString(dir.resolve("accepted"), "ringfence watch 1\nthing\t");
        Ran ran = ringfence("watch", "--state", dir.toString(), "--for", "1s");
        assertThat(ran.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(ran.text()).contains("RF-WCH-003", "--accept");
    }

    @Test
    @Tag("slow")
    void acceptsAtTheFirstStartAndKeepsThat() throws Exception {
        Path state = dir.resolve("state");
        Ran first = ringfence("watch", "--state", state.toString(), "--for", "1s");
        assertThat(first.text()).contains("ringfence: watching ", "accepted as they are now");
        assertThat(first.status()).isEqualTo(ExitStatus.CLEAN);
        Path accepted = state.resolve("accepted");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(accepted)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(accepted)).contains("thing\tCONTENT\t/etc/passwd\tsha256:");
        Files.writeString(
                accepted,
                Files.readString(accepted).replaceAll("(thing\tCONTENT\t/etc/passwd\tsha256:)\\w{4}", "$10000"));
        Ran second = ringfence("watch", "--state", state.toString(), "--for", "1s", "--format", "json");
        assertThat(second.text())
                .contains("accepted before", "\"event\":\"drift\"", "\"path\":\"/etc/passwd\"", "sha256:0000");
        Ran third = ringfence("watch", "--state", state.toString(), "--for", "1s", "--accept");
        assertThat(third.text()).contains("accepted as they are now").doesNotContain("drift");
    }

    @Test
    @Tag("slow")
    void refusesToEnforceWhatIsNoControl() {
        Ran ran = ringfence("watch", "--state", dir.toString(), "--for", "1s", "--enforce", "NON-001");
        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.text()).contains("NON-001");
    }

    @Test
    @Tag("slow")
    void seesADriftAndEndsCleanlyWhenItIsTold() throws Exception {
        Path watched = Path.of("/etc/modprobe.d");
        assumeTrue(Files.isDirectory(watched) && Files.isWritable(watched), "needs root");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", "")).resolve("bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path", ""),
                "dev.ringfence.cli.RingfenceMain"));
        command.addAll(List.of("watch", "--state", dir.resolve("state").toString(), "--for", "2m"));
        Path output = dir.resolve("out");
        Process process =
                new ProcessBuilder(command).redirectOutput(output.toFile()).start();
        Path planted = watched.resolve("ringfence-watch-test-" + process.pid() + ".conf");
        try (BufferedReader err = process.errorReader()) {
            String line = err.readLine();
            assertThat(line).contains("ringfence: watching ");
            Files.writeString(planted, "# a test of ringfence watch\n");
            while (!Files.readString(output).contains(String.valueOf(planted.getFileName()))) {
                assertThat(process.waitFor(100, TimeUnit.MILLISECONDS))
                        .as("ended early")
                        .isFalse();
            }
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(Files.readString(output)).contains(" drift ", "/etc/modprobe.d: ");
        } finally {
            Files.deleteIfExists(planted);
            process.destroyForcibly();
        }
    }
}
