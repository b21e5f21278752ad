package dev.ringfence.core.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How often a control is put back. Who has to put a thing back again and again fights with something that puts it the other
 * way: a configuration manager, a package, an attacker. That ends with an alert, not with a loop. For one thread.
 */
public final class EnforceLimiter {
    private final int timesAnHour;
    private final Duration window;
    private final Map<String, Deque<Instant>> times = new HashMap<>();
    private final Set<String> stopped = new HashSet<>();

    /**
     * A limiter.
     *
     * @param timesAnHour from 1 to 60
     */
    public EnforceLimiter(int timesAnHour) {
        if (timesAnHour < 1 || timesAnHour > 60) {
            throw new IllegalArgumentException("times an hour: " + timesAnHour);
        }
        this.timesAnHour = timesAnHour;
        this.window = Duration.ofHours(1);
    }

    /** Whether a control may be put back. */
    public enum Decision {
        /** It may, and this counts. */
        ENFORCE,
        /** It has been put back as often as may be: it is left alone from now on, which somebody must be told. */
        STOP,
        /** It is left alone; that was said before. */
        STOPPED
    }

    /** Decides for one failure of a control. An instant before an earlier one counts as that one. */
    public Decision decide(String control, Instant now) {
        if (stopped.contains(control)) {
            return Decision.STOPPED;
        }
        Deque<Instant> recent = times.computeIfAbsent(control, c -> new ArrayDeque<>());
        Instant at = recent.isEmpty() || now.isAfter(recent.getLast()) ? now : recent.getLast();
        while (!recent.isEmpty() && !recent.getFirst().plus(window).isAfter(at)) {
            recent.removeFirst();
        }
        if (recent.size() >= timesAnHour) {
            stopped.add(control);
            return Decision.STOP;
        }
        recent.addLast(at);
        return Decision.ENFORCE;
    }

    /** Lets a control be put back again, after somebody looked. */
    public void release(String control) {
        stopped.remove(control);
        times.remove(control);
    }
}
