package dev.ringfence.formats.sshd;

import java.util.List;

/**
 * One line of the file.
 *
 * @param keyword in lower case, such as {@code permitrootlogin}
 * @param args without quotes
 * @param match conditions of the {@code Match} block around it, such as {@code User}, {@code anoncvs}; empty outside
 * @param line counted from 1
 */
public record Directive(String keyword, List<String> args, List<String> match, int line) {
    public Directive {
        args = List.copyOf(args);
        match = List.copyOf(match);
    }

    /** The arguments with single blanks between them. */
    public String value() {
        return String.join(" ", args);
    }

    /** Whether it holds for every connection. */
    public boolean global() {
        return match.isEmpty() || match.size() == 1 && match.getFirst().equalsIgnoreCase("all");
    }
}
