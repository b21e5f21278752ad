package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import java.time.Instant;
import java.util.List;

/**
 * A note whose text is a checkpoint. The signatures are not checked by reading it: ask {@link #check}. Refusals are those
 * of {@link SignedNote} and {@link Checkpoint}.
 *
 * @param checkpoint what the note says
 * @param note the note itself
 */
public record SignedCheckpoint(Checkpoint checkpoint, SignedNote note) {
    public SignedCheckpoint {
        if (!checkpoint.text().equals(note.text())) {
            throw new IllegalArgumentException("the note is about another checkpoint");
        }
    }

    /** Signs a checkpoint with one key. */
    public static SignedCheckpoint sign(Checkpoint checkpoint, SignerKey key, Instant time) {
        SignedNote note = new SignedNote(checkpoint.text(), List.of(key.sign(checkpoint, time)));
        return new SignedCheckpoint(checkpoint, note);
    }

    /** Reads a signed checkpoint. Never throws. */
    public static Parsed<SignedCheckpoint> parse(byte[] bytes) {
        return SignedNote.parse(bytes)
                .then(note -> Checkpoint.parse(note.text())
                        .then(checkpoint -> Parsed.of(new SignedCheckpoint(checkpoint, note))));
    }

    /** Adds a signature of one more key. */
    public SignedCheckpoint cosign(SignerKey key, Instant time) {
        return with(key.sign(checkpoint, time));
    }

    /** Adds a signature line that somebody else made. */
    public SignedCheckpoint with(NoteSignature signature) {
        return new SignedCheckpoint(checkpoint, note.with(signature));
    }

    /** Whether a key signed. */
    public SignatureCheck check(VerifierKey key) {
        return note.check(key);
    }

    /** The note as it is written. */
    public byte[] bytes() {
        return note.bytes();
    }
}
