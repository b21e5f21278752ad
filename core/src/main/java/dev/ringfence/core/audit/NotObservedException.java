package dev.ringfence.core.audit;

import dev.ringfence.core.host.Source;

/** Thrown inside an evaluation when an expression reads what was not observed. Never leaves this package. */
final class NotObservedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Source source;
    private final boolean absent;

    NotObservedException(Source source, String reason, boolean absent) {
        super(reason, null, false, false);
        this.source = source;
        this.absent = absent;
    }

    /** Whether the thing was looked for and is certainly not there. */
    boolean absent() {
        return absent;
    }

    Source source() {
        return source;
    }
}
