package dev.ringfence.ledger;

import dev.ringfence.ledger.auditor.Auditor;

/** Entry point of the jar: {@code java -jar ledger.jar verify|fsck|prove}. */
public final class AuditorMain {
    private AuditorMain() {}

    /** Runs a command and ends with its status: 0 it holds, 1 it does not, 2 wrong usage, 3 could not run. */
    public static void main(String[] args) {
        System.exit(new Auditor(System.out, System.err).run(args));
    }
}
