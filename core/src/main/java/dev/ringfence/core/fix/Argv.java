package dev.ringfence.core.fix;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A program and its arguments. It is started as it stands: no shell ever sees it, so nothing in it is expanded.
 *
 * @param words the program first, looked up in the directories for system programs unless it is a path
 */
public record Argv(List<String> words) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    public Argv {
        words = List.copyOf(words);
        if (words.isEmpty() || words.getFirst().isEmpty() || words.getFirst().startsWith("-")) {
            throw new IllegalArgumentException("no program in " + words);
        }
        if (words.stream().anyMatch(w -> w.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("an argument with a NUL byte");
        }
    }

    /** These words. */
    public static Argv of(String... words) {
        return new Argv(List.of(words));
    }

    /** The program. */
    public String program() {
        return words.getFirst();
    }

    /** One line that a POSIX shell would read as these words. */
    @Override
    public String toString() {
        return words.stream().map(Argv::quoted).collect(Collectors.joining(" "));
    }

    /** A word as a POSIX shell would need it. */
    public static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
