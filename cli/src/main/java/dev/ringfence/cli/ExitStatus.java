package dev.ringfence.cli;

/** Exit status of every subcommand. */
public final class ExitStatus {
    /** Nothing at or above the asked severity was found. */
    public static final int CLEAN = 0;

    /** Findings, or an input that was refused. */
    public static final int FINDINGS = 1;

    /** The command line or an input file that a person wrote is wrong. */
    public static final int USAGE = 2;

    /** It could not be run, or nothing could be judged. */
    public static final int COULD_NOT_RUN = 3;

    private ExitStatus() {}
}
