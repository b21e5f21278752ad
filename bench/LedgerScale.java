import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.leaf.Content;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafKind;
import dev.ringfence.ledger.log.Append;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.LoadGenerator;
import dev.ringfence.ledger.log.Log;
import dev.ringfence.ledger.log.LogOptions;
import dev.ringfence.ledger.log.LogSettings;
import dev.ringfence.ledger.log.StoredTiles;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.ledger.proof.OfflineVerifier;
import dev.ringfence.ledger.proof.ProofFile;
import dev.ringfence.ledger.proof.Trust;
import dev.ringfence.ledger.proof.Verification;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What a large log costs. Run by bench/ledger: {@code fill DIR N}, {@code open DIR}, {@code prove DIR RUNS}. */
final class LedgerScale {
    private LedgerScale() {}

    public static void main(String[] arguments) throws Exception {
        Path log = Path.of(arguments[1]).toAbsolutePath();
        switch (arguments[0]) {
            case "fill" -> fill(log, Long.parseLong(arguments[2]));
            case "open" -> open(log);
            case "prove" -> prove(log, Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static LogSettings settings(Path log) throws Exception {
        SignerKey key = SignerKey.parse(Files.readString(Path.of(log + ".key"))).orThrow();
        return LogSettings.of(log, Path.of(log + ".last-signed"), key);
    }

    private static byte[] leaf(long number) {
        return new Leaf(
                        LeafKind.VM_START,
                        Instant.ofEpochSecond(1_780_000_000L + number / 100),
                        "nova-compute",
                        new UUID(0x3f0c8a529f4e4f5eL, number).toString(),
                        new Content.Body(new Json.Members(Map.of("host", new Json.Characters("hv-" + number % 1000)))))
                .bytes();
    }

    /** Fills a log through its writer, in the largest batches that it takes. */
    private static void fill(Path log, long leaves) throws Exception {
        LogOptions options = new LogOptions(
                LogOptions.BATCH_LIMIT, 8 << 20, 2 * LogOptions.BATCH_LIMIT, 16 << 20, Duration.ZERO, Duration.ofSeconds(1));
        try (Log open = Log.open(settings(log).with(options)).orThrow()) {
            long begun = open.checkpoint().checkpoint().size();
            ArrayDeque<CompletableFuture<Append>> waiting = new ArrayDeque<>();
            for (long i = begun; i < leaves; i++) {
                if (waiting.size() == 2 * LogOptions.BATCH_LIMIT) {
                    accepted(waiting.remove().get());
                }
                waiting.add(open.submit(leaf(i)));
            }
            while (!waiting.isEmpty()) {
                accepted(waiting.remove().get());
            }
        }
    }

    private static void accepted(Append outcome) {
        if (!(outcome instanceof Append.Accepted)) {
            throw new IllegalStateException("the log answered " + outcome);
        }
    }

    /** Milliseconds to open, in this fresh process; then MiB resident at most, while 64 submitters append. */
    private static void open(Path log) throws Exception {
        long start = System.nanoTime();
        try (Log open = Log.open(settings(log)).orThrow()) {
            double millis = (System.nanoTime() - start) / 1e6;
            long heap = usedHeap();
            LoadGenerator.Result result = new LoadGenerator(open, LedgerScale::leaf).run(64, 20_000);
            System.out.printf(
                    Locale.ROOT,
                    "%.1f %d %d %d %.0f%n",
                    millis,
                    heap >> 20,
                    usedHeap() >> 20,
                    peakResidentKib() >> 10,
                    result.appendsPerSecond());
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long peakResidentKib() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** Microseconds of a proof and of its verification, median and 99th percentile, warm, at random places. */
    private static void prove(Path log, int runs) throws Exception {
        SignedCheckpoint signed =
                SignedCheckpoint.parse(Files.readAllBytes(log.resolve("checkpoint"))).orThrow();
        long size = signed.checkpoint().size();
        StoredTiles tiles = new StoredTiles(new DirectoryStorage(log));
        VerifierKey key = VerifierKey.parse(Files.readString(Path.of(log + ".key.pub"))).orThrow();
        OfflineVerifier verifier = new OfflineVerifier(Trust.log(key));
        Random random = new Random(7);
        double[] proving = new double[runs];
        double[] verifying = new double[runs];
        for (int i = -runs; i < runs; i++) {
            long index = random.nextLong(size);
            TilePath path = new TreeTiles(size).bundleOf(index);
            byte[] leaf = EntryBundle.parse(tiles.read(path), path.width()).orThrow().entry((int) (index % 256));
            long start = System.nanoTime();
            InclusionProof proof = InclusionProof.build(new TiledTree(tiles, size), index, size);
            long proved = System.nanoTime();
            byte[] file = ProofFile.of(proof, signed).bytes();
            long made = System.nanoTime();
            Verification verified = verifier.verify(file, leaf);
            long end = System.nanoTime();
            boolean holds = proof.verify(new TreeHasher().leaf(leaf), signed.checkpoint().root()) instanceof Check.Holds;
            if (!holds || !(verified instanceof Verification.Verified)) {
                throw new IllegalStateException("proof of " + index + " does not hold");
            }
            if (i >= 0) {
                proving[i] = (proved - start) / 1e3;
                verifying[i] = (end - made) / 1e3;
            }
        }
        Arrays.sort(proving);
        Arrays.sort(verifying);
        System.out.printf(
                Locale.ROOT,
                "%.0f %.0f %.0f %.0f%n",
                proving[runs / 2],
                proving[runs * 99 / 100],
                verifying[runs / 2],
                verifying[runs * 99 / 100]);
    }
}
