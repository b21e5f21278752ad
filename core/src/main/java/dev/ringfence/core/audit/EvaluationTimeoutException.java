package dev.ringfence.core.audit;

/** Thrown inside an evaluation that takes too long. Never leaves this package. */
final class EvaluationTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EvaluationTimeoutException() {
        super("took too long", null, false, false);
    }
}
