package dev.ringfence.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.LogStorage;
import dev.ringfence.ledger.log.StorageException;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessRecordsTest {
    private static final SampleLog LOG = SampleLog.named("log.example/one");

    @TempDir
    private Path temp = Path.of("");

    private static String code(Parsed<WitnessRecords> outcome) throws IOException {
        return switch (outcome) {
            case Parsed.Refused<WitnessRecords>(Refusal why) -> why.code();
            case Parsed.Value<WitnessRecords>(WitnessRecords records) -> {
                records.close();
                yield "opened";
            }
        };
    }

    @Test
    void remembersAcrossRestarts() throws Exception {
        try (RunningWitness first =
                RunningWitness.in(temp, "w.example", LOG.key().verifier())) {
            assertThat(first.post(LOG.request(0, 5).bytes()).statusCode()).isEqualTo(200);
            first.close();
            try (RunningWitness second = first.again(temp, LOG.key().verifier())) {
                assertThat(second.post(LOG.request(0, 7).bytes()).body()).isEqualTo("5\n");
                assertThat(second.post(LOG.forkedAt(2, "'").request(5, 7).bytes())
                                .statusCode())
                        .isEqualTo(422);
                assertThat(second.post(LOG.request(5, 7).bytes()).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void keepsTheRecordOfALogThatIsNoLongerConfigured() throws Exception {
        try (RunningWitness first =
                RunningWitness.in(temp, "w.example", LOG.key().verifier())) {
            first.post(LOG.request(0, 5).bytes());
            first.close();
            SampleLog other = SampleLog.named("log.example/two");
            RunningWitness second = first.again(temp, other.key().verifier());
            assertThat(second.post(other.request(0, 3).bytes()).statusCode()).isEqualTo(200);
            second.close();
            try (RunningWitness third = first.again(temp, LOG.key().verifier())) {
                assertThat(third.post(LOG.request(0, 7).bytes()).body()).isEqualTo("5\n");
            }
        }
    }

    @Test
    void isNeitherBegunTwiceNorOpenedWithoutItsFile() throws Exception {
        assertThat(code(WitnessRecords.open(temp))).isEqualTo("RF-LDG-206");
        assertThat(code(WitnessRecords.create(temp))).isEqualTo("opened");
        assertThat(code(WitnessRecords.create(temp))).isEqualTo("RF-LDG-208");
        assertThat(code(WitnessRecords.open(temp))).isEqualTo("opened");
        Files.delete(temp.resolve(WitnessRecords.NAME));
        assertThat(code(WitnessRecords.open(temp))).isEqualTo("RF-LDG-206");
    }

    @Test
    void isHeldByOneAtATime() throws Exception {
        try (WitnessRecords held = WitnessRecords.create(temp).orThrow()) {
            assertThat(held.last("x")).isEmpty();
            assertThat(code(WitnessRecords.open(temp))).isEqualTo("RF-LDG-112");
        }
        assertThat(code(WitnessRecords.open(temp))).isEqualTo("opened");
    }

    @Test
    void refusesAFileThatWasDamagedOrCut() throws Exception {
        byte[] sound = WitnessRecords.bytes(Map.of(
                "log.example/one",
                LOG.checkpoint(5),
                "log.example/two",
                new Checkpoint("log.example/two", 1, LOG.root(1))));
        assertThat(WitnessRecords.parse(sound)).isInstanceOf(Parsed.Value.class);
        for (int i = 0; i < sound.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = sound.clone();
                flipped[i] ^= (byte) (1 << bit);
                assertThat(WitnessRecords.parse(flipped))
                        .as("bit %d of byte %d", bit, i)
                        .isInstanceOf(Parsed.Refused.class);
            }
            assertThat(WitnessRecords.parse(Arrays.copyOf(sound, i))).isInstanceOf(Parsed.Refused.class);
        }
        Files.write(temp.resolve(WitnessRecords.NAME), Arrays.copyOf(sound, sound.length - 1));
        assertThat(code(WitnessRecords.open(temp))).isEqualTo("RF-LDG-207");
    }

    /** Fails at one kind of step once it is told to, and forgets what was to be done. */
    private static final class Failing implements LogStorage {
        private final LogStorage real;
        private final String step;
        private boolean armed;

        Failing(LogStorage real, String step) {
            this.real = real;
            this.step = step;
        }

        private void step(String name, String path) throws StorageException {
            if (armed && step.equals(name)) {
                throw new StorageException(name, path, new IOException("No space left on device"));
            }
        }

        @Override
        public void makeDirectory(String path) throws StorageException {
            real.makeDirectory(path);
        }

        @Override
        public void write(String path, List<byte[]> parts) throws StorageException {
            step("write", path);
            real.write(path, parts);
        }

        @Override
        public void sync(String path) throws StorageException {
            step("sync content", path);
            real.sync(path);
        }

        @Override
        public void rename(String from, String to) throws StorageException {
            step("rename", to);
            real.rename(from, to);
        }

        @Override
        public void syncDirectory(String path) throws StorageException {
            step("sync", path);
            real.syncDirectory(path);
        }

        @Override
        public Optional<byte[]> read(String path, int limitBytes) throws StorageException {
            return real.read(path, limitBytes);
        }

        @Override
        public List<String> list(String path) throws StorageException {
            return real.list(path);
        }

        @Override
        public boolean delete(String path) throws StorageException {
            return real.delete(path);
        }

        @Override
        public String place(String path) {
            return real.place(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "rename", "sync"})
    void cosignsNothingMoreOnceTheStorageHasFailed(String step) throws Exception {
        SignerKey key = SignerKey.generate("w.example", SignatureType.ED25519_COSIGNATURE)
                .orThrow();
        Failing storage = new Failing(new DirectoryStorage(temp), step);
        try (WitnessRecords records = WitnessRecords.under(temp, storage, true).orThrow()) {
            Witness witness = new Witness(List.of(LOG.key().verifier()), List.of(key), records, InstantSource.system());
            assertThat(witness.add(LOG.request(0, 5).bytes()).status()).isEqualTo(200);
            storage.armed = true;
            assertThat(witness.add(LOG.request(5, 7).bytes()).status()).isEqualTo(503);
            storage.armed = false;
            // Neither the larger nor the smaller tree: memory cannot say which of them is on the disk.
            assertThat(witness.add(LOG.request(7, 9).bytes()).status()).isEqualTo(503);
            assertThat(witness.add(LOG.request(5, 5).bytes()).status()).isEqualTo(503);
            assertThat(witness.failure()).isPresent();
        }
        try (WitnessRecords records = WitnessRecords.open(temp).orThrow()) {
            Witness witness = new Witness(List.of(LOG.key().verifier()), List.of(key), records, InstantSource.system());
            long seen = records.last("log.example/one").orElseThrow().size();
            assertThat(seen).isEqualTo(step.equals("sync") ? 7 : 5);
            assertThat(witness.add(LOG.request(seen, 9).bytes()).status()).isEqualTo(200);
        }
    }
}
