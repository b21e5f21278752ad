package dev.ringfence.linux.watch;

import java.io.IOException;

/** Makes a control hold again. May take seconds. */
@FunctionalInterface
public interface Enforcer {
    /**
     * What came of it.
     *
     * @param held whether the control holds now, or will once a daemon or guest restarts
     * @param message one line for a person
     */
    record Outcome(boolean held, String message) {}

    /**
     * Puts a control back.
     *
     * @throws IOException if it could not even be tried
     */
    Outcome enforce(String control) throws IOException;
}
