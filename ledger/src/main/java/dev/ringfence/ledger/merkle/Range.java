package dev.ringfence.ledger.merkle;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Arithmetic of the subtrees that RFC 6962 splits a tree into. */
final class Range {
    private Range() {}

    /** The largest power of two smaller than {@code size}; {@code size} is at least 2. */
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }

    /** MTH(D[from:to]) where {@code from} is a multiple of the size of every subtree in the range. */
    static Hash root(TreeHashes source, TreeHasher hasher, long from, long to) throws IOException {
        Deque<Hash> peaks = new ArrayDeque<>();
        long at = from;
        while (at < to) {
            int height = 63 - Long.numberOfLeadingZeros(to - at);
            peaks.push(source.hash(height, at >> height));
            at += 1L << height;
        }
        Hash root = peaks.pop();
        while (!peaks.isEmpty()) {
            root = hasher.node(peaks.pop(), root);
        }
        return root;
    }

    /** PATH(index, D[0:size]) of RFC 6962 section 2.1.1, from the leaf's sibling up. */
    static List<Hash> path(TreeHashes source, TreeHasher hasher, long index, long size) throws IOException {
        List<Hash> downward = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            if (index < middle) {
                downward.add(root(source, hasher, middle, to));
                to = middle;
            } else {
                downward.add(root(source, hasher, from, middle));
                from = middle;
            }
        }
        return downward.reversed();
    }

    /** PROOF(oldSize, D[0:size]) of RFC 6962 section 2.1.2; {@code 0 < oldSize < size}. */
    static List<Hash> consistency(TreeHashes source, TreeHasher hasher, long oldSize, long size) throws IOException {
        List<Hash> downward = new ArrayList<>();
        long from = 0;
        long to = size;
        while (oldSize < to) {
            long middle = from + split(to - from);
            if (oldSize <= middle) {
                downward.add(root(source, hasher, middle, to));
                to = middle;
            } else {
                downward.add(root(source, hasher, from, middle));
                from = middle;
            }
        }
        // Only the subtree that is the whole old tree is known to the verifier already.
        if (from > 0) {
            downward.add(root(source, hasher, from, to));
        }
        return downward.reversed();
    }
}
