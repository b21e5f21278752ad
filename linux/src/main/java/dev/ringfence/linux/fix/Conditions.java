package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks again at everything that a plan relies on. */
final class Conditions {
    private final Session session;

    Conditions(Session session) {
        this.session = session;
    }

    /** What is in the way of a step that is not begun, for people; empty when nothing is. */
    List<String> against(Step step) throws IOException {
        List<String> views = new ArrayList<>();
        Hand hand = session.hand(step);
        if (hand.later().isPresent()) {
            return views;
        }
        if (hand.standing(Hand.NOTHING, Hand.NOTHING) instanceof Hand.Standing.Changed(String view)) {
            views.add(view);
        }
        for (Step.Precondition condition : step.preconditions()) {
            switch (condition) {
                case Step.Precondition.Unchanged(String path, FileState state) ->
                    changed(path, state).ifPresent(views::add);
                case Step.Precondition.ProgramThere(String program) -> {
                    if (session.at().running()
                            && session.at().commands().find(program).isEmpty()) {
                        views.add("the program " + program + " is not installed\n");
                    }
                }
                case Step.Precondition.Reviewed r -> {}
            }
        }
        return views;
    }

    private Optional<String> changed(String path, FileState planned) throws IOException {
        Storage storage = session.at().storage();
        Path place = session.at().place(path);
        Optional<Storage.Kind> kind = storage.kind(place);
        String now = kind.isEmpty()
                ? "absent"
                : kind.get() == Storage.Kind.FILE
                        ? Digests.sha256(storage.read(place, FileReplacer.LIMIT_BYTES))
                        : "not a regular file";
        boolean same = switch (planned) {
            case FileState.Absent() -> kind.isEmpty();
            case FileState.Present present -> now.equals(present.sha256());
        };
        return same || isOurs(path, now)
                ? Optional.empty()
                : Optional.of(path + "\n  by the plan: " + planned + "\n  now:         "
                        + (now.length() == 64 ? "SHA-256 " + now.substring(0, 16) + "…" : now)
                        + "\n  It decided the step, which must be planned anew.\n");
    }

    /** Whether an earlier step of this plan wrote what is there. */
    private boolean isOurs(String path, String digest) {
        return session.plan().steps().stream()
                .anyMatch(other -> other.action() instanceof Action.EditFile edit
                        && edit.path().equals(path)
                        && edit.after().sha256().equals(digest)
                        && session.trace(other).touched());
    }
}
