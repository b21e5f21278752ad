package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.ModelDisk.Fault;
import dev.ringfence.ledger.log.ModelDisk.Loss;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every write, sync, rename and removal of a run fails once in every way; then the log is opened again. */
class StorageFaultTest {
    private static final int[] BATCHES = {1, 254, 1, 2, 300, 1};

    private static LogOpening opening(ModelDisk disk) {
        LogPlaces places = new LogPlaces(disk.storage("log"), disk.storage("second"), "last");
        return new LogOpening(
                places, List.of(Promises.KEY), Cosigning.NOBODY, InstantSource.system(), Together.IN_ORDER);
    }

    private static LogWriter open(ModelDisk disk, String where) throws StorageException {
        return switch (opening(disk).open()) {
            case Parsed.Value<LogWriter>(LogWriter writer) -> writer;
            case Parsed.Refused<LogWriter>(Refusal why) -> fail(where + ": " + why);
        };
    }

    private static List<byte[]> leaves(long first, int count, String generation) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add((generation + " " + (first + i)).getBytes(StandardCharsets.US_ASCII));
        }
        return leaves;
    }

    private static void commit(LogWriter writer, int count, String generation, Promises promises) throws IOException {
        List<byte[]> leaves = leaves(writer.signedSize(), count, generation);
        long first = writer.write(leaves);
        assertThat(writer.publish()).isEmpty();
        for (int i = 0; i < count; i++) {
            promises.acknowledged(first + i, leaves.get(i));
        }
        promises.published(writer.published().checkpoint(), writer.tiles());
        writer.tidy();
    }

    /** A disk with a log of this size, which the runs start from. */
    private static ModelDisk prepared(int size, Promises promises) throws IOException {
        ModelDisk disk = new ModelDisk();
        LogWriter writer = opening(disk).create().orThrow();
        promises.published(writer.published().checkpoint(), writer.tiles());
        for (int left = size; left > 0; left -= LogOptions.BATCH_LIMIT) {
            List<byte[]> leaves = leaves(writer.signedSize(), Math.min(left, LogOptions.BATCH_LIMIT), "before");
            writer.write(leaves);
            assertThat(writer.publish()).isEmpty();
            promises.published(writer.published().checkpoint(), writer.tiles());
            writer.tidy();
        }
        return disk;
    }

    private static void run(ModelDisk disk, Promises promises) throws IOException {
        LogWriter writer = open(disk, "before the fault");
        for (int count : BATCHES) {
            commit(writer, count, "first", promises);
        }
    }

    /** One fault at one step; then the disk as a new process finds it, or as it is after the machine stopped. */
    private static int faultAt(int step, Fault fault, Loss loss, long seed, int size) throws IOException {
        String where = fault + " at step " + step + ", losing " + loss + ", seed " + seed;
        Promises promises = new Promises();
        ModelDisk disk = prepared(size, promises);
        disk.failAt(step, fault);
        boolean failed = false;
        try {
            run(disk, promises);
        } catch (StorageException _) {
            failed = true;
        }
        int steps = disk.steps();
        // Nothing is lost when only the process ends: the next one finds the page cache, synced or not.
        ModelDisk after = loss == Loss.NOTHING ? disk.copy() : disk.restarted(loss, Fuzz.random(seed));
        LogWriter writer = open(after, where);
        Checkpoint found = writer.published().checkpoint();
        promises.hold(found, writer.tiles());
        promises.published(found, writer.tiles());
        LogWriter afterAll =
                open(after.restarted(Loss.EVERYTHING, Fuzz.random(seed)), where + ", then a power cut at once");
        promises.hold(afterAll.published().checkpoint(), afterAll.tiles());
        // The log goes on, over what the fault left behind, and once more after a further power cut.
        commit(writer, 2, "second", promises);
        commit(writer, 300, "second", promises);
        ModelDisk again = after.restarted(Loss.AT_RANDOM, Fuzz.random(seed + 1));
        LogWriter last = open(again, where + ", then a power cut");
        promises.hold(last.published().checkpoint(), last.tiles());
        return failed ? steps : -1;
    }

    private static void everyStep(Fault fault, List<Loss> losses, int stride, int size) throws IOException {
        int step = 1;
        for (boolean more = true; more; step += stride) {
            for (Loss loss : losses) {
                more = faultAt(step, fault, loss, step, size) >= 0;
            }
        }
        assertThat(step).as("steps of the run").isGreaterThan(100);
    }

    @Test
    void keepsItsWordWhateverStepAKillOrAPowerCutHits() throws IOException {
        everyStep(Fault.POWER_CUT, List.of(Loss.NOTHING, Loss.AT_RANDOM), 5, 0);
    }

    @Test
    @Tag("slow")
    void keepsItsWordWhenAPowerCutLosesAllNothingOrSomeUnsynced() throws IOException {
        everyStep(Fault.POWER_CUT, List.of(Loss.NOTHING, Loss.EVERYTHING, Loss.AT_RANDOM), 1, 0);
    }

    @Test
    @Tag("slow")
    void keepsItsWordWhenTheDiskIsFull() throws IOException {
        everyStep(Fault.NO_SPACE, List.of(Loss.NOTHING, Loss.AT_RANDOM), 1, 0);
    }

    @Test
    @Tag("slow")
    void keepsItsWordWhenAStepFailsAndTheDataIsGone() throws IOException {
        everyStep(Fault.IO_ERROR, List.of(Loss.NOTHING, Loss.AT_RANDOM), 1, 0);
    }

    @Test
    @Tag("slow")
    void keepsItsWordWhenTheFileSystemBecomesReadOnly() throws IOException {
        everyStep(Fault.READ_ONLY, List.of(Loss.NOTHING), 1, 0);
    }
}
