package dev.ringfence.ledger.log;

import java.time.Duration;

/**
 * How a log collects entries and how much it holds in memory.
 *
 * @param batchEntries most entries under one checkpoint, 1 to {@link #BATCH_LIMIT}
 * @param batchBytes most bytes of entries under one checkpoint
 * @param queueEntries most entries that wait; then {@code append} blocks and {@code submit} refuses
 * @param queueBytes most bytes of entries that wait
 * @param linger how long a batch waits for as many entries as there were submitters just before; a single submitter never
 *     waits
 * @param retry how long after a quorum of witnesses was not reached the checkpoint is offered again
 */
public record LogOptions(
        int batchEntries, int batchBytes, int queueEntries, int queueBytes, Duration linger, Duration retry) {
    /** Most entries that a batch may have. What a crash leaves beyond the checkpoint is looked for that far. */
    public static final int BATCH_LIMIT = 16_384;

    private static final int MIB = 1024 * 1024;

    /** What suits a local disk: at most 8 MiB in a batch, as much waiting. */
    public static final LogOptions DEFAULT =
            new LogOptions(4096, 8 * MIB, 8192, 8 * MIB, Duration.ofNanos(500_000), Duration.ofSeconds(1));

    public LogOptions {
        if (batchEntries < 1 || batchEntries > BATCH_LIMIT || queueEntries < 1 || batchBytes < 1 || queueBytes < 1) {
            throw new IllegalArgumentException(
                    "batch and queue hold at least one entry, a batch at most " + BATCH_LIMIT);
        }
        if (linger.isNegative() || !retry.isPositive()) {
            throw new IllegalArgumentException("a negative time, or a retry without a pause");
        }
    }
}
