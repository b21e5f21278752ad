package dev.ringfence.ledger.proof;

import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.note.Checkpoint;
import java.util.List;

/** What an offline verifier says of a proof. */
public sealed interface Verification {
    /**
     * The leaf stands in the log at this index.
     *
     * @param checkpoint the tree that it stands in
     * @param index zero-based
     * @param leafHash hash of the leaf
     * @param cosigned the witnesses of the policy that cosigned
     */
    record Verified(Checkpoint checkpoint, long index, Hash leafHash, List<Cosigned> cosigned) implements Verification {
        public Verified {
            cosigned = List.copyOf(cosigned);
        }
    }

    /** Nothing is proved. */
    record Refused(Refusal refusal) implements Verification {}

    /**
     * A witness that cosigned.
     *
     * @param name its name in the policy
     * @param unixSeconds when, by its clock; 0 if it does not say
     */
    record Cosigned(String name, long unixSeconds) {}
}
