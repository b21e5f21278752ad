package dev.ringfence.ledger.note;

/** Whether a key signed a note. */
public sealed interface SignatureCheck {
    /**
     * It did.
     *
     * @param unixSeconds when, by the clock of the signer, in seconds since 1970; 0 if the signature does not say
     */
    record Valid(long unixSeconds) implements SignatureCheck {}

    /** No line names the key. */
    record Absent() implements SignatureCheck {}

    /** A line names the key, and is not its signature over this note. */
    record Invalid() implements SignatureCheck {}
}
