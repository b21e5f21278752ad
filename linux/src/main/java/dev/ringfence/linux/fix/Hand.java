package dev.ringfence.linux.fix;

import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one step's change, and takes it back. Every method may be called again after a kill at any point: what a call finds
 * half done it completes.
 */
interface Hand {
    /** Nothing kept, nothing left. */
    Json.Members NOTHING = new Json.Members(Map.of());

    /** Why this cannot be done here and now though nothing is wrong, with what a person can do; empty when it can. */
    Optional<String> later() throws IOException;

    /**
     * How the host stands to the step.
     *
     * @param kept as {@link #prepare} gave it, or empty before that
     * @param left as {@link #apply} gave it, or empty when that is not known
     */
    Standing standing(Json.Members kept, Json.Members left) throws IOException;

    /** Keeps for good what {@link #undo} needs; changes nothing. */
    Json.Members prepare() throws IOException;

    /**
     * Makes the change, or completes it where a killed call had made a part of it.
     *
     * @return what is left behind, for {@link #standing} and {@link #undo}; or why not, and then as little as possible lasts
     */
    Outcome apply(Json.Members kept) throws IOException;

    /** Takes the change back, whether it was made in part, whole or not at all. */
    Optional<Refusal> undo(Json.Members kept, Json.Members left) throws IOException;

    /** What was planned to be there before, for the journal. */
    String before();

    /** What was planned to be there after. */
    String after();

    /** How the host stands to a step. */
    sealed interface Standing {
        /** As it was when the plan was made, or partly so still: the step can begin, or be completed. */
        record Before() implements Standing {}

        /** As the step leaves it. */
        record After() implements Standing {}

        /**
         * Neither: somebody has changed it.
         *
         * @param view for people: what was planned, what is there; several lines
         */
        record Changed(String view) implements Standing {}

        /** Nothing tells, because the thing has no state that could be read. */
        record Untold() implements Standing {}
    }

    /** How a change went. */
    sealed interface Outcome {
        /** It is made, and lasts as long as such a thing lasts. */
        record Made(Json.Members left) implements Outcome {}

        /** It is not. */
        record Refused(Refusal refusal) implements Outcome {}

        /** Shorthand. */
        static Outcome refused(String code, String reason) {
            return new Refused(new Refusal(code, reason));
        }
    }
}
