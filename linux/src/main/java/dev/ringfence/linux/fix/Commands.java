package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Argv;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.stream.Collectors;

/**
 * Runs programs without a shell: fixed environment, no standard input, a time limit after which the program and all that it
 * started are ended. Thread-safe.
 *
 * @param directories where a program without a path is looked for
 */
public record Commands(List<Path> directories) {
    /** Enough for a daemon to restart or a boot loader to look for kernels. */
    public static final Duration LIMIT = Duration.ofMinutes(2);

    /** What is kept of what a program prints. */
    private static final int OUTPUT_LIMIT_BYTES = 1 << 20;

    public Commands {
        directories = List.copyOf(directories);
    }

    /** The directories for system programs. */
    public static Commands system() {
        return new Commands(List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin")));
    }

    /** Where a program is. */
    public Optional<Path> find(String program) {
        if (program.startsWith("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * How a program ended.
     *
     * @param status exit status; -1 when it was not there, could not be started or was ended
     * @param output both its streams, at most 1 MiB
     */
    public record Ended(int status, String output) {
        /** Whether it says that all is well. */
        public boolean well() {
            return status == 0;
        }

        /** The last lines that it printed, on one line: where programs say what went wrong. */
        public String lastWords() {
            List<String> lines =
                    output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
            String words = lines.stream().skip(Math.max(0, lines.size() - 3)).collect(Collectors.joining("; "));
            String last = words.length() <= 400 ? words : words.substring(words.length() - 400);
            return last.replaceAll("\\p{Cntrl}", "?");
        }
    }

    /** Runs a program to its end, or to the end of its time. */
    public Ended run(Argv argv, Duration limit) {
        Optional<Path> program = find(argv.program());
        if (program.isEmpty()) {
            return new Ended(-1, argv.program() + " is not installed");
        }
        List<String> line = new ArrayList<>(argv.words());
        line.set(0, program.get().toString());
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment()
                .put("PATH", directories.stream().map(Path::toString).collect(Collectors.joining(":")));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("HOME", "/root");
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ended(-1, "cannot be run: " + e.getMessage());
        }
        long endNanos = System.nanoTime() + limit.toNanos();
        try {
            CompletableFuture<String> output = CompletableFuture.supplyAsync(
                    () -> readAll(process.getInputStream()),
                    task -> Thread.ofVirtual().start(task));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Ended(-1, "did not end within " + limit.toSeconds() + " s");
            }
            return new Ended(process.exitValue(), rest(output, endNanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(-1, "interrupted");
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    /** A daemon that the program left behind may hold its output open: what came by then is enough. */
    private static String rest(CompletableFuture<String> output, long endNanos) throws InterruptedException {
        long patience = Math.min(TimeUnit.SECONDS.toNanos(2), Math.max(0, endNanos - System.nanoTime()));
        try {
            return output.get(patience, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "";
        }
    }

    private static String readAll(InputStream in) {
        try (in) {
            byte[] head = in.readNBytes(OUTPUT_LIMIT_BYTES);
            in.transferTo(OutputStream.nullOutputStream());
            return new String(head, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
