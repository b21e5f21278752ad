package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of these tests in another JVM. */
final class OtherProcess {
    private OtherProcess() {}

    /** Starts a main class with this class path, a small heap, and its output to be read. */
    static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What another process is told when it wants to write in a directory. */
    static String lock(Path directory) throws IOException, InterruptedException {
        Process process = start(Taker.class, directory.toString());
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return said;
    }

    /** Takes the lock and says how that went. */
    static final class Taker {
        private Taker() {}

        public static void main(String[] arguments) throws StorageException {
            String said = switch (DirectoryLock.take(Path.of(arguments[0]))) {
                case Parsed.Refused<DirectoryLock>(Refusal why) -> why.toString();
                case Parsed.Value<DirectoryLock>(DirectoryLock lock) -> {
                    lock.close();
                    yield "taken";
                }
            };
            System.out.println(said);
        }
    }
}
