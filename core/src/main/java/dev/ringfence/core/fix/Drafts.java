package dev.ringfence.core.fix;

import dev.ringfence.core.host.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that will become steps: all changes of one thing together, whichever control wants them. */
final class Drafts {
    private final CurrentState state;
    private final Map<String, FileDraft> files = new TreeMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();
    private final Map<String, AttributeDraft> attributes = new TreeMap<>();
    private final List<ValueDraft> values = new ArrayList<>();
    private final List<SingleDraft> singles = new ArrayList<>();

    Drafts(CurrentState state) {
        this.state = state;
    }

    /** A file, or the reason why it cannot be edited. */
    sealed interface Opened {
        record Draft(FileDraft draft) implements Opened {}

        record Missing() implements Opened {}

        record Unreadable(String why) implements Opened {}
    }

    /** A file that must be there. */
    Opened existing(String path) {
        Opened opened = open(path, FileAttributes.NEW_FILE);
        return opened instanceof Opened.Draft(FileDraft draft) && draft.isNew() && !draft.isChanged()
                ? new Opened.Missing()
                : opened;
    }

    /** A file that is made where it is not there. */
    Opened open(String path, FileAttributes whenNew) {
        FileDraft known = files.get(path);
        if (known != null) {
            return new Opened.Draft(known);
        }
        String reason = unreadable.get(path);
        if (reason != null) {
            return new Opened.Unreadable(reason);
        }
        return switch (state.file(path)) {
            case Fact.Observed<CurrentState.FileOnHost>(CurrentState.FileOnHost file, var source) ->
                opened(new FileDraft(path, Optional.of(file), whenNew));
            case Fact.Absent<CurrentState.FileOnHost> absent -> opened(new FileDraft(path, Optional.empty(), whenNew));
            case Fact.NotObserved<CurrentState.FileOnHost>(var source, String why) -> {
                unreadable.put(path, path + ": " + why);
                yield new Opened.Unreadable(path + ": " + why);
            }
        };
    }

    private Opened opened(FileDraft draft) {
        files.put(draft.path(), draft);
        return new Opened.Draft(draft);
    }

    /** Owner and mode of one path. */
    static final class AttributeDraft {
        private final FileAttributes before;
        private FileAttributes after;
        private final List<Cause> causes = new ArrayList<>();

        AttributeDraft(FileAttributes before) {
            this.before = before;
            this.after = before;
        }

        FileAttributes before() {
            return before;
        }

        FileAttributes after() {
            return after;
        }

        List<Cause> causes() {
            return causes;
        }
    }

    /** A change of owner or mode; the wish sees what earlier wishes made of it. */
    Outcome attributes(String path, Cause cause, java.util.function.UnaryOperator<FileAttributes> wish) {
        AttributeDraft draft = attributes.get(path);
        if (draft == null) {
            switch (state.attributes(path)) {
                case Fact.Absent<CurrentState.PathOnHost> absent -> {
                    return new Outcome.Already(path + " is not there");
                }
                case Fact.NotObserved<CurrentState.PathOnHost>(var source, String why) -> {
                    return new Outcome.ByHand(path + ": " + why);
                }
                case Fact.Observed<CurrentState.PathOnHost>(CurrentState.PathOnHost there, var source) ->
                    draft = new AttributeDraft(there.attributes());
            }
            attributes.put(path, draft);
        }
        FileAttributes wanted = wish.apply(draft.after());
        if (wanted.equals(draft.after()) && draft.causes().isEmpty()) {
            return new Outcome.Already(path + " is " + wanted);
        }
        draft.after = wanted;
        draft.causes().add(cause);
        return Outcome.planned();
    }

    /** One value of the kernel. */
    record ValueDraft(Action.SetKernelValue action, List<Cause> causes) {}

    /**
     * Sets a value now. Of several for one path, which one control may need in a row, those of the first control count.
     *
     * @param takesBack whether the kernel lets the old value be written again
     */
    Outcome value(String path, String value, Cause cause, boolean takesBack) {
        List<ValueDraft> earlier =
                values.stream().filter(v -> v.action().path().equals(path)).toList();
        if (!earlier.isEmpty()) {
            ValueDraft last = earlier.getLast();
            if (earlier.stream().anyMatch(v -> v.action().after().equals(value))
                    && !last.causes().getFirst().id().equals(cause.id())) {
                last.causes().add(cause);
                return Outcome.planned();
            }
            if (!last.causes().getFirst().id().equals(cause.id())) {
                return new Outcome.ByHand(last.causes().getFirst().id() + " needs " + path + " to be "
                        + last.action().after() + " already");
            }
            add(path, last.action().after(), value, cause, takesBack);
            return Outcome.planned();
        }
        return switch (state.kernelValue(path)) {
            case Fact.Absent<String> absent -> new Outcome.Already("this kernel has no " + path);
            case Fact.NotObserved<String>(var source, String why) -> new Outcome.ByHand(path + ": " + why);
            case Fact.Observed<String>(String now, var source) -> {
                if (current(now).equals(value)) {
                    yield new Outcome.Already(path + " is " + value);
                }
                add(path, now, value, cause, takesBack);
                yield Outcome.planned();
            }
        };
    }

    private void add(String path, String before, String after, Cause cause, boolean takesBack) {
        Optional<String> restore = takesBack ? Optional.of(current(before)) : Optional.empty();
        values.add(new ValueDraft(
                new Action.SetKernelValue(path, before, after, restore), new ArrayList<>(List.of(cause))));
    }

    /** Of {@code always [madvise] never} the chosen word. */
    static String current(String read) {
        int open = read.indexOf('[');
        int close = read.indexOf(']', open + 1);
        return open >= 0 && close > open + 1 && read.indexOf(' ') >= 0 ? read.substring(open + 1, close) : read;
    }

    /** A step of its own. */
    record SingleDraft(
            String title,
            Action action,
            List<Cause> causes,
            List<Step.Precondition> preconditions,
            List<Step.UnitRestart> restarts,
            Step.Undo undo) {}

    /** Adds a step, or the cause to the equal one that is there; another wish for the same thing is a person's matter. */
    Outcome single(SingleDraft draft) {
        for (SingleDraft known : singles) {
            if (known.action().equals(draft.action())) {
                known.causes().addAll(draft.causes());
                return Outcome.planned();
            }
        }
        singles.add(new SingleDraft(
                draft.title(),
                draft.action(),
                new ArrayList<>(draft.causes()),
                draft.preconditions(),
                draft.restarts(),
                draft.undo()));
        return Outcome.planned();
    }

    Map<String, FileDraft> files() {
        return files;
    }

    Map<String, AttributeDraft> attributes() {
        return attributes;
    }

    List<ValueDraft> values() {
        return values;
    }

    List<SingleDraft> singles() {
        return singles;
    }
}
