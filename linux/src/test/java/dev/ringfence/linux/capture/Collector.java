package dev.ringfence.linux.capture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the collector, as it is shipped, the way operators do. */
final class Collector {
    private static final int LIMIT_SECONDS = 120;

    private Collector() {}

    /** What a run gave. */
    record Run(int status, ByteArrayInputStream out, String complaints) {
        Capture unpacked() throws Capture.Failure, IOException {
            if (status != 0) {
                throw new AssertionError("status " + status + ": " + complaints);
            }
            return Capture.unpack(out);
        }
    }

    static String script() {
        try (InputStream in =
                Objects.requireNonNull(RemoteCapture.class.getResourceAsStream("collect.sh"), "collect.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The functions of the collector without its last line, which runs it. */
    static String functions() {
        String script = script();
        int main = script.lastIndexOf("\nmain \"$@\"");
        if (main < 0) {
            throw new AssertionError("the collector no longer ends with its only command");
        }
        return script.substring(0, main + 1);
    }

    /** Runs a command with the script on standard input and its copies below the given directory. */
    static Run run(String script, Path temporary, List<String> command) {
        try {
            Process process = start(script, temporary, command);
            CompletableFuture<byte[]> out = read(process.getInputStream());
            CompletableFuture<byte[]> complaints = read(process.getErrorStream());
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the collector did not end within " + LIMIT_SECONDS + " s");
            }
            return new Run(
                    process.exitValue(),
                    new ByteArrayInputStream(out.join()),
                    new String(complaints.join(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static Process start(String script, Path temporary, List<String> command) throws IOException {
        Path file = Files.writeString(Files.createTempFile("collect", ".sh"), script);
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
            builder.environment().clear();
            builder.environment()
                    .putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR", temporary.toString()));
            return builder.redirectInput(file.toFile()).start();
        } finally {
            // The process has it open.
            Files.delete(file);
        }
    }

    private static CompletableFuture<byte[]> read(InputStream in) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (in) {
                        return in.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /** Whether a program is there to run. */
    static boolean has(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
