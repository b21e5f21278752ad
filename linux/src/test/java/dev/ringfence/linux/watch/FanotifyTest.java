package dev.ringfence.linux.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FanotifyTest {
    @TempDir
    Path dir;

    private static Fanotify open() {
        try {
            return new Fanotify();
        } catch (IOException refused) {
            assumeTrue(false, "the kernel does not give fanotify here: " + refused.getMessage());
            throw new AssertionError(refused);
        }
    }

    /** Runs a shell that lives on until its input ends, so that it can be asked about. */
    private Optional<String> who(Fanotify witness, Path file, String script) throws Exception {
        Process shell = new ProcessBuilder("/bin/sh", "-c", script + "; echo done; read -r rest", file.toString())
                .directory(dir.toFile())
                .start();
        try {
            assertThat(shell.inputReader().readLine()).isEqualTo("done");
            Optional<String> who = witness.who(file);
            shell.getOutputStream().close();
            assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return who.map(w -> w.replace(String.valueOf(shell.pid()), "PID"));
        } finally {
            shell.destroyForcibly();
        }
    }

    @Test
    void namesTheProcessThatWrote() throws Exception {
        try (Fanotify witness = open()) {
            witness.watch(dir);
            Path file = dir.resolve("file");
            assertThat(who(witness, file, "echo x > file").orElse("")).startsWith("process PID (sh) of uid ");
        }
    }

    @Test
    void saysNothingOfAFileThatNobodyTouched() throws Exception {
        try (Fanotify witness = open()) {
            witness.watch(dir);
            assertThat(who(witness, dir.resolve("other"), "echo x > file")).isEmpty();
            assertThat(Witness.NONE.who(dir.resolve("file"))).isEmpty();
        }
    }

    @Test
    void namesTheProcessOfADirectoryEntry() throws Exception {
        try (Fanotify witness = open()) {
            Files.createDirectory(dir.resolve("d"));
            witness.watch(dir.resolve("d"));
            assertThat(who(witness, dir.resolve("d"), "echo x > d/new").orElse(""))
                    .startsWith("process PID (sh)");
        }
    }

    @Test
    void aProcessThatEndedIsSaidToHaveEnded() throws Exception {
        try (Fanotify witness = open()) {
            witness.watch(dir);
            Process touch = new ProcessBuilder("/bin/sh", "-c", "echo x > file")
                    .directory(dir.toFile())
                    .start();
            assertThat(touch.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(witness.who(dir.resolve("file"))).contains("process " + touch.pid() + " (ended)");
        }
    }
}
