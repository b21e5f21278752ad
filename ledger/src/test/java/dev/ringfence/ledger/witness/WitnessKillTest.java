package dev.ringfence.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.http.BoundedServer;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.testkit.Fuzz;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness that is killed under load, by logs that show it two histories. {@code -Dwitness.kills=N} for more rounds. */
@Tag("slow")
final class WitnessKillTest {
    private static final SampleLog LOG = SampleLog.named("log.example/one");

    @TempDir
    private Path temp = Path.of("");

    /** Trees that were cosigned, in the order in which the answers came for each client. */
    private final Map<Long, Hash> cosigned = new HashMap<>();

    private long largest;

    @Test
    void neverCosignsTwoHistoriesNorASmallerTree() throws Exception {
        int kills = Integer.getInteger("witness.kills", 12);
        long seed = Long.getLong("witness.seed", System.nanoTime());
        RandomGenerator random = Fuzz.random(seed);
        Files.writeString(temp.resolve("log"), LOG.key().verifier().vkey());
        SignerKey key = SignerKey.generate("w.example", SignatureType.ED25519_COSIGNATURE)
                .orThrow();
        Files.writeString(temp.resolve("key"), key.secretText());
        int total = 0;
        for (int round = 0; round < kills; round++) {
            total += round(random, seed);
        }
        assertThat(total).as("cosignatures in %d rounds, seed %d", kills, seed).isGreaterThanOrEqualTo(kills);
    }

    /** One life of the witness; how many cosignatures came. */
    private int round(RandomGenerator random, long seed) throws Exception {
        Process process = Child.start(temp);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            String url = "http://127.0.0.1:" + out.readLine();
            // Before the next life begins it must know at least what was answered in the last.
            HttpResponse<String> known =
                    RunningWitness.post(url, LOG.request(0, largest + 1).bytes());
            if (largest > 0) {
                assertThat(known.statusCode()).as("seed %d", seed).isEqualTo(409);
                assertThat(Long.parseLong(known.body().strip()))
                        .as("seed %d", seed)
                        .isGreaterThanOrEqualTo(largest);
            } else if (known.statusCode() == 200) {
                cosigned(1, LOG.root(1), seed);
            }
            Future<Integer> honest = threads.submit(() -> submit(url, LOG, seed));
            Future<Integer> forked = threads.submit(() -> submit(url, LOG.forkedAt(largest / 2, "'" + seed), seed));
            process.waitFor(20 + random.nextInt(400), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            return honest.get() + forked.get();
        }
    }

    /** Grows a log until the witness is gone. */
    private int submit(String url, SampleLog log, long seed) throws IOException, InterruptedException {
        int count = 0;
        long from = 0;
        while (true) {
            long size = from + 1 + count % 3;
            HttpResponse<String> answer;
            try {
                answer = RunningWitness.post(url, log.request(from, size).bytes());
            } catch (IOException _) {
                return count;
            }
            switch (answer.statusCode()) {
                case 200 -> {
                    cosigned(size, log.root(size), seed);
                    from = size;
                    count++;
                }
                case 409 -> from = Long.parseLong(answer.body().strip());
                case 422 -> from = size - 1; // the fork tries on, as if its own tree had been seen
                default -> throw new AssertionError("the witness answered " + answer.statusCode());
            }
        }
    }

    private synchronized void cosigned(long size, Hash root, long seed) {
        Hash before = cosigned.putIfAbsent(size, root);
        assertThat(before == null || before.equals(root))
                .as("two trees of %d, seed %d", size, seed)
                .isTrue();
        largest = Math.max(largest, size);
    }

    /** The witness in its own process. */
    static final class Child {
        private Child() {}

        static Process start(Path directory) throws IOException {
            return new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            directory.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            SignerKey key =
                    SignerKey.parse(Files.readString(directory.resolve("key"))).orThrow();
            VerifierKey log = VerifierKey.parse(Files.readString(directory.resolve("log")))
                    .orThrow();
            boolean fresh = !Files.exists(directory.resolve(WitnessRecords.NAME));
            WitnessRecords records =
                    (fresh ? WitnessRecords.create(directory) : WitnessRecords.open(directory)).orThrow();
            Witness witness = new Witness(List.of(log), List.of(key), records, InstantSource.system());
            BoundedServer server = BoundedServer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new WitnessSite(witness));
            System.out.println(server.address().getPort());
            // The parent's end of the pipe closes with it, however it ends.
            System.in.transferTo(OutputStream.nullOutputStream());
            System.exit(0);
        }
    }
}
