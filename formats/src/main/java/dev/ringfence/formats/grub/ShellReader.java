package dev.ringfence.formats.grub;

import dev.ringfence.formats.grub.ShellToken.Cell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the assignments of a shell file that always run, and the names that anything else may touch. */
final class ShellReader {
    private static final Set<String> OPENING = Set.of("if", "case", "for", "while", "until", "select", "{");
    private static final Set<String> CLOSING = Set.of("fi", "esac", "done", "}");
    /** Words behind which anything may happen to any variable. */
    private static final Set<String> UNFORESEEABLE =
            Set.of("eval", "source", ".", "exec", "exit", "return", "trap", "alias", "set", "function");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String text;
    final List<Assignment> assignments = new ArrayList<>();
    final Set<String> touched = new HashSet<>();
    boolean unforeseeable;
    private int blocks;

    ShellReader(String text) {
        this.text = text;
    }

    /**
     * {@code NAME=word} that always runs.
     *
     * @param from offset of the name
     * @param valueFrom offset behind the equals sign
     * @param to offset behind the word
     * @param cells of the value
     */
    record Assignment(String name, int from, int valueFrom, int to, List<Cell> cells) {}

    void read(List<ShellToken> tokens) {
        List<ShellToken> command = new ArrayList<>();
        boolean certain = true;
        for (ShellToken token : tokens) {
            switch (token.kind()) {
                case WORD -> command.add(token);
                case OPERATOR -> {
                    // What stands on either side may not run, or run in a process of its own.
                    unforeseeable |= text.startsWith("<<", token.from()) || text.startsWith("(", token.from());
                    touch(command);
                    command.clear();
                    certain = false;
                }
                case END -> {
                    command(command, certain);
                    // A list goes on behind && and || even in the next line.
                    certain |= !command.isEmpty();
                    command.clear();
                }
            }
        }
        command(command, certain);
    }

    private void touch(List<ShellToken> words) {
        for (ShellToken word : words) {
            Matcher names = NAME.matcher(text).region(word.from(), word.to());
            while (names.find()) {
                touched.add(names.group());
            }
            unforeseeable |= UNFORESEEABLE.contains(raw(word));
            block(raw(word));
        }
    }

    private void block(String word) {
        if (OPENING.contains(word)) {
            blocks++;
        } else if (CLOSING.contains(word)) {
            blocks = Math.max(0, blocks - 1);
        }
    }

    private String raw(ShellToken word) {
        return text.substring(word.from(), word.to());
    }

    private void command(List<ShellToken> words, boolean certain) {
        int first = !words.isEmpty() && raw(words.getFirst()).equals("export") ? 1 : 0;
        List<Assignment> found = new ArrayList<>();
        for (ShellToken word : words.subList(first, words.size())) {
            Assignment assignment = assignment(word);
            if (assignment != null) {
                found.add(assignment);
            } else if (first == 0 || !NAME.matcher(raw(word)).matches()) {
                // A command with arguments; assignments before it hold for the command alone.
                touch(words);
                return;
            }
        }
        if (certain && blocks == 0) {
            assignments.addAll(found);
        } else {
            touch(words);
        }
    }

    private @Nullable Assignment assignment(ShellToken word) {
        String raw = raw(word);
        int equals = raw.indexOf('=');
        if (equals <= 0 || !NAME.matcher(raw.substring(0, equals)).matches()) {
            return null;
        }
        int valueFrom = word.from() + equals + 1;
        List<Cell> cells =
                word.cells().stream().filter(c -> c.from() >= valueFrom).toList();
        return new Assignment(raw.substring(0, equals), word.from(), valueFrom, word.to(), cells);
    }
}
