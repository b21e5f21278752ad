package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.note.NoteSignature;
import java.util.List;

/** What a witness says to an add-checkpoint request, with the HTTP status that tlog-witness gives it. */
public sealed interface Answer {
    /** The HTTP status. */
    int status();

    /** The checkpoint continues what was seen; it is recorded, and cosigned by each key of the witness. */
    record Cosigned(List<NoteSignature> cosignatures) implements Answer {
        public Cosigned {
            cosignatures = List.copyOf(cosignatures);
        }

        @Override
        public int status() {
            return 200;
        }
    }

    /**
     * The proof does not start at what was seen last. The log asks again with a proof from there.
     *
     * @param seenSize size of the last cosigned tree, 0 if there is none
     */
    record Stale(long seenSize) implements Answer {
        @Override
        public int status() {
            return 409;
        }
    }

    /**
     * Nothing was recorded or cosigned.
     *
     * @param status 400, 403, 404, 422 or 503
     */
    record Refused(int status, Refusal why) implements Answer {}
}
