package dev.ringfence.ledger.index;

import dev.ringfence.ledger.leaf.Leaf;
import java.util.List;

/**
 * Leaves that match a query, in the order of the log.
 *
 * @param hits at most as many as the query asked for
 * @param next leaf index from which to ask again for more; {@link #size} if there is no more
 * @param size number of leaves that were considered
 * @param unreadable how many of the considered entries have not even the shape of a leaf of ours; no query finds them
 */
public record Answer(List<Hit> hits, long next, long size, long unreadable) {
    public Answer {
        hits = List.copyOf(hits);
    }

    /**
     * One leaf.
     *
     * @param index its zero-based leaf index, for which the log gives a proof
     * @param leaf what stands there
     */
    public record Hit(long index, Leaf leaf) {}

    /** Whether the answer has all leaves that match. */
    public boolean isComplete() {
        return next == size;
    }
}
