package dev.ringfence.ledger;

/** The outcome of checking a proof or a signature. */
public sealed interface Check {
    /** What was claimed holds. */
    record Holds() implements Check {}

    /** It does not, or the claim is malformed. */
    record Fails(Refusal refusal) implements Check {}

    /** Shorthand for a claim that holds. */
    static Check holds() {
        return new Holds();
    }

    /** Shorthand for a claim that does not. */
    static Check fails(String code, String reason) {
        return new Fails(new Refusal(code, reason));
    }
}
