package dev.ringfence.ledger.fsck;

import java.util.List;

/**
 * What a check found.
 *
 * @param origin name of the log; empty if no checkpoint could be read
 * @param size number of leaves of the signed tree
 * @param root its root hash in base64
 * @param files files that were read
 * @param readBytes bytes that were read
 * @param faults what is wrong, in the order of discovery, at most {@link Fsck#FAULT_LIMIT}; empty for a sound log
 * @param strays files below {@code tile} that are no part of the signed tree: what a writer left that was stopped before it
 *     signed, or somebody else's. They are not checked
 */
public record FsckReport(
        String origin, long size, String root, long files, long readBytes, List<Fault> faults, long strays) {
    public FsckReport {
        faults = List.copyOf(faults);
    }

    /** Whether every file of the signed tree is what the entries and the signature say. */
    public boolean isSound() {
        return faults.isEmpty();
    }
}
