package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.PlanId;
import dev.ringfence.formats.json.Json;
import java.time.Instant;

/**
 * One thing that happened to a plan: who, what, before, after.
 *
 * @param step number of the step, 0 for the plan as a whole
 * @param what a few words
 * @param before what was there, empty where that says nothing
 * @param after what is or will be there, or why it is not
 * @param data what the next call needs to finish or to undo
 */
public record FixRecord(
        Instant at,
        Actor who,
        PlanId plan,
        int step,
        Act act,
        String what,
        String before,
        String after,
        Json.Members data) {
    /** What happened. */
    public enum Act {
        /** A plan was taken in. */
        PLAN,
        /** A call begins: apply, resume, rollback or list. */
        BEGIN,
        /** A step is about to change something; what it needs to be undone is kept. */
        INTENT,
        /** The step has changed it. */
        DONE,
        /** Its controls hold. */
        VERIFIED,
        /** It is done, and waits for something. */
        PENDING,
        /** It changed nothing that lasts, or could not be taken back. */
        FAILED,
        /** A step is about to be taken back. */
        UNDO,
        /** It is taken back. */
        ROLLED_BACK,
        /** A daemon is about to be restarted. */
        RESTART,
        /** It was restarted. */
        RESTARTED,
        /** The call ended by itself. */
        END
    }

    /** Where records go. One is kept for good when {@link #add} returns. */
    @FunctionalInterface
    public interface Sink {
        /** Keeps nothing. */
        Sink NONE = record -> {};

        /**
         * Keeps a record.
         *
         * @throws java.io.IOException when it cannot be kept: then what it is about must not be done
         */
        void add(FixRecord record) throws java.io.IOException;
    }
}
