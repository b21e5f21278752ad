package dev.ringfence.cli.watch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other commands of Ringfence, in a process of their own that is started as this one was. */
final class OwnProcess {
    private static final String MAIN = "dev.ringfence.cli.RingfenceMain";
    private static final int MAX_COMMAND_BYTES = 2 << 20;
    private static final int MAX_OUTPUT_BYTES = 16 << 20;

    private final List<String> launcher;

    private OwnProcess(List<String> launcher) {
        this.launcher = List.copyOf(launcher);
    }

    /** What a command wrote and how it ended. */
    record Ended(int status, String output) {}

    static OwnProcess asThis() {
        List<String> words = new ArrayList<>();
        try (InputStream in = Files.newInputStream(Path.of("/proc/self/cmdline"))) {
            String line = new String(in.readNBytes(MAX_COMMAND_BYTES), StandardCharsets.UTF_8);
            words.addAll(List.of(line.split("\0")));
        } catch (IOException unknown) {
            words.clear();
        }
        int main = words.indexOf(MAIN);
        if (main > 0) {
            words.set(0, java());
            return new OwnProcess(words.subList(0, main + 1));
        }
        return new OwnProcess(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path", ""),
                MAIN));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home", "")).resolve("bin/java").toString();
    }

    /**
     * Runs a command to its end. What it writes to standard error goes to that of this process.
     *
     * @throws IOException if it cannot be started, takes longer, writes too much, or this thread is interrupted
     */
    Ended run(Duration limit, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            process.getOutputStream().close();
            Thread guard = Thread.ofPlatform().daemon().name("watch-limit").start(() -> end(process, limit));
            byte[] output;
            try (InputStream in = process.getInputStream()) {
                output = in.readNBytes(MAX_OUTPUT_BYTES);
            }
            int status = process.waitFor();
            guard.interrupt();
            return new Ended(status, new String(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void end(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
