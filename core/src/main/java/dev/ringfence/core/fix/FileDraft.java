package dev.ringfence.core.fix;

import dev.ringfence.formats.Decoded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One file while its changes are collected. */
final class FileDraft {
    private final String path;
    private final Optional<CurrentState.FileOnHost> before;
    private byte[] content;
    private FileAttributes attributes;
    private final Map<String, Wish> wishes = new LinkedHashMap<>();
    private final List<Cause> causes = new ArrayList<>();
    private final Set<Step.UnitRestart> restarts = new LinkedHashSet<>();
    private final Set<Action.Check> checks = new LinkedHashSet<>();
    private final Set<Argv> regenerate = new LinkedHashSet<>();
    private final Map<String, FileState> decidedBy = new LinkedHashMap<>();

    private record Wish(String value, String control) {}

    FileDraft(String path, Optional<CurrentState.FileOnHost> before, FileAttributes whenNew) {
        this.path = path;
        this.before = before;
        this.content = before.map(f -> f.content().bytes()).orElseGet(() -> new byte[0]);
        this.attributes = before.map(CurrentState.FileOnHost::attributes).orElse(whenNew);
    }

    /** An edit of one setting; equal bytes mean that there was nothing to do. */
    @FunctionalInterface
    interface Edit extends Function<byte[], Decoded<byte[]>> {}

    /**
     * Changes one setting.
     *
     * @param key what is set, unique within the file
     * @param value to which; empty to remove it
     */
    Outcome edit(String key, String value, Cause cause, Edit edit) {
        Wish earlier = wishes.get(key);
        if (earlier != null && !earlier.value().equals(value)) {
            if (value.isEmpty()) {
                // A setting that another control needs stays; it is not the one that this control objects to.
                causes.add(cause);
                return Outcome.planned();
            }
            if (!earlier.value().isEmpty()) {
                return new Outcome.ByHand(
                        earlier.control() + " needs " + key + " to be " + earlier.value() + " already");
            }
        }
        if (earlier != null && earlier.value().equals(value)) {
            causes.add(cause);
            return Outcome.planned();
        }
        switch (edit.apply(content.clone())) {
            case Decoded.Refused<byte[]>(var refusal) -> {
                return new Outcome.ByHand(path + " cannot be edited safely: " + refusal.reason());
            }
            case Decoded.Value<byte[]>(byte[] edited) -> {
                if (java.util.Arrays.equals(edited, content)) {
                    return new Outcome.Already(path + " has it");
                }
                if (edited.length > FileContent.LIMIT_BYTES) {
                    return new Outcome.ByHand(path + " is too large for a plan");
                }
                content = edited;
            }
        }
        wishes.put(key, new Wish(value, cause.id()));
        causes.add(cause);
        return Outcome.planned();
    }

    void restart(Step.UnitRestart unit) {
        restarts.add(unit);
    }

    void check(Action.Check check) {
        checks.add(check);
    }

    void regenerate(Argv command) {
        regenerate.add(command);
    }

    void decidedBy(String other, FileState state) {
        decidedBy.put(other, state);
    }

    boolean isNew() {
        return before.isEmpty();
    }

    /** A copy of the content as it is by now. */
    byte[] content() {
        return content.clone();
    }

    /** Whether anything is written. */
    boolean isChanged() {
        return before.isEmpty()
                ? content.length > 0
                : !java.util.Arrays.equals(before.get().content().bytes(), content);
    }

    /** Takes owner and mode into the same step. */
    void attributes(FileAttributes wanted, List<Cause> why) {
        attributes = wanted;
        causes.addAll(why);
    }

    String path() {
        return path;
    }

    List<Cause> causes() {
        return causes;
    }

    List<Step.UnitRestart> restarts() {
        return List.copyOf(restarts);
    }

    List<Step.Precondition> preconditions() {
        return decidedBy.entrySet().stream()
                .filter(e -> !e.getKey().equals(path))
                .<Step.Precondition>map(e -> new Step.Precondition.Unchanged(e.getKey(), e.getValue()))
                .toList();
    }

    Action.EditFile action() {
        FileContent after = FileContent.of(content);
        return new Action.EditFile(
                path,
                before.<FileState>map(CurrentState.FileOnHost::state).orElseGet(FileState.Absent::new),
                after,
                attributes,
                before.map(f -> FileDiff.of(path, f.content(), after)).orElseGet(() -> FileDiff.ofNew(path, after)),
                List.copyOf(checks),
                List.copyOf(regenerate));
    }
}
