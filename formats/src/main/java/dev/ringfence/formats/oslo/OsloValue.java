package dev.ringfence.formats.oslo;

import java.util.Locale;
import java.util.Optional;

/**
 * One value of an option, as one file gives it.
 *
 * @param file the label of the file
 * @param group as written; {@code DEFAULT} for the default group
 * @param text the raw value, not substituted; lines of a value that goes on are joined by {@code \n}
 * @param line of the option's name, counted from 1
 */
public record OsloValue(String file, String group, String key, String text, int line) {

    /** Whether the name says that the value is a secret. */
    public boolean secret() {
        return Redaction.isSecret(key);
    }

    /** The value for a report: a secret as {@code [redacted]}, a password inside a URL likewise. */
    public String display() {
        return Redaction.display(key, text);
    }

    /** The value as oslo.config's BoolOpt reads it, empty when it is no boolean. */
    public Optional<Boolean> bool() {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "on", "yes" -> Optional.of(true);
            case "false", "0", "off", "no" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return "[" + group + "] " + key + " = " + display() + " (" + file + ":" + line + ")";
    }
}
