package dev.ringfence.ledger.log;

import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.tile.Tile;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TreeTiles;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree as its files see it: the hashes of the last tile of each level and the entries of the
 * last bundle. It takes leaves and tells which files they make. At most 17 MiB, when entries are as long as they may be.
 * Not thread-safe.
 */
final class TreeEdge {
    private final TreeHasher hasher = new TreeHasher();
    private final Frontier frontier;
    /** By level, the hashes that do not make a full tile yet. */
    private final List<List<Hash>> open;
    /** The entries that do not make a full bundle yet, each with its length before it. */
    private final List<byte[]> bundle;

    private TreeEdge(Frontier frontier, List<List<Hash>> open, List<byte[]> bundle) {
        this.frontier = frontier;
        this.open = open;
        this.bundle = bundle;
    }

    /** A file that leaves make: where it belongs and what it holds. */
    record Staged(TilePath path, List<byte[]> parts) {}

    /**
     * The edge of a tree that is there.
     *
     * @param frontier its peaks, which the edge takes over
     * @param open the hashes of the partial tile of each level, empty where there is none
     * @param entries the entries of the partial bundle
     */
    static TreeEdge of(Frontier frontier, List<List<Hash>> open, List<byte[]> entries) {
        List<List<Hash>> levels = new ArrayList<>();
        open.forEach(level -> levels.add(new ArrayList<>(level)));
        List<byte[]> bundle = new ArrayList<>();
        entries.forEach(entry -> bundle.add(prefixed(entry)));
        TreeTiles tiles = new TreeTiles(frontier.size());
        for (int level = 0; level < Math.max(levels.size(), tiles.levels()); level++) {
            int width = level < levels.size() ? levels.get(level).size() : 0;
            if (width != tiles.partialWidth(level)) {
                throw new IllegalArgumentException("level " + level + " has " + width + " hashes at its edge");
            }
        }
        if (bundle.size() != tiles.partialWidth(0)) {
            throw new IllegalArgumentException(bundle.size() + " entries at the edge");
        }
        return new TreeEdge(frontier, levels, bundle);
    }

    /** Number of leaves. */
    long size() {
        return frontier.size();
    }

    /** Root of the tree. */
    Hash root() {
        return frontier.root();
    }

    /**
     * Adds leaves.
     *
     * @return the files that the larger tree has and the smaller one had not, each once
     */
    List<Staged> extend(List<byte[]> leaves) {
        List<Staged> files = new ArrayList<>();
        boolean[] touched = new boolean[64];
        for (byte[] leaf : leaves) {
            Hash hash = hasher.leaf(leaf);
            frontier.append(hash);
            bundle.add(prefixed(leaf));
            if (bundle.size() == TilePath.FULL_WIDTH) {
                long index = (frontier.size() - 1) >>> Tile.HEIGHT;
                files.add(new Staged(TilePath.entries(index, TilePath.FULL_WIDTH), List.copyOf(bundle)));
                bundle.clear();
            }
            push(0, hash, files, touched);
        }
        addPartials(files, touched);
        return files;
    }

    private void push(int level, Hash hash, List<Staged> files, boolean[] touched) {
        if (open.size() == level) {
            open.add(new ArrayList<>());
        }
        List<Hash> hashes = open.get(level);
        hashes.add(hash);
        touched[level] = true;
        if (hashes.size() == TilePath.FULL_WIDTH) {
            Tile tile = Tile.of(hashes);
            long index = (frontier.size() - 1) >>> (Tile.HEIGHT * (level + 1));
            files.add(new Staged(new TilePath(level, index, TilePath.FULL_WIDTH), List.of(tile.bytes())));
            hashes.clear();
            push(level + 1, tile.subtree(Tile.HEIGHT, 0), files, touched);
        }
    }

    private void addPartials(List<Staged> files, boolean[] touched) {
        TreeTiles tiles = new TreeTiles(frontier.size());
        if (touched[0] && !bundle.isEmpty()) {
            files.add(new Staged(TilePath.entries(tiles.full(0), bundle.size()), List.copyOf(bundle)));
        }
        for (TilePath path : tiles.partials()) {
            if (touched[path.level()]) {
                byte[] bytes = Tile.of(open.get(path.level())).bytes();
                files.add(new Staged(path, List.of(bytes)));
            }
        }
    }

    private static byte[] prefixed(byte[] entry) {
        byte[] out = new byte[2 + entry.length];
        out[0] = (byte) (entry.length >>> 8);
        out[1] = (byte) entry.length;
        System.arraycopy(entry, 0, out, 2, entry.length);
        return out;
    }
}
