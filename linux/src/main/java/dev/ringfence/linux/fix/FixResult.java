package dev.ringfence.linux.fix;

import dev.ringfence.formats.Refusal;
import java.util.List;

/** How a call ended. */
public sealed interface FixResult {
    /** It went through its steps, whatever came of each. */
    record Ended(List<StepResult> steps) implements FixResult {
        public Ended {
            steps = List.copyOf(steps);
        }

        /** Whether every step ended as it should. */
        public boolean well() {
            return steps.stream().noneMatch(step -> step.outcome() == Outcome.FAILED || step.unwanted());
        }
    }

    /**
     * It stopped before it wrote anything.
     *
     * @param views what is in its way, for people, each of several lines
     */
    record Stopped(Refusal refusal, List<String> views) implements FixResult {
        public Stopped {
            views = List.copyOf(views);
        }
    }

    /**
     * What came of one step.
     *
     * @param reason why it is not verified; empty when there is nothing to say
     * @param unwanted whether it was taken back though nobody had asked for that
     */
    record StepResult(int step, Outcome outcome, String reason, boolean unwanted) {}

    /** What came of a step. */
    enum Outcome {
        /** Done, and its controls hold. */
        VERIFIED,
        /** Done as far as can be; something that is not done by this program is outstanding. */
        PENDING,
        /** The host is as before. */
        ROLLED_BACK,
        /** It could be neither made whole nor taken back whole. */
        FAILED,
        /** Not chosen. */
        SKIPPED,
        /** Begun by a call that was killed. */
        INTERRUPTED
    }
}
