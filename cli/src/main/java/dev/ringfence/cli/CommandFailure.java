package dev.ringfence.cli;

import java.util.List;

/**
 * A command cannot go on. The lines name object, cause and next step; they are printed as they are, without a stack
 * trace.
 */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitStatus;

    private CommandFailure(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    /** Something that the person who typed or wrote it must change. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitStatus.USAGE, message);
    }

    /** As {@link #usage(String)}, one line for each problem. */
    public static CommandFailure usage(List<String> problems) {
        return new CommandFailure(ExitStatus.USAGE, String.join("\n", problems));
    }

    /** An input that is refused; the message starts with the code of the refusal. */
    public static CommandFailure refused(String message) {
        return new CommandFailure(ExitStatus.FINDINGS, message);
    }

    /** Something outside that does not work. */
    public static CommandFailure couldNotRun(String message) {
        return new CommandFailure(ExitStatus.COULD_NOT_RUN, message);
    }

    int exitStatus() {
        return exitStatus;
    }
}
