package dev.ringfence.ledger;

import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.Tile;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes the files of a log from its leaves, all at once and without any care for crashes. */
public final class TestLog {
    public static final String ORIGIN = "example.com/ringfence";
    public static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
    public static final SignerKey KEY =
            SignerKey.generate(ORIGIN, SignatureType.ED25519).orThrow();

    private TestLog() {}

    /** Some short leaves. */
    public static List<byte[]> leaves(int size) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(("leaf " + i).getBytes(StandardCharsets.UTF_8));
        }
        return leaves;
    }

    public static Hash root(List<byte[]> leaves) {
        TreeHasher hasher = new TreeHasher();
        Frontier frontier = new Frontier();
        leaves.forEach(leaf -> frontier.append(hasher.leaf(leaf)));
        return frontier.root();
    }

    public static SignedCheckpoint checkpoint(List<byte[]> leaves) {
        return SignedCheckpoint.sign(new Checkpoint(ORIGIN, leaves.size(), root(leaves)), KEY, TIME);
    }

    public static void write(Path directory, List<byte[]> leaves) throws IOException {
        writeTiles(directory, leaves);
        Files.write(directory.resolve("checkpoint"), checkpoint(leaves).bytes());
    }

    /** Writes tiles and bundles, with the partial ones of this size; those of other sizes stay. */
    public static void writeTiles(Path directory, List<byte[]> leaves) throws IOException {
        TreeTiles tiles = new TreeTiles(leaves.size());
        TreeHasher hasher = new TreeHasher();
        List<Hash> hashes = new ArrayList<>();
        leaves.forEach(leaf -> hashes.add(hasher.leaf(leaf)));
        for (int level = 0; level < tiles.levels(); level++) {
            List<Hash> above = new ArrayList<>();
            for (int at = 0; at < hashes.size(); at += TilePath.FULL_WIDTH) {
                int end = Math.min(hashes.size(), at + TilePath.FULL_WIDTH);
                TilePath path = tiles.tile(level, at / TilePath.FULL_WIDTH);
                Tile tile = Tile.of(hashes.subList(at, end));
                put(directory, path, tile.bytes());
                if (path.isFull()) {
                    above.add(tile.subtree(Tile.HEIGHT, 0));
                }
                if (level == 0) {
                    put(
                            directory,
                            tiles.bundleOf(at),
                            EntryBundle.of(leaves.subList(at, end)).bytes());
                }
            }
            hashes.clear();
            hashes.addAll(above);
        }
    }

    /** The tiles of a directory. */
    public static TileSource source(Path directory) {
        return path -> Files.readAllBytes(directory.resolve(path.path()));
    }

    private static void put(Path directory, TilePath path, byte[] bytes) throws IOException {
        Path file = directory.resolve(path.path());
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
