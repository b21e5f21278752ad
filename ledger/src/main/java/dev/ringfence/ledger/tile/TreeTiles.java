package dev.ringfence.ledger.tile;

import java.util.ArrayList;
import java.util.List;

/**
 * Which tiles a tree of a given size has (C2SP tlog-tiles): {@code size / 256^(L+1)} full ones at level L, and one partial
 * of {@code size / 256^L mod 256} if that is not 0. Entry bundles are as level 0.
 *
 * @param treeSize number of leaves, not negative
 */
public record TreeTiles(long treeSize) {
    public TreeTiles {
        if (treeSize < 0) {
            throw new IllegalArgumentException("a tree of " + treeSize);
        }
    }

    /** Number of tile levels that hold at least one hash; 0 for the empty tree. */
    public int levels() {
        int levels = 0;
        for (long hashes = treeSize; hashes > 0; hashes >>>= Tile.HEIGHT) {
            levels++;
        }
        return levels;
    }

    /** Number of full tiles of a level. */
    public long full(int level) {
        return hashes(level) >>> Tile.HEIGHT;
    }

    /** Width of the partial tile at the end of a level; 0 if there is none. */
    public int partialWidth(int level) {
        return (int) (hashes(level) & (TilePath.FULL_WIDTH - 1));
    }

    /** The partial tiles at the right edge, from level 0 up, without the entry bundle. */
    public List<TilePath> partials() {
        List<TilePath> partials = new ArrayList<>();
        for (int level = 0; level < levels(); level++) {
            int width = partialWidth(level);
            if (width > 0) {
                partials.add(new TilePath(level, full(level), width));
            }
        }
        return partials;
    }

    /**
     * The tile at an index of a level, full or partial as this tree has it; {@link TilePath#ENTRIES} is a level too.
     *
     * @throws IllegalArgumentException if this tree has no such tile
     */
    public TilePath tile(int level, long index) {
        int hashLevel = Math.max(level, 0);
        if (index < full(hashLevel)) {
            return new TilePath(level, index, TilePath.FULL_WIDTH);
        }
        int width = partialWidth(hashLevel);
        if (index > full(hashLevel) || width == 0) {
            throw new IllegalArgumentException(
                    "a tree of " + treeSize + " has no tile " + index + " at level " + level);
        }
        return new TilePath(level, index, width);
    }

    /** The entry bundle that holds a leaf; the leaf is entry {@code leafIndex % 256} of it. */
    public TilePath bundleOf(long leafIndex) {
        return tile(TilePath.ENTRIES, leafIndex >>> Tile.HEIGHT);
    }

    private long hashes(int level) {
        int shift = level * Tile.HEIGHT;
        return shift > 63 ? 0 : treeSize >>> shift;
    }
}
