package dev.ringfence.linux.watch;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.watch.AcceptedState;
import dev.ringfence.core.watch.ControlState;
import dev.ringfence.core.watch.DriftLog;
import dev.ringfence.core.watch.EnforceLimiter;
import dev.ringfence.core.watch.Report;
import dev.ringfence.core.watch.Thing;
import dev.ringfence.core.watch.WatchEvent;
import dev.ringfence.core.watch.WatchList;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Watches a host and says what drifts from the accepted state: files within a second or two, the rest at the next poll.
 * {@link #run} is for one thread; {@link #stop} may be called from any.
 */
public final class HostWatch implements Closeable {
    /** A wake-up so often costs nothing that can be measured, and bounds how long stopping takes. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Settings settings;
    private final Ports ports;
    private final ThingReader reader;
    private final WatchTree tree;
    private final Consumer<WatchEvent> sink;
    private final EnforceLimiter limiter;
    private final Set<Thing> dirty = new TreeSet<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, Verdict> acceptedVerdicts = new HashMap<>();
    private final DriftLog log;
    /** Judging and putting back take seconds, in which other drifts must not go unreported. */
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("watch-judge").unstarted(task));

    /** What the worker found, to be taken in by the thread that runs the watch. */
    private final Queue<Runnable> found = new ConcurrentLinkedQueue<>();

    private final WatchList list;
    private boolean rewatch;
    private String trouble = "";
    private volatile boolean stopped;

    /**
     * What it works with.
     *
     * @param time tells when something was noticed
     */
    public record Ports(FileEvents events, Witness witness, Judge judge, Enforcer enforcer, InstantSource time) {}

    /**
     * How it works.
     *
     * @param root {@code /}, but for tests
     * @param settle how long a thing has to be quiet before it is looked at, at most a second
     * @param poll how often values, processes and what events may have missed are looked at
     * @param enforced controls that are put back
     * @param timesAnHour how often each at most
     */
    public record Settings(Path root, Duration settle, Duration poll, Set<String> enforced, int timesAnHour) {
        public Settings {
            enforced = Set.copyOf(enforced);
            if (settle.compareTo(LONGEST_WAIT) > 0 || poll.isNegative() || poll.isZero()) {
                throw new IllegalArgumentException("settle " + settle + ", poll " + poll);
            }
        }

        /** What a host gets: a third of a second, and half a minute. */
        public static Settings of(Set<String> enforced) {
            return new Settings(Path.of("/"), Duration.ofMillis(300), Duration.ofSeconds(30), enforced, 3);
        }
    }

    /**
     * A watch that goes on from an accepted state.
     *
     * @param states what all controls say now; they tell what is watched
     * @param accepted as it was kept; empty where nothing was accepted before, so that what is now is accepted
     */
    public HostWatch(
            Settings settings,
            Ports ports,
            List<ControlState> states,
            Optional<AcceptedState> accepted,
            Consumer<WatchEvent> sink) {
        this.settings = settings;
        this.ports = ports;
        this.sink = sink;
        this.reader = new ThingReader(settings.root());
        this.tree = new WatchTree(reader, ports.events(), ports.witness());
        this.limiter = new EnforceLimiter(settings.timesAnHour());
        this.list = WatchList.of(states);
        this.log = new DriftLog(accepted.map(AcceptedState::things).orElse(Map.of()));
        accepted.ifPresent(a -> acceptedVerdicts.putAll(a.verdicts()));
        verdicts.putAll(acceptedVerdicts);
        rewatch();
        // Looked at once after the watches are set, so that nothing falls between.
        dirty.addAll(list.things());
        look(false);
        changed(states);
    }

    /** How many things are watched. */
    public int size() {
        return list.things().size();
    }

    /** What is accepted, for keeping. */
    public AcceptedState accepted() {
        return new AcceptedState(log.accepted(), acceptedVerdicts);
    }

    /** Ends {@link #run} within a second or two. */
    public void stop() {
        stopped = true;
    }

    /**
     * Watches until it is stopped or the time is over.
     *
     * @throws IOException if the kernel no longer tells of changes
     */
    public void run(Duration atMost) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        long nextPoll = System.nanoTime() + settings.poll().toNanos();
        long firstDirty = 0;
        while (!stopped && System.nanoTime() - end < 0) {
            long now = System.nanoTime();
            long wait = Math.min(LONGEST_WAIT.toNanos(), Math.min(nextPoll, end) - now);
            if (!dirty.isEmpty()) {
                wait = Math.min(wait, settings.settle().toNanos());
            }
            FileEvents.Events happened = ports.events().await(Duration.ofNanos(Math.max(0, wait)));
            boolean quiet = take(happened);
            for (Runnable result = found.poll(); result != null; result = found.poll()) {
                result.run();
            }
            now = System.nanoTime();
            firstDirty = dirty.isEmpty() ? 0 : firstDirty == 0 ? now : firstDirty;
            // A file that is written all the time is looked at all the same.
            if (!dirty.isEmpty() && (quiet || now - firstDirty > LONGEST_WAIT.toNanos())) {
                settle(true);
                firstDirty = 0;
            }
            if (now - nextPoll >= 0) {
                poll();
                nextPoll = System.nanoTime() + settings.poll().toNanos();
            }
        }
    }

    /** Notes what events are about; true when there were none. */
    private boolean take(FileEvents.Events happened) {
        if (happened.lost()) {
            sink.accept(new WatchEvent.Trouble(
                    ports.time().instant(), "the kernel dropped events; everything is looked at again"));
            dirty.addAll(files());
            rewatch = true;
        }
        for (FileEvents.Event event : happened.events()) {
            boolean about = tree.touched(event, dirty);
            rewatch |= about && event.structural();
        }
        if (!happened.events().isEmpty()) {
            ports.witness().listen();
        }
        return happened.events().isEmpty() && !happened.lost();
    }

    private Set<Thing> files() {
        Set<Thing> files = new TreeSet<>(list.things());
        files.removeIf(t -> !t.isFile());
        return files;
    }

    private void rewatch() {
        rewatch = false;
        String found = tree.watch(list.things());
        if (!found.isEmpty() && !found.equals(trouble)) {
            sink.accept(new WatchEvent.Trouble(ports.time().instant(), found));
        }
        trouble = found;
    }

    /** Looks at what events cannot tell of, and at files whose size or times differ from when they were read. */
    private void poll() {
        rewatch = true;
        dirty.addAll(list.things());
        settle(false);
    }

    /**
     * Looks at everything that may have changed.
     *
     * @param again whether files are read even where size and times are as before
     */
    private void settle(boolean again) {
        Set<String> affected = look(again);
        if (!affected.isEmpty()) {
            judge(affected);
        }
    }

    /** Reports what has changed; the controls that read it. */
    private Set<String> look(boolean again) {
        if (rewatch) {
            rewatch();
        }
        Set<String> affected = new TreeSet<>();
        List<DriftLog.Change> changes = new ArrayList<>();
        for (Thing thing : Set.copyOf(dirty)) {
            String state = reader.state(thing, again);
            Optional<DriftLog.Change> change = log.look(thing, state);
            if (change.isPresent()) {
                affected.addAll(list.controls(thing));
                changes.add(change.get());
                if (thing.kind() == Thing.Kind.DEFINITIONS) {
                    log.accept(thing, state);
                }
            }
        }
        dirty.clear();
        Report.of(changes, list).forEach(this::tell);
        return affected;
    }

    private void tell(Report report) {
        String who = Witness.NOT_KNOWN;
        for (Path place : tree.placesOf(report.thing())) {
            who = who.equals(Witness.NOT_KNOWN) ? ports.witness().who(place).orElse(who) : who;
        }
        sink.accept(
                report.restored()
                        ? new WatchEvent.Restored(
                                ports.time().instant(), report.controls(), report.thing(), report.after(), who)
                        : new WatchEvent.Drift(
                                ports.time().instant(),
                                report.controls(),
                                report.thing(),
                                report.before(),
                                report.after(),
                                who));
    }

    private void judge(Set<String> affected) {
        worker.execute(() -> {
            try {
                List<ControlState> states = ports.judge().judge(affected);
                found.add(() -> changed(states));
            } catch (IOException e) {
                found.add(() -> sink.accept(new WatchEvent.Trouble(
                        ports.time().instant(),
                        "could not judge " + String.join(", ", affected) + ": " + e.getMessage())));
            }
        });
    }

    private void changed(List<ControlState> states) {
        Map<String, ControlState> now = new TreeMap<>();
        states.forEach(s -> now.put(s.control(), s));
        List<String> failing = new ArrayList<>();
        now.forEach((control, state) -> {
            acceptedVerdicts.putIfAbsent(control, state.verdict());
            Verdict before = verdicts.put(control, state.verdict());
            if (before != null && before != state.verdict()) {
                sink.accept(new WatchEvent.VerdictChanged(
                        ports.time().instant(), control, before, state.verdict(), state.evidence()));
            }
            if (state.verdict() == Verdict.FAIL && settings.enforced().contains(control)) {
                failing.add(control);
            }
        });
        failing.forEach(this::enforce);
    }

    private void enforce(String control) {
        switch (limiter.decide(control, ports.time().instant())) {
            case ENFORCE ->
                worker.execute(() -> {
                    Enforcer.Outcome outcome = outcome(control);
                    found.add(() -> sink.accept(new WatchEvent.Enforced(
                            ports.time().instant(), control, outcome.held(), outcome.message())));
                });
            case STOP ->
                sink.accept(new WatchEvent.EnforceStopped(ports.time().instant(), control, settings.timesAnHour()));
            case STOPPED -> {}
        }
    }

    private Enforcer.Outcome outcome(String control) {
        try {
            return ports.enforcer().enforce(control);
        } catch (IOException e) {
            return new Enforcer.Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    /** Closes the source of events; what is being judged is dropped. */
    @Override
    public void close() throws IOException {
        worker.shutdownNow();
        ports.events().close();
    }
}
