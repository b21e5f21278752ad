package dev.ringfence.ledger.fsck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.TestLog;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FsckTest {
    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temporary.resolve("log"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_536, 70_000})
    void soundLogIsSound(int size) throws IOException {
        List<byte[]> leaves = TestLog.leaves(size);
        TestLog.write(directory, leaves);
        FsckReport report = check();
        assertThat(report.faults()).isEmpty();
        assertThat(report.size()).isEqualTo(size);
        assertThat(report.root()).isEqualTo(TestLog.root(leaves).base64());
        assertThat(report.strays()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 256, 300})
    void everyFlippedBitIsFoundInItsFile(int size) throws IOException {
        TestLog.write(directory, TestLog.leaves(size));
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            String name = directory.relativize(file).toString();
            for (int at = 0; at < good.length; at += size > 3 ? 97 : 1) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                Files.write(file, bad);
                List<Fault> faults = check().faults();
                assertThat(faults).as("%s byte %d", name, at).isNotEmpty();
                assertThat(faults.getFirst().file())
                        .as("%s byte %d: %s", name, at, faults)
                        .isEqualTo(name);
                if (name.matches("tile/[0-9].*")) {
                    assertThat(faults).hasSize(1);
                    assertThat(faults.getFirst().offsetBytes()).isEqualTo(at);
                }
            }
            Files.write(file, good);
        }
        assertThat(check().isSound()).isTrue();
    }

    @Test
    void flippedBitOfALargeLogIsFoundInItsFile() throws IOException {
        TestLog.write(directory, TestLog.leaves(70_000));
        for (String name : List.of(
                "tile/entries/000",
                "tile/entries/272",
                "tile/entries/273.p/112",
                "tile/0/000",
                "tile/0/272",
                "tile/0/273.p/112",
                "tile/1/000",
                "tile/1/001.p/17",
                "tile/2/000.p/1")) {
            Path file = directory.resolve(name);
            byte[] good = Files.readAllBytes(file);
            for (int at : new int[] {0, good.length / 2, good.length - 1}) {
                byte[] bad = good.clone();
                bad[at] ^= 4;
                Files.write(file, bad);
                List<Fault> faults = check().faults();
                assertThat(faults).as("%s byte %d", name, at).hasSizeBetween(1, 2);
                assertThat(faults.getFirst().file()).as("%s", faults).isEqualTo(name);
            }
            Files.write(file, good);
        }
    }

    @Test
    void namesTheEntryThatWasChanged() throws IOException {
        List<byte[]> leaves = TestLog.leaves(600);
        TestLog.write(directory, leaves);
        List<byte[]> changed = new ArrayList<>(leaves);
        changed.set(300, "leaf XXX".getBytes(StandardCharsets.UTF_8));
        Path other = Files.createDirectory(temporary.resolve("other"));
        TestLog.writeTiles(other, changed);
        Files.copy(
                other.resolve("tile/entries/001"),
                directory.resolve("tile/entries/001"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(check().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("RF-LDG-074");
            assertThat(fault.file()).isEqualTo("tile/entries/001");
            assertThat(fault.offsetBytes()).isEqualTo(44 * 10);
            assertThat(fault.reason()).contains("leaf 300");
        });
        // With its tile changed to fit, the tile above still tells.
        Files.copy(other.resolve("tile/0/001"), directory.resolve("tile/0/001"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(check().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("RF-LDG-073");
            assertThat(fault.file()).isEqualTo("tile/0/001");
        });
        // With all tiles changed, the signature does.
        TestLog.writeTiles(directory, changed);
        assertThat(check().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("RF-LDG-077");
            assertThat(fault.file()).isEqualTo("checkpoint");
        });
    }

    @Test
    void everyMissingFileIsNamed() throws IOException {
        TestLog.write(directory, TestLog.leaves(600));
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            Files.delete(file);
            List<Fault> faults = check().faults();
            assertThat(faults).isNotEmpty();
            assertThat(faults.getFirst().code()).isEqualTo("RF-LDG-070");
            assertThat(faults.getFirst().file())
                    .isEqualTo(directory.relativize(file).toString());
            Files.write(file, good);
        }
    }

    @Test
    void everyTruncatedFileIsNamed() throws IOException {
        TestLog.write(directory, TestLog.leaves(258));
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            for (int length = 0; length < good.length; length += Math.max(1, good.length / 40)) {
                Files.write(file, Arrays.copyOf(good, length));
                List<Fault> faults = check().faults();
                assertThat(faults).as("%s %d", file, length).isNotEmpty();
                assertThat(faults.getFirst().file())
                        .isEqualTo(directory.relativize(file).toString());
            }
            Files.write(file, Arrays.copyOf(good, good.length + 1));
            assertThat(check().faults().getFirst().file())
                    .isEqualTo(directory.relativize(file).toString());
            Files.write(file, good);
        }
    }

    @Test
    void outdatedPartialFilesMayStayOrGoButNotDiffer() throws IOException {
        TestLog.write(directory, TestLog.leaves(100));
        TestLog.write(directory, TestLog.leaves(300));
        assertThat(check().faults()).isEmpty();
        assertThat(check().strays()).isZero();
        for (String name : List.of("tile/0/000.p/100", "tile/entries/000.p/100")) {
            Path file = directory.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[33] ^= 1;
            Files.write(file, bytes);
            assertThat(check().faults()).singleElement().satisfies(fault -> {
                assertThat(fault.code()).isEqualTo("RF-LDG-079");
                assertThat(fault.file()).isEqualTo(name);
                assertThat(fault.offsetBytes()).isEqualTo(33);
            });
            Files.delete(file);
            assertThat(check().faults()).isEmpty();
        }
    }

    @Test
    void filesBeyondTheSignedTreeAreStrays() throws IOException {
        TestLog.write(directory, TestLog.leaves(200));
        TestLog.writeTiles(directory, TestLog.leaves(600));
        FsckReport report = check();
        assertThat(report.faults()).isEmpty();
        assertThat(report.strays()).isEqualTo(7);
    }

    @Test
    void partialTileMayHaveBecomeTheFullOne() throws IOException {
        TestLog.write(directory, TestLog.leaves(200));
        TestLog.writeTiles(directory, TestLog.leaves(600));
        Files.delete(directory.resolve("tile/0/000.p/200"));
        Files.delete(directory.resolve("tile/entries/000.p/200"));
        assertThat(check().faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 256, 257, 511, 512, 513, 699, 700})
    void lastSignedCheckpointMustBeOfTheSameTree(int size) throws IOException {
        List<byte[]> leaves = TestLog.leaves(700);
        TestLog.write(directory, leaves);
        Path last = temporary.resolve("last-" + size);
        Files.write(last, TestLog.checkpoint(leaves.subList(0, size)).bytes());
        assertThat(check(last).faults()).isEmpty();
        List<byte[]> others = new ArrayList<>(leaves.subList(0, size));
        others.replaceAll(leaf -> (leaf.length + "x").getBytes(StandardCharsets.UTF_8));
        Files.write(last, TestLog.checkpoint(others).bytes());
        if (size > 0) {
            assertThat(check(last).faults()).extracting(Fault::code).containsExactly("RF-LDG-078");
        }
    }

    @Test
    void newerLastSignedCheckpointIsTheLog() throws IOException {
        List<byte[]> leaves = TestLog.leaves(700);
        TestLog.write(directory, leaves);
        Files.write(
                directory.resolve("checkpoint"),
                TestLog.checkpoint(leaves.subList(0, 300)).bytes());
        Path last = temporary.resolve("last-newer");
        Files.write(last, TestLog.checkpoint(leaves).bytes());
        FsckReport report = check(last);
        assertThat(report.faults()).isEmpty();
        assertThat(report.size()).isEqualTo(700);
    }

    @Test
    void logThatLostWhatItSignedIsFound() throws IOException {
        TestLog.write(directory, TestLog.leaves(300));
        Path last = temporary.resolve("last-lost");
        Files.write(last, TestLog.checkpoint(TestLog.leaves(700)).bytes());
        assertThat(check(last).faults()).extracting(Fault::code).contains("RF-LDG-070");
        Files.delete(last);
        assertThat(check(last).faults()).extracting(Fault::file).containsExactly(last.toString());
    }

    @Test
    void checkpointOfAnotherKeyOrLogIsRefused() throws IOException {
        List<byte[]> leaves = TestLog.leaves(5);
        TestLog.write(directory, leaves);
        SignerKey other =
                SignerKey.generate(TestLog.ORIGIN, SignatureType.ED25519).orThrow();
        assertThat(Fsck.of(directory, other.verifier().vkey())
                        .orElseThrow()
                        .run()
                        .faults())
                .extracting(Fault::code)
                .containsExactly("RF-LDG-076");
        Checkpoint elsewhere = new Checkpoint("example.com/other", 5, TestLog.root(leaves));
        Files.write(
                directory.resolve("checkpoint"),
                SignedCheckpoint.sign(elsewhere, TestLog.KEY, TestLog.TIME).bytes());
        assertThat(check().faults()).extracting(Fault::code).containsExactly("RF-LDG-075");
    }

    @Test
    void logOfAnMlDsaKeyIsSound() throws IOException {
        List<byte[]> leaves = TestLog.leaves(5);
        TestLog.writeTiles(directory, leaves);
        SignerKey key = SignerKey.generate(TestLog.ORIGIN, SignatureType.ML_DSA_44_COSIGNATURE)
                .orThrow();
        Checkpoint checkpoint = new Checkpoint(TestLog.ORIGIN, 5, TestLog.root(leaves));
        Path file = directory.resolve("checkpoint");
        Files.write(file, SignedCheckpoint.sign(checkpoint, key, TestLog.TIME).bytes());
        String vkey = key.verifier().vkey();
        assertThat(Fsck.of(directory, vkey).orElseThrow().run().faults()).isEmpty();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        assertThat(Fsck.of(directory, vkey).orElseThrow().run().faults()).isNotEmpty();
    }

    @Test
    void refusesWhatIsNoKeyOfALog() {
        String vkey = TestLog.KEY.verifier().vkey();
        SignerKey witness =
                SignerKey.generate("w", SignatureType.ED25519_COSIGNATURE).orThrow();
        assertThat(Fsck.of(directory, vkey)).isPresent();
        assertThat(Fsck.of(directory, witness.verifier().vkey())).isEmpty();
        assertThat(Fsck.of(directory, vkey.replace('/', '_'))).isEmpty();
        for (int end = 0; end < vkey.length(); end++) {
            assertThat(Fsck.of(directory, vkey.substring(0, end))).isEmpty();
        }
    }

    @Test
    void sayWhenAFileCannotBeRead() throws IOException {
        TestLog.write(directory, TestLog.leaves(5));
        Path file = directory.resolve("tile/0/000.p/5");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(this::check).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
    }

    @Test
    void checkEndsWithTheLimitOfFaults() throws IOException {
        List<byte[]> leaves = TestLog.leaves(40_000);
        Files.write(directory.resolve("checkpoint"), TestLog.checkpoint(leaves).bytes());
        assertThat(check().faults()).hasSize(Fsck.FAULT_LIMIT);
    }

    @Test
    void neverThrowsForWhatFilesSay() throws IOException {
        TestLog.write(directory, TestLog.leaves(3));
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            Fuzz.bytes(List.of(good), 1_500, bytes -> {
                try {
                    Files.write(file, bytes);
                    // A checkpoint may gain lines of keys that nobody knows; nothing else may change unseen.
                    if (check().isSound() && !file.endsWith("checkpoint")) {
                        assertThat(bytes).isEqualTo(good);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Files.write(file, good);
        }
    }

    @Test
    void sharesNoCodeWithTheRestOfTheLedger() throws IOException {
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/ringfence/ledger/fsck"))) {
            List<Path> all = sources.toList();
            assertThat(all).hasSizeGreaterThan(8);
            for (Path source : all) {
                assertThat(Files.readString(source).replace("dev.ringfence.ledger.fsck", ""))
                        .as("%s", source)
                        .doesNotContain("dev.ringfence");
            }
        }
    }

    private FsckReport check() throws IOException {
        return Fsck.of(directory, TestLog.KEY.verifier().vkey()).orElseThrow().run();
    }

    private FsckReport check(Path last) throws IOException {
        return Fsck.of(directory, TestLog.KEY.verifier().vkey(), last)
                .orElseThrow()
                .run();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
