package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.ledger.tile.TiledTree;
import java.io.IOException;
import java.util.List;

/**
 * Asks witnesses for cosignatures before a checkpoint is published. The log's sequencer calls it and waits, so it must
 * answer in bounded time; entries that come meanwhile go into the next batch. What it answers is final for this attempt: the
 * log publishes exactly what was met, and publishes nothing when it was not. An offer may be made again, and larger ones
 * may follow one that was never published.
 */
@FunctionalInterface
public interface Cosigning {
    /** Nobody is asked. */
    Cosigning NOBODY = _ -> new Met(List.of());

    /** Asks for cosignatures of a signed checkpoint. */
    Outcome cosign(Offer offer);

    /** Whether the policy of the log is satisfied. */
    sealed interface Outcome {}

    /**
     * It is.
     *
     * @param cosignatures lines to publish with the checkpoint
     */
    record Met(List<NoteSignature> cosignatures) implements Outcome {
        public Met {
            cosignatures = List.copyOf(cosignatures);
        }
    }

    /** It is not, for this reason. */
    record NotMet(Refusal why) implements Outcome {}

    /**
     * A checkpoint that the log has signed and made durable, with its tiles, but not published.
     *
     * @param checkpoint signed by the log alone
     * @param publishedSize size of the checkpoint that readers see
     * @param tiles tiles of the signed tree
     */
    record Offer(SignedCheckpoint checkpoint, long publishedSize, TileSource tiles) {
        /**
         * Proof from what a witness has seen to the offered checkpoint.
         *
         * @throws IOException if a tile cannot be read
         * @throws IllegalArgumentException if the old size is negative or larger than the offered one
         */
        public ConsistencyProof proofFrom(long oldSize) throws IOException {
            long size = checkpoint.checkpoint().size();
            return ConsistencyProof.build(new TiledTree(tiles, size), oldSize, size);
        }
    }
}
