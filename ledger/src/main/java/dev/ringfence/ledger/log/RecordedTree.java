package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.Tile;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Derives a tree again from its files, and says whether it is the one that was signed. It reads the right edge only: the last
 * tile of each level, whose hashes stand for all leaves, and the last bundle. So it takes as long for ten million leaves as
 * for a thousand; that the full tiles are what the edge says is for fsck. Refusals: RF-LDG-114 a file is missing or no tile,
 * RF-LDG-115 the tiles make another tree, RF-LDG-116 an entry is not what its leaf hash says.
 */
final class RecordedTree {
    private final LogStorage storage;
    private final StoredTiles tiles;

    RecordedTree(LogStorage storage) {
        this.storage = storage;
        this.tiles = new StoredTiles(storage);
    }

    /** The edge of the tree of a checkpoint, if the files are those of that tree. */
    Parsed<TreeEdge> edge(Checkpoint checkpoint) throws StorageException {
        TreeTiles shape = new TreeTiles(checkpoint.size());
        List<List<Hash>> open = new ArrayList<>();
        for (int level = 0; level < shape.levels(); level++) {
            open.add(List.of());
        }
        List<Hash> peaks = new ArrayList<>();
        for (TilePath path : shape.partials().reversed()) {
            switch (tile(path)) {
                case Parsed.Refused<Tile>(var why) -> {
                    return new Parsed.Refused<>(why);
                }
                case Parsed.Value<Tile>(Tile tile) -> {
                    open.set(path.level(), hashes(tile));
                    addPeaks(tile, peaks);
                }
            }
        }
        Frontier frontier = Frontier.of(checkpoint.size(), peaks);
        if (!frontier.root().equals(checkpoint.root())) {
            return Parsed.refused(
                    "RF-LDG-115",
                    "the tiles below " + storage.place("tile") + " make a tree of " + checkpoint.size()
                            + " with the root " + frontier.root() + ", signed was " + checkpoint.root());
        }
        return bundle(shape, open).then(entries -> Parsed.of(TreeEdge.of(frontier, open, entries)));
    }

    private Parsed<List<byte[]>> bundle(TreeTiles shape, List<List<Hash>> open) throws StorageException {
        int width = shape.partialWidth(0);
        if (width == 0) {
            return Parsed.of(List.of());
        }
        TilePath path = TilePath.entries(shape.full(0), width);
        return switch (bytes(path)) {
            case Parsed.Refused<byte[]>(var why) -> new Parsed.Refused<>(why);
            case Parsed.Value<byte[]>(byte[] bytes) ->
                switch (EntryBundle.parse(bytes, width)) {
                    case Parsed.Refused<EntryBundle>(var why) ->
                        Parsed.refused("RF-LDG-114", storage.place(path.path()) + ": " + why);
                    case Parsed.Value<EntryBundle>(EntryBundle bundle) -> checked(path, bundle, open.getFirst());
                };
        };
    }

    private Parsed<List<byte[]>> checked(TilePath path, EntryBundle bundle, List<Hash> leafHashes) {
        TreeHasher hasher = new TreeHasher();
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < bundle.width(); i++) {
            byte[] entry = bundle.entry(i);
            if (!hasher.leaf(entry).equals(leafHashes.get(i))) {
                return Parsed.refused(
                        "RF-LDG-116", storage.place(path.path()) + ": entry " + i + " is not what its leaf hash says");
            }
            entries.add(entry);
        }
        return Parsed.of(entries);
    }

    private Parsed<Tile> tile(TilePath path) throws StorageException {
        return switch (bytes(path)) {
            case Parsed.Refused<byte[]>(var why) -> new Parsed.Refused<>(why);
            case Parsed.Value<byte[]>(byte[] bytes) ->
                switch (Tile.parse(bytes, path.width())) {
                    case Parsed.Refused<Tile>(var why) ->
                        Parsed.refused("RF-LDG-114", storage.place(path.path()) + ": " + why);
                    case Parsed.Value<Tile> tile -> tile;
                };
        };
    }

    private Parsed<byte[]> bytes(TilePath path) throws StorageException {
        try {
            return Parsed.of(tiles.read(path));
        } catch (StorageException e) {
            return missing(e);
        }
    }

    /** Whether the tree of the signed checkpoint continues that of an older one; both have this log's signature. */
    Parsed<TreeEdge> continues(Checkpoint older, Checkpoint newer, TreeEdge edge) throws StorageException {
        try {
            Hash root = Frontier.read(new TiledTree(tiles, newer.size()), older.size())
                    .root();
            return root.equals(older.root())
                    ? Parsed.of(edge)
                    : Parsed.refused(
                            "RF-LDG-120",
                            "two trees were signed: that of " + newer.size() + " has the root " + root + " at "
                                    + older.size() + ", the other has " + older.root());
        } catch (StorageException e) {
            return missing(e);
        } catch (IOException e) {
            return Parsed.refused("RF-LDG-114", storage.place("") + ": " + e.getMessage());
        }
    }

    private static <T> Parsed<T> missing(StorageException e) throws StorageException {
        if (e.getCause() instanceof FileNotFoundException) {
            return Parsed.refused("RF-LDG-114", e.path() + " is missing");
        }
        throw e;
    }

    private static List<Hash> hashes(Tile tile) {
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < tile.width(); i++) {
            hashes.add(tile.hash(i));
        }
        return hashes;
    }

    /** The complete subtrees within the last tile of a level, largest first. */
    private static void addPeaks(Tile tile, List<Hash> peaks) {
        int at = 0;
        for (int height = Tile.HEIGHT - 1; height >= 0; height--) {
            if ((tile.width() >>> height & 1) == 1) {
                peaks.add(tile.subtree(height, at >>> height));
                at += 1 << height;
            }
        }
    }
}
