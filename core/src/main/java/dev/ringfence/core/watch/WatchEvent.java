package dev.ringfence.core.watch;

import dev.ringfence.core.audit.Verdict;
import java.time.Instant;
import java.util.List;

/** What the watch has to say. */
public sealed interface WatchEvent {
    /** When it was noticed. */
    Instant at();

    /**
     * Something differs from the accepted state.
     *
     * @param controls the controls that read it, in order; at least one
     * @param before the accepted state
     * @param after the state now
     * @param who what the kernel said about who did it, or {@code not known}
     */
    record Drift(Instant at, List<String> controls, Thing thing, String before, String after, String who)
            implements WatchEvent {
        public Drift {
            controls = List.copyOf(controls);
        }
    }

    /** Something is again as it was accepted. */
    record Restored(Instant at, List<String> controls, Thing thing, String state, String who) implements WatchEvent {
        public Restored {
            controls = List.copyOf(controls);
        }
    }

    /** A control says something else than before. */
    record VerdictChanged(Instant at, String control, Verdict before, Verdict after, String evidence)
            implements WatchEvent {}

    /** A control was put back, or that failed. */
    record Enforced(Instant at, String control, boolean held, String message) implements WatchEvent {}

    /** A control was put back too often and is left alone. */
    record EnforceStopped(Instant at, String control, int timesAnHour) implements WatchEvent {}

    /** The watch itself could not do all of its work, such as when the kernel dropped events. */
    record Trouble(Instant at, String message) implements WatchEvent {}
}
