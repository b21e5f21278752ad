package dev.ringfence.core.fix;

import java.util.List;

/** What became of one change of a control's fix. */
sealed interface Outcome {
    /** It is part of a step. */
    record Planned() implements Outcome {}

    /** The host has it already, or has nothing that it could act on. */
    record Already(String why) implements Outcome {}

    /** A person must do it. */
    record ByHand(String why) implements Outcome {}

    /** It has several parts. */
    record Several(List<Outcome> outcomes) implements Outcome {
        public Several {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** The parts, none of which is several. */
    default List<Outcome> parts() {
        return this instanceof Several(List<Outcome> outcomes)
                ? outcomes.stream().flatMap(o -> o.parts().stream()).toList()
                : List.of(this);
    }

    /** One outcome of several; none is lost. */
    static Outcome together(List<Outcome> outcomes) {
        return outcomes.size() == 1 ? outcomes.getFirst() : new Several(outcomes);
    }

    /** Shorthand. */
    static Outcome planned() {
        return new Planned();
    }
}
