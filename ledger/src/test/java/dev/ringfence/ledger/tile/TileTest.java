package dev.ringfence.ledger.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.TestLog;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.NaiveTree;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TileTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 256, tile/0/000",
        "1, 1234067, 256, tile/1/x001/x234/067",
        "-1, 999, 3, tile/entries/999.p/3",
        "-1, 1000, 256, tile/entries/x001/000",
        "63, 5, 255, tile/63/005.p/255",
        "0, 9223372036854775807, 1, tile/0/x009/x223/x372/x036/x854/x775/807.p/1"
    })
    void pathIsThatOfTheSpecification(int level, long index, int width, String text) {
        TilePath path = new TilePath(level, index, width);
        assertThat(path.path()).isEqualTo(text);
        assertThat(TilePath.parse(text).orThrow()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/tile/0/000",
                "tile/0/000/",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/0/0",
                "tile/0/0000",
                "tile/0/x000/000",
                "tile/0/x000/001",
                "tile/0/001/002",
                "tile/0/x001",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000.p/",
                "tile/0/000.p",
                "tile/0/000.p/1/",
                "tile/entries",
                "tile/data/000",
                "tile/0/x999/x999/x999/x999/x999/x999/999",
                "tile/0/../000",
                "tile/0/\u0663\u0663\u0663",
                "tile/0/000\n"
            })
    void refusesAnyOtherSpelling(String text) {
        assertThat(code(TilePath.parse(text))).isEqualTo("RF-LDG-011");
    }

    @Test
    void whateverPathIsReadIsWrittenTheSame() {
        Fuzz.text(List.of("tile/0/x001/067.p/3", "tile/entries/x001/x234/067"), 50_000, text -> {
            if (TilePath.parse(text) instanceof Parsed.Value<TilePath>(TilePath path)) {
                assertThat(path.path()).isEqualTo(text);
            }
        });
    }

    @Test
    void treeOf70000HasTheTilesOfTheSpecification() {
        TreeTiles tiles = new TreeTiles(70_000);
        assertThat(tiles.levels()).isEqualTo(3);
        assertThat(tiles.full(0)).isEqualTo(273);
        assertThat(tiles.full(1)).isEqualTo(1);
        assertThat(tiles.full(2)).isZero();
        assertThat(tiles.partials())
                .containsExactly(new TilePath(0, 273, 112), new TilePath(1, 1, 17), new TilePath(2, 0, 1));
        assertThat(tiles.bundleOf(69_999)).isEqualTo(TilePath.entries(273, 112));
        assertThat(tiles.bundleOf(0)).isEqualTo(TilePath.entries(0, 256));
        assertThatThrownBy(() -> tiles.tile(0, 274)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tiles.tile(3, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void treeOf256HasAFullTileAndAPartialOneAbove() {
        TreeTiles tiles = new TreeTiles(256);
        assertThat(tiles.tile(0, 0)).isEqualTo(new TilePath(0, 0, 256));
        assertThat(tiles.partials()).containsExactly(new TilePath(1, 0, 1));
        assertThat(new TreeTiles(0).levels()).isZero();
        assertThat(new TreeTiles(Long.MAX_VALUE).levels()).isEqualTo(8);
    }

    @Test
    void bundleSurvivesItsBytes() {
        List<byte[]> entries = List.of(new byte[0], new byte[] {1, 2, 3}, new byte[65_535]);
        byte[] bytes = EntryBundle.of(entries).bytes();
        assertThat(Arrays.copyOf(bytes, 7)).containsExactly(0, 0, 0, 3, 1, 2, 3);
        EntryBundle read = EntryBundle.parse(bytes, 3).orThrow();
        assertThat(read.width()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(read.entry(i)).isEqualTo(entries.get(i));
        }
        assertThat(code(EntryBundle.parse(bytes, 2))).isEqualTo("RF-LDG-013");
        assertThat(code(EntryBundle.parse(bytes, 4))).isEqualTo("RF-LDG-012");
        assertThatThrownBy(() -> EntryBundle.of(List.of(new byte[65_536])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EntryBundle.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bundleTruncatedAnywhereIsRefused() {
        byte[] bytes = EntryBundle.of(TestLog.leaves(20)).bytes();
        for (int end = 0; end < bytes.length; end++) {
            assertThat(code(EntryBundle.parse(Arrays.copyOf(bytes, end), 20))).isEqualTo("RF-LDG-012");
        }
    }

    @Test
    void whateverBundleIsReadIsWrittenTheSame() {
        Fuzz.bytes(List.of(EntryBundle.of(TestLog.leaves(9)).bytes()), 30_000, bytes -> {
            if (EntryBundle.parse(bytes, 9) instanceof Parsed.Value<EntryBundle>(EntryBundle bundle)) {
                List<byte[]> entries = new ArrayList<>();
                for (int i = 0; i < 9; i++) {
                    entries.add(bundle.entry(i));
                }
                assertThat(EntryBundle.of(entries).bytes()).isEqualTo(bytes);
            }
        });
    }

    @Test
    void tileHasTheBytesOfItsWidth() {
        byte[] bytes = new byte[96];
        bytes[64] = 9;
        Tile tile = Tile.parse(bytes, 3).orThrow();
        assertThat(tile.width()).isEqualTo(3);
        assertThat(tile.hash(2).bytes()[0]).isEqualTo((byte) 9);
        assertThat(tile.bytes()).isEqualTo(bytes);
        for (int length : new int[] {0, 95, 97, 64, 128}) {
            assertThat(code(Tile.parse(new byte[length], 3))).isEqualTo("RF-LDG-010");
        }
        assertThat(code(Tile.parse(new byte[0], 0))).isEqualTo("RF-LDG-010");
        assertThat(code(Tile.parse(new byte[257 * 32], 257))).isEqualTo("RF-LDG-010");
        assertThatThrownBy(() -> tile.subtree(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void tiledTreeGivesTheHashesOfTheTree(@TempDir Path directory) throws IOException {
        int size = 600;
        List<byte[]> leaves = TestLog.leaves(size);
        TestLog.write(directory, leaves);
        NaiveTree naive = naive(leaves);
        TiledTree tree = new TiledTree(TestLog.source(directory), size);
        for (int height = 0; height < 10; height++) {
            for (long index = 0; (index + 1) << height <= size; index++) {
                assertThat(tree.hash(height, index)).isEqualTo(naive.hash(height, index));
            }
            long incomplete = size >> height;
            int level = height;
            assertThatThrownBy(() -> tree.hash(level, incomplete)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Frontier.read(tree, size).root()).isEqualTo(TestLog.root(leaves));
    }

    @Test
    void proofsFromTilesHold(@TempDir Path directory) throws IOException {
        int size = 70_000;
        List<byte[]> leaves = TestLog.leaves(size);
        TestLog.write(directory, leaves);
        Hash root = TestLog.root(leaves);
        TreeHasher hasher = new TreeHasher();
        TiledTree tree = new TiledTree(TestLog.source(directory), size);
        for (int index = 0; index < size; index += 997) {
            InclusionProof proof = InclusionProof.build(tree, index, size);
            assertThat(proof.verify(hasher.leaf(leaves.get(index)), root)).isEqualTo(Check.holds());
            if (index > 0) {
                ConsistencyProof consistency = ConsistencyProof.build(tree, index, size);
                assertThat(consistency.verify(TestLog.root(leaves.subList(0, index)), root))
                        .isEqualTo(Check.holds());
            }
        }
    }

    @Test
    void anyFlippedBitOfATileBreaksAProofThatReadsIt(@TempDir Path directory) throws IOException {
        int size = 300;
        List<byte[]> leaves = TestLog.leaves(size);
        TestLog.write(directory, leaves);
        Hash root = TestLog.root(leaves);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory.resolve("tile"))) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("entries"))
                    .toList();
        }
        assertThat(files).hasSize(3);
        for (Path file : files) {
            byte[] good = Files.readAllBytes(file);
            for (int at = 0; at < good.length; at += 61) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                Files.write(file, bad);
                assertThat(someProofFails(directory, leaves, root))
                        .as("%s byte %d", file, at)
                        .isTrue();
            }
            Files.write(file, good);
        }
        assertThat(someProofFails(directory, leaves, root)).isFalse();
    }

    /** A client that checks one leaf of every pair and of every edge reads every hash of every tile. */
    private static boolean someProofFails(Path directory, List<byte[]> leaves, Hash root) throws IOException {
        TreeHasher hasher = new TreeHasher();
        int size = leaves.size();
        TiledTree tree = new TiledTree(TestLog.source(directory), size);
        for (int index = 0; index < size; index++) {
            InclusionProof proof = InclusionProof.build(tree, index, size);
            if (!(proof.verify(hasher.leaf(leaves.get(index)), root) instanceof Check.Holds)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void tileOfAWrongLengthIsNamed(@TempDir Path directory) throws IOException {
        TestLog.write(directory, TestLog.leaves(5));
        Files.write(directory.resolve("tile/0/000.p/5"), "short".getBytes(StandardCharsets.UTF_8));
        TiledTree tree = new TiledTree(TestLog.source(directory), 5);
        assertThatThrownBy(() -> tree.hash(0, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tile/0/000.p/5")
                .hasMessageContaining("RF-LDG-010");
    }

    private static NaiveTree naive(List<byte[]> leaves) {
        TreeHasher hasher = new TreeHasher();
        return new NaiveTree(leaves.stream().map(hasher::leaf).toList());
    }

    private static String code(Parsed<?> parsed) {
        return parsed instanceof Parsed.Refused<?>(var refusal) ? refusal.code() : "accepted";
    }
}
