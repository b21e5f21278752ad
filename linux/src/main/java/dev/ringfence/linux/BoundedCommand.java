package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a program without a shell, with an empty environment but PATH and LC_ALL, and ends it when its time is over. What it
 * prints to standard error is dropped.
 *
 * @param line program (absolute path) and arguments
 * @param input what it gets on standard input
 */
record BoundedCommand(List<String> line, String input) {
    static final int OUTPUT_LIMIT_BYTES = 16 << 20;
    private static final List<String> PROGRAM_DIRECTORIES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    BoundedCommand {
        line = List.copyOf(line);
    }

    /** Where a program is, in the usual directories for system programs. */
    static Optional<Path> find(String program) {
        return PROGRAM_DIRECTORIES.stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What it printed; not observed if it failed, took longer than the limit or printed too much. */
    Fact<String> run(String shown, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(line));
        builder.environment().clear();
        builder.environment().put("PATH", String.join(":", PROGRAM_DIRECTORIES));
        builder.environment().put("LC_ALL", "C");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Fact.notObserved(shown, "command", "cannot be run: " + e.getMessage());
        }
        try {
            CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(
                    () -> readAll(process.getInputStream()),
                    task -> Thread.ofVirtual().start(task));
            Thread.ofVirtual().start(() -> feed(process.getOutputStream(), input));
            byte[] bytes = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (bytes.length > OUTPUT_LIMIT_BYTES) {
                return Fact.notObserved(shown, "command", "printed more than " + OUTPUT_LIMIT_BYTES + " bytes");
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Fact.notObserved(shown, "command", "did not end within " + limit.toMillis() + " ms");
            }
            return process.exitValue() == 0
                    ? Fact.of(new String(bytes, StandardCharsets.UTF_8), shown, "command")
                    : Fact.notObserved(shown, "command", "failed with status " + process.exitValue());
        } catch (TimeoutException e) {
            return Fact.notObserved(shown, "command", "did not answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            return Fact.notObserved(shown, "command", "its output could not be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Fact.notObserved(shown, "command", "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] readAll(InputStream in) {
        try (in) {
            return in.readNBytes(OUTPUT_LIMIT_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(OutputStream out, String text) {
        try (out) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The program ended without reading all of it; its output and status tell the rest.
            return;
        }
    }
}
