package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.fsck.Fsck;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.testkit.Fuzz;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer in a process of its own, under load, is killed at random moments; whatever it acknowledged must be there. */
class KillTest {
    @TempDir
    Path temp;

    @Test
    @Tag("slow")
    void keepsItsWordThroughFifteenKills() throws Exception {
        killed(15, 1);
    }

    @Test
    @Tag("soak")
    void keepsItsWordThroughFiveHundredKills() throws Exception {
        killed(500, 2);
    }

    private void killed(int times, long seed) throws Exception {
        RandomGenerator random = Fuzz.random(seed);
        LogSettings settings = Writer.settings(temp, Promises.KEY);
        Promises promises = new Promises();
        try (Log log = Log.create(settings).orThrow()) {
            promises.published(log.checkpoint().checkpoint(), log.tiles());
        }
        Files.writeString(temp.resolve("key"), Promises.KEY.secretText());
        int roundsWithAnswers = 0;
        for (int round = 0; round < times; round++) {
            List<String> said = killedRun(round, random);
            roundsWithAnswers += said.isEmpty() ? 0 : 1;
            for (String line : said) {
                int space = line.indexOf(' ');
                promises.acknowledged(
                        Long.parseLong(line.substring(0, space)),
                        line.substring(space + 1).getBytes(StandardCharsets.US_ASCII));
            }
            try (Log log = Log.open(settings).orThrow()) {
                promises.hold(log.checkpoint().checkpoint(), log.tiles());
                promises.published(log.checkpoint().checkpoint(), log.tiles());
            }
        }
        assertThat(Fsck.of(settings.directory(), Promises.KEY.verifier().vkey(), settings.secondCheckpoint())
                        .orElseThrow()
                        .run()
                        .faults())
                .isEmpty();
        assertThat(roundsWithAnswers)
                .as("rounds in which the writer came to answer")
                .isGreaterThan(times / 3);
    }

    /** Lines that the writer said before it was killed; a last line that was cut is not one. */
    private List<String> killedRun(int round, RandomGenerator random) throws Exception {
        Process process = OtherProcess.start(Writer.class, temp.toString(), Integer.toString(round));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> lines = threads.submit(() -> lines(process));
            // From before the log is open to well into the load.
            boolean ended = process.waitFor(200 + random.nextInt(1500), TimeUnit.MILLISECONDS);
            assertThat(ended).as("the writer ended by itself").isFalse();
            // Not through Process, which would close the pipe before it is read to its end.
            process.toHandle().destroyForcibly();
            process.waitFor();
            return lines.get();
        }
    }

    private static List<String> lines(Process process) throws IOException {
        StringBuilder text = new StringBuilder();
        try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII)) {
            char[] some = new char[8192];
            for (int read = reader.read(some); read >= 0; read = reader.read(some)) {
                text.append(some, 0, read);
            }
        }
        return text.substring(0, text.lastIndexOf("\n") + 1).lines().toList();
    }

    /** Appends from sixteen threads until it is killed, and says each index only after it was acknowledged. */
    static final class Writer {
        private static final int SUBMITTERS = 16;

        private Writer() {}

        static LogSettings settings(Path directory, SignerKey key) {
            return LogSettings.of(directory.resolve("log"), directory.resolve("last-checkpoint"), key);
        }

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            SignerKey key =
                    SignerKey.parse(Files.readString(directory.resolve("key"))).orThrow();
            Log log = Log.open(settings(directory, key)).orThrow();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                String name = "round " + arguments[1] + " submitter " + i + " entry ";
                submitters.add(Thread.ofPlatform().start(() -> appendForEver(log, name)));
            }
            for (Thread submitter : submitters) {
                submitter.join();
            }
        }

        private static void appendForEver(Log log, String name) {
            try {
                for (int n = 0; true; n++) {
                    String leaf = name + n;
                    Append outcome = log.append(leaf.getBytes(StandardCharsets.US_ASCII));
                    if (outcome instanceof Append.Accepted(long index, long _)) {
                        // One write for a line, so that lines of several threads do not mix.
                        byte[] line = (index + " " + leaf + "\n").getBytes(StandardCharsets.US_ASCII);
                        System.out.write(line, 0, line.length);
                        System.out.flush();
                    }
                }
            } catch (StorageException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
