package dev.ringfence.ledger.fsck;

/**
 * Something wrong with a log.
 *
 * @param code stable code such as {@code RF-LDG-073}, listed in docs/REFUSALS.md
 * @param file the bad file, relative to the log's directory unless it lies elsewhere
 * @param offsetBytes where in the file: the first wrong byte as far as it can be told, else the start of the entry or line
 *     that is wrong
 * @param reason one sentence for a person
 */
public record Fault(String code, String file, long offsetBytes, String reason) {
    @Override
    public String toString() {
        return code + " " + file + " byte " + offsetBytes + ": " + reason;
    }
}
