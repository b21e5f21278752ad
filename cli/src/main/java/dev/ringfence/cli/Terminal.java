package dev.ringfence.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a person reads: width, colour, progress. The launcher says which streams are terminals, because the JDK does not
 * tell them apart.
 *
 * @param out the command's result
 * @param err progress and errors
 * @param color whether escape sequences may be written to {@code out}
 * @param columns width of the screen, 80 when it is not a terminal
 * @param errIsTerminal whether progress can be drawn
 */
public record Terminal(PrintStream out, PrintStream err, boolean color, int columns, boolean errIsTerminal) {
    private static final int DEFAULT_COLUMNS = 80;

    /** The process's own streams, as UTF-8. */
    public static Terminal system(Map<String, String> environment) {
        String tty = environment.getOrDefault("RINGFENCE_TTY", "");
        boolean color =
                tty.contains("1") && !environment.containsKey("NO_COLOR") && !"dumb".equals(environment.get("TERM"));
        return new Terminal(
                new PrintStream(
                        new java.io.BufferedOutputStream(
                                new java.io.FileOutputStream(java.io.FileDescriptor.out), 1 << 15),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8),
                color,
                columns(environment.getOrDefault("RINGFENCE_COLUMNS", "")),
                tty.contains("2"));
    }

    private static int columns(String text) {
        try {
            int columns = Integer.parseInt(text.strip());
            return columns < 40 ? DEFAULT_COLUMNS : Math.min(columns, 200);
        } catch (NumberFormatException e) {
            return DEFAULT_COLUMNS;
        }
    }

    /** Styles for text on {@code out}; without colour the text alone. */
    public String style(Style style, String text) {
        return color ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** What text means; the colours follow. */
    public enum Style {
        BAD("1;31"),
        POOR("31"),
        UNSURE("33"),
        GOOD("32"),
        QUIET("2"),
        STRONG("1");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }
}
