package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was changed behind the checkpoint is refused; the twin, with the same thing unchanged, opens. */
class OpeningTest {
    /** The example of tlog-tiles: three levels, each with a partial tile. */
    private static final int SIZE = 70_000;

    private static final ModelDisk WHOLE = new ModelDisk();
    private static final ModelDisk EARLIER = new ModelDisk();

    private final ModelDisk disk = WHOLE.copy();

    @BeforeAll
    static void writeTheLog() throws IOException {
        grow(WHOLE, opening(WHOLE).create().orThrow(), SIZE);
        grow(EARLIER, opening(EARLIER).create().orThrow(), 69_000);
    }

    private static void grow(ModelDisk disk, LogWriter writer, int size) throws StorageException {
        while (writer.signedSize() < size) {
            writer.write(leaves(writer.signedSize(), (int) Math.min(10_000, size - writer.signedSize())));
            writer.publish();
            writer.tidy();
        }
        assertThat(disk.steps()).isPositive();
    }

    private static List<byte[]> leaves(long first, int count) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(("leaf " + (first + i)).getBytes(StandardCharsets.US_ASCII));
        }
        return leaves;
    }

    private static LogOpening opening(ModelDisk disk) {
        return opening(disk, Promises.KEY);
    }

    private static LogOpening opening(ModelDisk disk, SignerKey key) {
        LogPlaces places = new LogPlaces(disk.storage("log"), disk.storage("second"), "last");
        return new LogOpening(places, List.of(key), Cosigning.NOBODY, InstantSource.system(), Together.IN_ORDER);
    }

    private static byte[] read(ModelDisk disk, String place, String path) throws StorageException {
        return disk.storage(place).read(path, 1 << 20).orElseThrow();
    }

    private void write(String place, String path, byte[] bytes) throws StorageException {
        disk.storage(place).writeSynced(path, List.of(bytes));
    }

    private static String outcome(ModelDisk disk) throws StorageException {
        return switch (opening(disk).open()) {
            case Parsed.Value<LogWriter>(LogWriter writer) -> {
                Promises promises = new Promises();
                try {
                    promises.hold(writer.published().checkpoint(), writer.tiles());
                } catch (IOException e) {
                    yield e.toString();
                }
                yield "opens at " + writer.signedSize();
            }
            case Parsed.Refused<LogWriter>(Refusal why) -> why.toString();
        };
    }

    @Test
    void opensWhatWasWritten() throws StorageException {
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
    }

    @Test
    void refusesAnyFlippedByteOfTheTilesAtTheEdge() throws StorageException {
        for (String path : List.of("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1")) {
            byte[] good = read(WHOLE, "log", path);
            for (int at = 0; at < good.length; at += 13) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                write("log", path, bad);
                assertThat(outcome(disk)).as("%s byte %d", path, at).startsWith("RF-LDG-115");
            }
            write("log", path, good);
            assertThat(outcome(disk)).isEqualTo("opens at 70000");
        }
    }

    @Test
    void refusesAnyFlippedByteOfTheLastBundle() throws StorageException {
        String path = "tile/entries/273.p/112";
        byte[] good = read(WHOLE, "log", path);
        for (int at = 0; at < good.length; at += 7) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            write("log", path, bad);
            assertThat(outcome(disk)).as("byte %d", at).matches("RF-LDG-11[46] .*entries/273.*");
        }
        write("log", path, good);
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
    }

    @Test
    void refusesFilesThatAreMissingShorterOrLonger() throws StorageException {
        for (String path : List.of("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112")) {
            byte[] good = read(WHOLE, "log", path);
            disk.storage("log").delete(path);
            assertThat(outcome(disk)).startsWith("RF-LDG-114").contains(path, "missing");
            write("log", path, java.util.Arrays.copyOf(good, good.length - 1));
            assertThat(outcome(disk)).startsWith("RF-LDG-114").contains(path);
            write("log", path, java.util.Arrays.copyOf(good, good.length + 1));
            assertThat(outcome(disk)).startsWith("RF-LDG-114").contains(path);
            write("log", path, good);
            assertThat(outcome(disk)).isEqualTo("opens at 70000");
        }
    }

    @Test
    void refusesAnyFlippedByteOfThePublicCheckpoint() throws StorageException {
        byte[] good = read(WHOLE, "log", "checkpoint");
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            write("log", "checkpoint", bad);
            assertThat(outcome(disk)).as("byte %d", at).startsWith("RF-LDG-113");
        }
        write("log", "checkpoint", good);
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
    }

    @Test
    void refusesAnyFlippedByteOfTheSecondCheckpoint() throws StorageException {
        byte[] good = read(WHOLE, "second", "last");
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            write("second", "last", bad);
            assertThat(outcome(disk)).as("byte %d", at).startsWith("RF-LDG-118");
        }
        write("second", "last", good);
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
    }

    @Test
    void refusesAnOlderCopyOfTheDirectory() throws StorageException {
        ModelDisk rolledBack = EARLIER.copy();
        assertThat(outcome(rolledBack)).isEqualTo("opens at 69000");
        rolledBack.storage("second").writeSynced("last", List.of(read(WHOLE, "second", "last")));
        assertThat(outcome(rolledBack)).startsWith("RF-LDG-121").contains("70000");
    }

    @Test
    void refusesAnOlderPublicCheckpointOnlyIfItsTreeIsAnother() throws StorageException {
        // The machine stopped before the rename: the tree that was signed is there, and is published now.
        write("log", "checkpoint", read(EARLIER, "log", "checkpoint"));
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
        assertThat(read(disk, "log", "checkpoint")).isEqualTo(read(WHOLE, "second", "last"));

        Checkpoint other =
                new Checkpoint(Promises.KEY.verifier().name(), 69_000, new TreeHasher().leaf(new byte[] {1}));
        write(
                "log",
                "checkpoint",
                SignedCheckpoint.sign(
                                other, Promises.KEY, InstantSource.system().instant())
                        .bytes());
        assertThat(outcome(disk)).startsWith("RF-LDG-120").contains("69000");
    }

    @Test
    void refusesTwoTreesOfOneSize() throws StorageException {
        Checkpoint other = new Checkpoint(Promises.KEY.verifier().name(), SIZE, new TreeHasher().leaf(new byte[] {1}));
        write(
                "second",
                "last",
                SignedCheckpoint.sign(
                                other, Promises.KEY, InstantSource.system().instant())
                        .bytes());
        assertThat(outcome(disk)).startsWith("RF-LDG-120").contains("70000");
    }

    @Test
    void refusesAnOlderSecondCheckpoint() throws StorageException {
        write("second", "last", read(EARLIER, "second", "last"));
        assertThat(outcome(disk)).startsWith("RF-LDG-119").contains("69000", "70000");
    }

    @Test
    void refusesALogWithoutSecondCheckpointUnlessTheOperatorTrustsTheDirectory() throws StorageException {
        disk.storage("second").delete("last");
        assertThat(outcome(disk)).startsWith("RF-LDG-117");
        assertThat(opening(disk).openTrustingDirectoryAlone().orThrow().signedSize())
                .isEqualTo(SIZE);
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
    }

    @Test
    void refusesADamagedTreeEvenWhenTheOperatorTrustsTheDirectory() throws StorageException {
        disk.storage("second").delete("last");
        write("log", "tile/2/000.p/1", new byte[32]);
        assertThat(opening(disk).openTrustingDirectoryAlone())
                .isInstanceOfSatisfying(
                        Parsed.Refused.class,
                        r -> assertThat(r.refusal().code()).isEqualTo("RF-LDG-115"));
    }

    @Test
    void refusesADirectoryWithoutCheckpoint() throws StorageException {
        disk.storage("log").delete("checkpoint");
        assertThat(outcome(disk)).startsWith("RF-LDG-121");
        disk.storage("second").delete("last");
        assertThat(outcome(disk)).startsWith("RF-LDG-110");
    }

    @Test
    void refusesTheLogOfAnotherKeyOfTheSameName() throws StorageException {
        SignerKey other = SignerKey.generate(Promises.KEY.verifier().name(), SignatureType.ED25519)
                .orThrow();
        assertThat(opening(disk, other).open())
                .isInstanceOfSatisfying(
                        Parsed.Refused.class,
                        r -> assertThat(r.refusal().toString())
                                .startsWith("RF-LDG-118")
                                .contains("no signature of"));
    }

    @Test
    void overwritesWhatACrashLeftBeyondTheCheckpoint() throws IOException {
        write("log", "tile/entries/273", "torn".getBytes(StandardCharsets.US_ASCII));
        write("log", "tile/0/273", new byte[8192]);
        write("log", "tile/0/273.p/113", new byte[5]);
        write("log", "tile/0/274", new byte[8192]);
        assertThat(outcome(disk)).isEqualTo("opens at 70000");
        assertThat(disk.storage("log").read("tile/0/274", 8192)).isEmpty();
        assertThat(disk.storage("log").list("tile/0/273.p")).containsExactly("112");

        LogWriter writer = opening(disk).open().orThrow();
        writer.write(leaves(SIZE, 1));
        assertThat(writer.publish()).isEmpty();
        Promises promises = new Promises();
        promises.published(writer.published().checkpoint(), writer.tiles());
        promises.hold(writer.published().checkpoint(), writer.tiles());
        assertThat(read(disk, "log", "tile/0/273.p/113")).hasSize(113 * 32);
    }

    @Test
    void hasTheTilesOfTheExampleInTheFormat() throws StorageException {
        LogStorage log = disk.storage("log");
        assertThat(log.list("tile/0").stream().filter(n -> !n.contains("."))).hasSize(273);
        assertThat(log.list("tile/entries").stream().filter(n -> !n.contains(".")))
                .hasSize(273);
        assertThat(log.list("tile/0/273.p")).contains("112");
        assertThat(log.list("tile/1")).containsExactly("000", "001.p");
        assertThat(log.list("tile/1/001.p")).contains("17");
        assertThat(log.list("tile/2")).containsExactly("000.p");
        assertThat(log.list("tile/2/000.p")).containsExactly("1");
    }
}
