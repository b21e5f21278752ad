package dev.ringfence.formats.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the compilers and readers of this machine, for tests that compare with them. */
final class Tools {
    private static final long LIMIT_SECONDS = 60;

    private Tools() {}

    static boolean has(String tool) {
        for (String directory : List.of("/usr/bin", "/usr/local/bin", "/bin")) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }

    /** Runs a command that must succeed, and returns what it wrote. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException(command.getFirst() + " did not end in " + LIMIT_SECONDS + " s");
            }
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(
                        command + " failed: " + text.lines().limit(20).toList());
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
