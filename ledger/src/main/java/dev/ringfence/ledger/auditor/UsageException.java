package dev.ringfence.ledger.auditor;

/** The command line is not one of ours. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
