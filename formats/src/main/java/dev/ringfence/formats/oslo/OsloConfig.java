package dev.ringfence.formats.oslo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a service reads from its files: {@code --config-file} in order, then the {@code *.conf} files of each {@code
 * --config-dir} by name. Immutable and thread-safe.
 */
public final class OsloConfig {
    private final List<OsloFile> files;

    private OsloConfig(List<OsloFile> files) {
        this.files = List.copyOf(files);
    }

    /** Merges files, a later one before an earlier one. */
    public static OsloConfig of(List<OsloFile> inOrder) {
        return new OsloConfig(inOrder);
    }

    /** The files in order. */
    public List<OsloFile> files() {
        return files;
    }

    /** The value of a single-valued option: the last of the last file that has one. */
    public Optional<OsloValue> value(String group, String key) {
        return files.reversed().stream()
                .flatMap(f -> f.values(group, key).reversed().stream())
                .findFirst();
    }

    /** The values of a multi-valued option: those of all files, in order. */
    public List<OsloValue> values(String group, String key) {
        return files.stream().flatMap(f -> f.values(group, key).stream()).toList();
    }

    /** Every value of every file, in order. */
    public List<OsloValue> values() {
        return files.stream().flatMap(f -> f.values().stream()).toList();
    }

    /** Names of the groups that any file has, in the form that compares: lower case, except for {@code DEFAULT}. */
    public List<String> groups() {
        return files.stream()
                .flatMap(f -> f.groups().stream())
                .map(OsloFile::normalized)
                .distinct()
                .toList();
    }

    /** As {@link #value}, with its references to other options replaced. */
    public Optional<Resolved> resolved(String group, String key) {
        return value(group, key).map(v -> new Substitution(this).resolve(v));
    }

    /** As {@link #values(String, String)}, with references to other options replaced. */
    public List<Resolved> resolvedAll(String group, String key) {
        List<Resolved> all = new ArrayList<>();
        values(group, key).forEach(v -> all.add(new Substitution(this).resolve(v)));
        return List.copyOf(all);
    }

    /**
     * A value whose references were replaced.
     *
     * @param value where it came from
     * @param text with references replaced; one that no file answers stays as it was
     * @param unresolved names that no file sets, so that the service uses a default that is not known here; also names
     *     that lead back to themselves, and those past the limit of 16 levels or 64 KiB
     * @param secret the option, or one that it refers to, holds a secret
     */
    public record Resolved(OsloValue value, String text, List<String> unresolved, boolean secret) {
        public Resolved {
            unresolved = List.copyOf(unresolved);
        }

        /** The text for a report, redacted like {@link OsloValue#display()}. */
        public String display() {
            return secret ? Redaction.MARK : Redaction.display(value.key(), text);
        }

        @Override
        public String toString() {
            return "[" + value.group() + "] " + value.key() + " = " + display();
        }
    }
}
