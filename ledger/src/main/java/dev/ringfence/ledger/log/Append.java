package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Refusal;

/** What became of one entry. */
public sealed interface Append {
    /**
     * The entry is durable and stands under a published checkpoint.
     *
     * @param index its zero-based leaf index
     * @param checkpointSize size of the first published checkpoint that covers it
     */
    record Accepted(long index, long checkpointSize) implements Append {}

    /**
     * The entry is durable and signed, but no published checkpoint covers it, because the witnesses that the policy asks for
     * did not cosign. It is published when they do; nobody may rely on it before.
     *
     * @param index the leaf index that it will have
     */
    record Unpublished(long index, Refusal why) implements Append {}

    /** The entry was not taken and will not appear. */
    record Refused(Refusal why) implements Append {}
}
