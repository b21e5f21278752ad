package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import java.util.List;

/**
 * One reviewable change.
 *
 * @param number counted from 1; steps are applied in this order and undone in the reverse
 * @param controls ids of the findings that it answers, sorted
 * @param title a few words: what is changed
 * @param reach how far it must go until it has its effect
 * @param restarts systemd units that must restart or reload before it has its effect; done only when asked
 * @param disturbs running guests that notice, and how; empty when none
 * @param cost in performance or features, empty when nothing
 * @param preconditions beyond what the action itself says it found
 */
public record Step(
        int number,
        List<String> controls,
        String title,
        Action action,
        Fix.Reach reach,
        List<UnitRestart> restarts,
        List<Disturbance> disturbs,
        String cost,
        List<Precondition> preconditions,
        Undo undo) {
    public Step {
        controls = List.copyOf(controls);
        restarts = List.copyOf(restarts);
        disturbs = List.copyOf(disturbs);
        preconditions = List.copyOf(preconditions);
        if (number < 1 || controls.isEmpty()) {
            throw new IllegalArgumentException("a step needs a number and a control");
        }
    }

    /**
     * A unit that reads the change only when it starts anew.
     *
     * @param reload whether a reload is enough
     */
    public record UnitRestart(String unit, boolean reload) {}

    /**
     * A running guest that notices.
     *
     * @param uuid lower case, empty where it is not known
     */
    public record Disturbance(String guest, String uuid, How how) {
        /** What happens to it. */
        public enum How {
            /** It goes on as before; it has the change after a stop and a start, or after a migration away and back. */
            NEEDS_RESTART,
            /** It must be moved away or stopped, because its host restarts. */
            HOST_RESTARTS
        }
    }

    /** What must hold, and is checked again before the first write. */
    public sealed interface Precondition {
        /** A file that decided this step, though the step does not write it. */
        record Unchanged(String path, FileState state) implements Precondition {}

        /** A program that the step needs. */
        record ProgramThere(String program) implements Precondition {}

        /** Something that only a person can know; it is shown, not checked. */
        record Reviewed(String text) implements Precondition {}
    }

    /** How the step is taken back. */
    public record Undo(Kind kind, String text) {
        /** How well it can be taken back. */
        public enum Kind {
            /** A rollback does it. */
            AUTOMATIC,
            /** A rollback does its part; the host has the old state after a restart. */
            WITH_RESTART,
            /** Nothing does. */
            NONE
        }
    }
}
