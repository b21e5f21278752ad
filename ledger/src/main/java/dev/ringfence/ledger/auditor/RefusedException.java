package dev.ringfence.ledger.auditor;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;

/** Ends a command with a refusal; never leaves this package. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String about, Refusal refusal) {
        super(refusal.code() + " refused " + about + ": " + refusal.reason());
    }

    /** The value that was read, or the end of the command. */
    static <T> T unwrap(String about, Parsed<T> parsed) throws RefusedException {
        return switch (parsed) {
            case Parsed.Value<T>(T value) -> value;
            case Parsed.Refused<T>(Refusal refusal) -> throw new RefusedException(about, refusal);
        };
    }
}
