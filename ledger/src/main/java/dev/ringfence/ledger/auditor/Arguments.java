package dev.ringfence.ledger.auditor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words after a command: one operand, and options that each have a value. */
final class Arguments {
    private final String operand;
    private final Map<String, String> options;

    private Arguments(String operand, Map<String, String> options) {
        this.operand = operand;
        this.options = options;
    }

    /** Reads the words from the second one. */
    static Arguments read(String[] words, Set<String> known) throws UsageException {
        String operand = "";
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            String word = words[i];
            if (!word.startsWith("--")) {
                if (!operand.isEmpty() || word.isEmpty()) {
                    throw new UsageException("one file or directory is asked for, not also '" + word + "'");
                }
                operand = word;
                continue;
            }
            if (!known.contains(word)) {
                throw new UsageException("unknown option " + word);
            }
            if (i + 1 == words.length) {
                throw new UsageException(word + " needs a value");
            }
            if (options.put(word, words[++i]) != null) {
                throw new UsageException(word + " stands twice");
            }
        }
        if (operand.isEmpty()) {
            throw new UsageException("a file or directory is missing");
        }
        return new Arguments(operand, options);
    }

    String operand() {
        return operand;
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    String required(String name) throws UsageException {
        String value = options.get(name);
        if (value == null) {
            throw new UsageException(name + " is missing");
        }
        return value;
    }
}
