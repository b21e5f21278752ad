package dev.ringfence.core.fix;

import dev.ringfence.formats.oslo.Redaction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The difference of a configuration file as people review it: unified, with secrets replaced by {@code [redacted]}. A
 * line that only changes a secret still shows as changed.
 */
public final class FileDiff {
    /** {@code name = value} and {@code name: value}, also commented out. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("([\\s#;]*)([A-Za-z0-9_.-]+)(\\s*(?:=|:(?!//))\\s*)(.*)", Pattern.DOTALL);

    private FileDiff() {}

    /** The difference of a file that was there; empty when there is none. */
    public static String of(String path, FileContent before, FileContent after) {
        return UnifiedDiff.of("a" + path, "b" + path, before.text(), after.text(), FileDiff::redacted);
    }

    /** The difference of a file that was not there. */
    public static String ofNew(String path, FileContent after) {
        return UnifiedDiff.of("/dev/null", "b" + path, "", after.text(), FileDiff::redacted);
    }

    /** A line of a configuration file without its secrets. */
    public static String redacted(String line) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        return assignment.matches()
                ? assignment.group(1)
                        + assignment.group(2)
                        + assignment.group(3)
                        + Redaction.display(assignment.group(2), assignment.group(4))
                : Redaction.display("", line);
    }
}
