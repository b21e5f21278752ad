package dev.ringfence.ledger.log;

/**
 * Where a log lives.
 *
 * @param log the directory that readers see
 * @param second another directory, better on another disk, that holds the last signed checkpoint
 * @param secondName file name in it
 */
record LogPlaces(LogStorage log, LogStorage second, String secondName) {
    /** Name of the public checkpoint. */
    static final String CHECKPOINT = "checkpoint";

    CheckpointFile publicCheckpoint() {
        return new CheckpointFile(log, CHECKPOINT, "RF-LDG-113");
    }

    CheckpointFile secondCheckpoint() {
        return new CheckpointFile(second, secondName, "RF-LDG-118");
    }
}
