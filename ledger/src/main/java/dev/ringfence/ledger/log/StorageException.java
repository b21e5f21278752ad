package dev.ringfence.ledger.log;

import java.io.IOException;

/** The storage under a log did not do what it was asked; the log must not go on. Names the step and the path. */
public final class StorageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String step;
    private final String path;

    /**
     * @param step what was asked, in words: "write", "sync", "rename"
     * @param path the file or directory, as a person can find it
     */
    public StorageException(String step, String path, IOException cause) {
        super(step + " " + path + ": " + reason(cause), cause);
        this.step = step;
        this.path = path;
    }

    /** What was asked: "write", "sync", "rename". */
    public String step() {
        return step;
    }

    /** The file or directory. */
    public String path() {
        return path;
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null || cause.getClass() != IOException.class
                ? cause.getClass().getSimpleName() + (message == null ? "" : " " + message)
                : message;
    }
}
