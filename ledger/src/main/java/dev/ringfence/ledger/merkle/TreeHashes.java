package dev.ringfence.ledger.merkle;

import java.io.IOException;

/** Where the hashes of complete subtrees come from: tiles on a disk, tiles of a server, or memory. */
@FunctionalInterface
public interface TreeHashes {
    /**
     * The hash of the complete subtree over the leaves from {@code index << height} to {@code (index + 1) << height}.
     *
     * @param height 0 for a leaf hash, at most 62
     * @throws IOException if the hash cannot be had; the message names the file and the reason
     */
    Hash hash(int height, long index) throws IOException;
}
