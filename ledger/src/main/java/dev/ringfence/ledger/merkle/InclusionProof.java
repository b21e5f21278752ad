package dev.ringfence.ledger.merkle;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import java.io.IOException;
import java.util.List;

/**
 * That a leaf stands at an index of a tree (RFC 6962 section 2.1.1). The values may come from anywhere: nothing is
 * claimed before {@link #verify} holds. Refusals: RF-LDG-001 the index lies outside the tree, RF-LDG-002 another number
 * of hashes than the tree asks for, RF-LDG-003 the proof leads to another root.
 *
 * @param index zero-based index of the leaf
 * @param treeSize number of leaves
 * @param hashes from the leaf's sibling up
 */
public record InclusionProof(long index, long treeSize, List<Hash> hashes) {
    public InclusionProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * The proof for one leaf of a tree.
     *
     * @throws IllegalArgumentException unless {@code 0 <= index < treeSize}
     * @throws IOException if a hash cannot be had
     */
    public static InclusionProof build(TreeHashes source, long index, long treeSize) throws IOException {
        if (index < 0 || index >= treeSize) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + treeSize);
        }
        return new InclusionProof(index, treeSize, Range.path(source, new TreeHasher(), index, treeSize));
    }

    /** Whether the proof leads from this leaf hash to this root. Never throws. */
    public Check verify(Hash leafHash, Hash root) {
        return switch (root(leafHash)) {
            case Parsed.Value<Hash>(Hash implied) when implied.equals(root) -> Check.holds();
            case Parsed.Value<Hash> _ -> Check.fails("RF-LDG-003", "the inclusion proof leads to another root");
            case Parsed.Refused<Hash>(Refusal refusal) -> new Check.Fails(refusal);
        };
    }

    /** The root that the proof leads to from this leaf hash. Never throws. */
    public Parsed<Hash> root(Hash leafHash) {
        if (index < 0 || index >= treeSize) {
            return Parsed.refused("RF-LDG-001", "leaf " + index + " is not in a tree of " + treeSize);
        }
        // Up to the height where the path meets the right edge there is a sibling at every height; above it only where
        // the index has a bit, since a left subtree is always there and a right one may not be (RFC 9162, 2.1.3.2).
        int inner = 64 - Long.numberOfLeadingZeros(index ^ (treeSize - 1));
        int wanted = inner + Long.bitCount(index >>> inner);
        if (hashes.size() != wanted) {
            return Parsed.refused(
                    "RF-LDG-002",
                    "an inclusion proof of " + hashes.size() + " hashes where the tree asks for " + wanted);
        }
        TreeHasher hasher = new TreeHasher();
        Hash hash = leafHash;
        for (int i = 0; i < wanted; i++) {
            boolean left = i < inner && (index >>> i & 1) == 0;
            hash = left ? hasher.node(hash, hashes.get(i)) : hasher.node(hashes.get(i), hash);
        }
        return Parsed.of(hash);
    }
}
