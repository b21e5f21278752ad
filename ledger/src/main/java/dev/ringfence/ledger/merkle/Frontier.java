package dev.ringfence.ledger.merkle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: the roots of its complete subtrees, largest first, at most 63. It appends and gives
 * the root without the leaves. Not thread-safe.
 */
public final class Frontier {
    private final TreeHasher hasher = new TreeHasher();
    private final List<Hash> peaks;
    private long size;

    /** The edge of the empty tree. */
    public Frontier() {
        this(0, List.of());
    }

    private Frontier(long size, List<Hash> peaks) {
        this.size = size;
        this.peaks = new ArrayList<>(peaks);
    }

    /**
     * The edge of a tree of this size.
     *
     * @param peaks roots of the complete subtrees, largest first, as {@link #peaks} gave them
     * @throws IllegalArgumentException if the number of peaks does not fit the size
     */
    public static Frontier of(long size, List<Hash> peaks) {
        if (size < 0 || peaks.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException(peaks.size() + " peaks do not make a tree of " + size);
        }
        return new Frontier(size, peaks);
    }

    /**
     * Reads the edge of a tree of this size.
     *
     * @throws IOException if a hash cannot be had
     */
    public static Frontier read(TreeHashes source, long size) throws IOException {
        List<Hash> peaks = new ArrayList<>();
        long at = 0;
        while (at < size) {
            int height = 63 - Long.numberOfLeadingZeros(size - at);
            peaks.add(source.hash(height, at >> height));
            at += 1L << height;
        }
        return of(size, peaks);
    }

    /** Adds a leaf hash at the end. */
    public void append(Hash leafHash) {
        Hash hash = leafHash;
        // Every trailing one bit of the size is a complete subtree that the new leaf completes into a larger one.
        for (long rest = size; (rest & 1) == 1; rest >>>= 1) {
            hash = hasher.node(peaks.removeLast(), hash);
        }
        peaks.add(hash);
        size++;
    }

    /** Number of leaves. */
    public long size() {
        return size;
    }

    /** Roots of the complete subtrees, largest first. */
    public List<Hash> peaks() {
        return List.copyOf(peaks);
    }

    /** Root of the whole tree. */
    public Hash root() {
        if (peaks.isEmpty()) {
            return TreeHasher.EMPTY_ROOT;
        }
        Hash root = peaks.getLast();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = hasher.node(peaks.get(i), root);
        }
        return root;
    }

    /** An independent edge of the same tree. */
    public Frontier copy() {
        return new Frontier(size, peaks);
    }
}
