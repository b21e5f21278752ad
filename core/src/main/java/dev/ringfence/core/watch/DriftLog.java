package dev.ringfence.core.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The accepted state of every watched thing, and what of it was already reported as changed. For one thread.
 *
 * <p>A state is a text that is the same exactly when nothing that counts has changed. That of processes is a list of ways
 * to be confined, separated by {@code "; "}: one that is gone is no drift, because guests come and go.
 */
public final class DriftLog {
    /** The part of a state that another has and this one lacks. */
    static final String NOTHING = "nothing of the kind";

    private final Map<Thing, String> accepted;
    private final Map<Thing, String> reported = new HashMap<>();

    /** Begins from an accepted state. */
    public DriftLog(Map<Thing, String> accepted) {
        this.accepted = new HashMap<>(accepted);
    }

    /**
     * A difference to report.
     *
     * @param before the accepted state, only the parts that differ where it has several
     * @param after the state now, likewise
     * @param restored whether this is the accepted state again, after a drift
     */
    public record Change(Thing thing, String before, String after, boolean restored) {}

    /** What to report of a thing that was looked at. A thing that was never accepted is accepted as it is. */
    public Optional<Change> look(Thing thing, String now) {
        String before = accepted.putIfAbsent(thing, now);
        if (before == null) {
            return Optional.empty();
        }
        if (same(thing, before, now)) {
            return reported.remove(thing) == null
                    ? Optional.empty()
                    : Optional.of(new Change(thing, before, now, true));
        }
        return now.equals(reported.put(thing, now))
                ? Optional.empty()
                : Optional.of(new Change(thing, without(before, now), without(now, before), false));
    }

    /** The parts of a state that another lacks; the whole where it has one part. */
    private static String without(String state, String other) {
        List<String> parts = new ArrayList<>(Arrays.asList(state.split("; ")));
        parts.removeAll(Arrays.asList(other.split("; ")));
        return parts.isEmpty() ? NOTHING : String.join("; ", parts);
    }

    private static boolean same(Thing thing, String accepted, String now) {
        return accepted.equals(now)
                || thing.kind() == Thing.Kind.PROCESSES && parts(accepted).containsAll(parts(now));
    }

    private static Set<String> parts(String state) {
        Set<String> parts = new HashSet<>(Arrays.asList(state.split("; ")));
        parts.remove("");
        return parts;
    }

    /** Takes the state of a thing as it was last reported, or as given, for the accepted one. */
    public void accept(Thing thing, String state) {
        accepted.put(thing, state);
        reported.remove(thing);
    }

    /** The accepted states, for keeping. */
    public Map<Thing, String> accepted() {
        return Map.copyOf(accepted);
    }

    /** The things that differ from the accepted state as far as is known. */
    public Set<Thing> drifted() {
        return Set.copyOf(reported.keySet());
    }
}
