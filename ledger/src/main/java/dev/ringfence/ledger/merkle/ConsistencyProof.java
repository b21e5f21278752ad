package dev.ringfence.ledger.merkle;

import dev.ringfence.ledger.Check;
import java.io.IOException;
import java.util.List;

/**
 * That an older tree is a prefix of a newer one (RFC 6962 section 2.1.2). From the empty tree and between equal sizes the
 * proof is empty. Refusals: RF-LDG-004 the old size is larger or negative, RF-LDG-005 another number of hashes than the
 * sizes ask for, RF-LDG-006 the proof does not lead to the old root, RF-LDG-007 nor to the new one.
 *
 * @param oldSize number of leaves of the older tree
 * @param newSize number of leaves of the newer tree
 * @param hashes in the order of RFC 6962
 */
public record ConsistencyProof(long oldSize, long newSize, List<Hash> hashes) {
    public ConsistencyProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * The proof from one size of a tree to another.
     *
     * @throws IllegalArgumentException unless {@code 0 <= oldSize <= newSize}
     * @throws IOException if a hash cannot be had
     */
    public static ConsistencyProof build(TreeHashes source, long oldSize, long newSize) throws IOException {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("no proof from " + oldSize + " to " + newSize);
        }
        List<Hash> hashes = oldSize == 0 || oldSize == newSize
                ? List.of()
                : Range.consistency(source, new TreeHasher(), oldSize, newSize);
        return new ConsistencyProof(oldSize, newSize, hashes);
    }

    /** Whether the tree with the old root is a prefix of the one with the new root. Never throws. */
    public Check verify(Hash oldRoot, Hash newRoot) {
        if (oldSize < 0 || oldSize > newSize) {
            return Check.fails("RF-LDG-004", "a tree of " + newSize + " cannot continue one of " + oldSize);
        }
        if (oldSize == 0 || oldSize == newSize) {
            return verifyTrivial(oldRoot, newRoot);
        }
        // The largest complete subtree at the end of the old tree is where the proof starts (RFC 9162, 2.1.4.2).
        int start = Long.numberOfTrailingZeros(oldSize);
        int inner = 64 - Long.numberOfLeadingZeros((oldSize - 1) ^ (newSize - 1)) - start;
        long path = (oldSize - 1) >>> start;
        int border = Long.bitCount(path >>> inner);
        boolean oldIsSubtree = Long.bitCount(oldSize) == 1;
        int skipped = oldIsSubtree ? 0 : 1;
        int wanted = skipped + inner + border;
        if (hashes.size() != wanted) {
            return wrongCount(wanted);
        }
        TreeHasher hasher = new TreeHasher();
        Hash oldHash = oldIsSubtree ? oldRoot : hashes.getFirst();
        Hash newHash = oldHash;
        for (int i = 0; i < inner + border; i++) {
            Hash next = hashes.get(skipped + i);
            boolean left = i < inner && (path >>> i & 1) == 0;
            if (left) {
                newHash = hasher.node(newHash, next);
            } else {
                oldHash = hasher.node(next, oldHash);
                newHash = hasher.node(next, newHash);
            }
        }
        if (!oldHash.equals(oldRoot)) {
            return oldDiffers();
        }
        return newHash.equals(newRoot) ? Check.holds() : newDiffers();
    }

    private Check verifyTrivial(Hash oldRoot, Hash newRoot) {
        if (!hashes.isEmpty()) {
            return wrongCount(0);
        }
        if (oldSize == 0 && !oldRoot.equals(TreeHasher.EMPTY_ROOT)) {
            return oldDiffers();
        }
        return oldSize == newSize && !oldRoot.equals(newRoot) ? newDiffers() : Check.holds();
    }

    private Check wrongCount(int wanted) {
        return Check.fails(
                "RF-LDG-005", "a consistency proof of " + hashes.size() + " hashes where the sizes ask for " + wanted);
    }

    private static Check oldDiffers() {
        return Check.fails("RF-LDG-006", "the consistency proof leads to another old root");
    }

    private static Check newDiffers() {
        return Check.fails("RF-LDG-007", "the consistency proof leads to another new root");
    }
}
