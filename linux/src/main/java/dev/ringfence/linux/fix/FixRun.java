package dev.ringfence.linux.fix;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Applies a plan, goes on with it after a kill, takes it back. One call at a time: hold {@link FixStore#lock} meanwhile.
 *
 * <p>Refusals, as {@link FixResult.Stopped} or in the reason of a step: RF-FIX-101 to 108 as {@link FileReplacer}, {@link
 * Journal} and {@link FixStore}; 109 the host has changed since the plan; 110 the host has changed since the step; 112 an
 * earlier call was interrupted; 114 a checking program refuses a file; 115 a program failed; 116 the kernel or libvirt does
 * not take a value; 117 a guest was lost; 118 a daemon did not come back; 119 nothing takes this back; 121 no such step;
 * 122 no such account; 123 the host refuses; 124 nothing was interrupted; 125 the controls fail still.
 *
 * <p>Every method throws IOException when the journal cannot be written: then nothing more is changed.
 */
public final class FixRun {
    static final String APPLY = "apply";
    static final String RESUME = "resume";
    static final String ROLLBACK = "rollback";

    private final Session session;
    private final Controls controls;

    /** Judges controls on the host as it is now, through the same audit that found them. */
    @FunctionalInterface
    public interface Controls {
        /** What is known of each of these controls, by id. */
        Map<String, Judged> judge(Set<String> ids) throws IOException;
    }

    /** What is known of a control, and why in one line. */
    public record Judged(Verdict verdict, String evidence) {}

    /**
     * @param besides keeps every record as the journal does, before what it is about is done
     * @param listener told of each step that is worked on, with one or two words on what is done
     */
    public FixRun(
            Workplace at,
            FixPlan plan,
            PlanFolder folder,
            Actor who,
            InstantSource clock,
            Controls controls,
            FixRecord.Sink besides,
            BiConsumer<Step, String> listener)
            throws IOException {
        this.session = new Session(at, plan, folder, who, clock, besides, listener);
        this.controls = controls;
    }

    /** Applies the chosen steps, after looking again at everything that they rely on. */
    public FixResult apply(FixOptions options) throws IOException {
        if (StepTrace.unfinished(session.records()).isPresent()) {
            return stopped(
                    "RF-FIX-112",
                    "an earlier call for this plan was interrupted; 'ringfence fix resume "
                            + session.plan().id() + "' goes on with it, 'fix rollback' takes it back");
        }
        Optional<FixResult> stop = checkAll(options);
        if (stop.isPresent()) {
            return stop.get();
        }
        List<Guests.Running> guests = Guests.now(session.at());
        session.begin(APPLY, options, guests);
        return go(options, guests);
    }

    /** Goes on where a call was interrupted, in the way that it was begun. */
    public FixResult resume() throws IOException {
        Optional<StepTrace.Call> call = StepTrace.unfinished(session.records());
        if (call.isEmpty()) {
            return stopped("RF-FIX-124", "no call for this plan was interrupted; there is nothing to go on with");
        }
        FixOptions options = call.get().options();
        if (call.get().command().equals(ROLLBACK)) {
            session.begin(RESUME, options, call.get().guests());
            return new Rollback(session).go(options, call.get().guests());
        }
        Optional<FixResult> stop = checkAll(options);
        if (stop.isPresent()) {
            return stop.get();
        }
        session.begin(RESUME, options, call.get().guests());
        return go(options, call.get().guests());
    }

    /** Takes steps back, the last first, all that are applied when none are named. */
    public FixResult rollback(FixOptions options) throws IOException {
        return new Rollback(session).start(options);
    }

    /** Looks whether what was pending has come true, and notes it; the result has every step. */
    public FixResult.Ended recheck() throws IOException {
        List<Step> waiting = session.plan().steps().stream()
                .filter(step -> session.trace(step).stage() == StepTrace.Stage.PENDING)
                .toList();
        if (!waiting.isEmpty()) {
            Map<String, Judged> judged = controls.judge(idsOf(waiting));
            for (Step step : waiting) {
                String reason = outstanding(step, judged);
                if (reason.isEmpty()) {
                    session.note(step, FixRecord.Act.VERIFIED, "", "", Hand.NOTHING);
                }
            }
        }
        return states();
    }

    /** Every step as the journal has it. */
    public FixResult.Ended states() {
        return new FixResult.Ended(
                session.plan().steps().stream().map(this::result).toList());
    }

    /** Whether a call was interrupted. */
    public boolean interrupted() {
        return StepTrace.unfinished(session.records()).isPresent();
    }

    static FixResult stopped(String code, String reason) {
        return new FixResult.Stopped(new Refusal(code, reason), List.of());
    }

    private List<Step> chosen(FixOptions options) {
        return session.plan().steps().stream()
                .filter(step -> options.reaches().contains(step.reach()))
                .toList();
    }

    private Optional<FixResult> checkAll(FixOptions options) throws IOException {
        Conditions conditions = new Conditions(session);
        List<String> views = new ArrayList<>();
        for (Step step : chosen(options)) {
            StepTrace trace = session.trace(step);
            if (!trace.touched()) {
                for (String view : conditions.against(step)) {
                    views.add("step " + step.number() + ", " + step.title() + ": " + view);
                }
            }
        }
        return views.isEmpty()
                ? Optional.empty()
                : Optional.of(new FixResult.Stopped(
                        new Refusal(
                                "RF-FIX-109",
                                "the host has changed since the plan was made, so nothing was written; plan anew"),
                        views));
    }

    private FixResult go(FixOptions options, List<Guests.Running> guests) throws IOException {
        List<Step> chosen = chosen(options);
        List<Step> unwanted = new ArrayList<>();
        for (Step step : chosen) {
            if (!one(step)) {
                unwanted.add(step);
                if (options.allOrNothing()) {
                    break;
                }
            }
        }
        if (options.allOrNothing() && !unwanted.isEmpty()) {
            unwanted.addAll(
                    allBack(chosen, "step " + unwanted.getFirst().number() + " failed, and all or nothing was asked"));
            return end(chosen, unwanted);
        }
        List<Step> restarted = needRestart(chosen);
        unwanted.addAll(restart(restarted, options, guests));
        unwanted.addAll(verify(chosen));
        unwanted.addAll(lateLoss(restarted, options, guests));
        if (options.allOrNothing() && !unwanted.isEmpty()) {
            List<Step> back =
                    allBack(chosen, "step " + unwanted.getFirst().number() + " failed, and all or nothing was asked");
            session.restart(back, options.restart(), Guests.now(session.at()));
            unwanted.addAll(back);
        }
        return end(chosen, unwanted);
    }

    /** Brings one step as far as making it goes. Whether that went well. */
    private boolean one(Step step) throws IOException {
        StepTrace trace = session.trace(step);
        switch (trace.stage()) {
            case DONE, VERIFIED -> {
                return true;
            }
            case PENDING -> {
                if (trace.touched()) {
                    return true;
                }
            }
            case FAILED -> {
                return false;
            }
            case ROLLED_BACK -> {
                if (trace.thisRun()) {
                    return false;
                }
            }
            case UNDOING -> {
                // Killed while a step that had failed was taken back.
                session.takeBack(step, trace.reason());
                return false;
            }
            case UNTOUCHED, BEGUN -> {}
        }
        Hand hand = session.hand(step);
        Optional<String> later = hand.later();
        if (later.isPresent()) {
            session.note(step, FixRecord.Act.PENDING, hand.before(), later.get(), Hand.NOTHING);
            return true;
        }
        if (trace.stage() != StepTrace.Stage.BEGUN
                && hand.standing(Hand.NOTHING, Hand.NOTHING) instanceof Hand.Standing.After) {
            // Somebody else has done it: there is nothing to make, and nothing of ours to take back.
            return true;
        }
        return session.make(step).isEmpty();
    }

    /** Takes back what this call has made, the last first. */
    private List<Step> allBack(List<Step> steps, String reason) throws IOException {
        List<Step> back = new ArrayList<>();
        for (Step step : steps.reversed()) {
            StepTrace trace = session.trace(step);
            if (trace.touched() && trace.thisRun() && trace.stage() != StepTrace.Stage.FAILED) {
                session.takeBack(step, reason);
                back.add(step);
            }
        }
        return back;
    }

    private List<Step> needRestart(List<Step> chosen) {
        List<Step> need = new ArrayList<>();
        for (Step step : chosen) {
            StepTrace trace = session.trace(step);
            if (trace.touched()
                    && trace.doneAt().isPresent()
                    && !StepTrace.restartedSince(
                                    session.records(), trace.doneAt().get())
                            .containsAll(step.restarts().stream()
                                    .map(Step.UnitRestart::unit)
                                    .toList())) {
                need.add(step);
            }
        }
        return need;
    }

    private List<Step> restart(List<Step> need, FixOptions options, List<Guests.Running> guests) throws IOException {
        Optional<Refusal> refused = session.restart(need, options.restart(), guests);
        if (refused.isEmpty()) {
            return List.of();
        }
        return takeBack(need, refused.get(), options);
    }

    /** A guest may take its time to end. */
    private List<Step> lateLoss(List<Step> restarted, FixOptions options, List<Guests.Running> guests)
            throws IOException {
        List<Guests.Running> lost = Guests.lost(guests);
        List<Step> need =
                restarted.stream().filter(step -> session.trace(step).touched()).toList();
        boolean nothing = options.restart() instanceof FixOptions.Restart.None;
        return nothing || lost.isEmpty() || need.isEmpty()
                ? List.of()
                : takeBack(need, new Refusal("RF-FIX-117", "guests ended after the restart: " + lost), options);
    }

    private List<Step> takeBack(List<Step> need, Refusal refused, FixOptions options) throws IOException {
        for (Step step : need.reversed()) {
            session.takeBack(step, refused.toString());
        }
        // With the old files in place, so that the daemon comes back as it was; the guests that are left are watched
        // still.
        session.restart(need, options.restart(), Guests.now(session.at()));
        return need;
    }

    private List<Step> verify(List<Step> chosen) throws IOException {
        List<Step> made = new ArrayList<>();
        for (Step step : chosen) {
            StepTrace trace = session.trace(step);
            if (trace.stage() == StepTrace.Stage.DONE
                    || trace.stage() == StepTrace.Stage.UNTOUCHED
                    || trace.touched() && trace.stage() == StepTrace.Stage.PENDING) {
                made.add(step);
            }
        }
        List<Step> back = new ArrayList<>();
        if (made.isEmpty()) {
            return back;
        }
        Map<String, Judged> judged = controls.judge(idsOf(made));
        for (Step step : made) {
            String reason = outstanding(step, judged);
            if (reason.isEmpty()) {
                session.note(step, FixRecord.Act.VERIFIED, "", "", Hand.NOTHING);
            } else if (reason.startsWith(STILL_FAILS) && session.trace(step).touched()) {
                session.takeBack(step, reason);
                back.add(step);
            } else {
                session.note(step, FixRecord.Act.PENDING, "", reason, Hand.NOTHING);
            }
        }
        return back;
    }

    private static final String STILL_FAILS = "RF-FIX-125";

    private static Set<String> idsOf(List<Step> steps) {
        Set<String> ids = new LinkedHashSet<>();
        steps.forEach(step -> ids.addAll(step.controls()));
        return ids;
    }

    /** What keeps a step from being verified; empty when nothing does. */
    private String outstanding(Step step, Map<String, Judged> judged) throws IOException {
        StepTrace trace = session.trace(step);
        Hand hand = session.hand(step);
        if (!trace.touched() && hand.later().isPresent()) {
            return hand.later().get();
        }
        if (trace.doneAt().isPresent()) {
            List<String> waits =
                    new Outstanding(session).of(step, trace.doneAt().get());
            if (!waits.isEmpty()) {
                return String.join("; ", waits);
            }
        }
        Map<String, String> open = new LinkedHashMap<>();
        boolean fails = false;
        for (String id : step.controls()) {
            Judged control = judged.getOrDefault(id, new Judged(Verdict.NOT_COVERED, "it is not judged here"));
            switch (control.verdict()) {
                case PASS, NOT_APPLICABLE, WAIVED -> {}
                case NOT_COVERED -> open.put(id, "could not be judged: " + control.evidence());
                case FAIL -> {
                    Optional<String> more = moreFor(id, step);
                    fails |= more.isEmpty();
                    open.put(id, more.orElse("fails still: " + control.evidence()));
                }
            }
        }
        StringBuilder out = new StringBuilder(fails ? STILL_FAILS + " " : "");
        open.forEach((id, why) -> out.append(out.isEmpty() || out.toString().endsWith(" ") ? "" : "; ")
                .append(id)
                .append(' ')
                .append(why));
        return out.toString();
    }

    /** Whether something else of the plan, that is not done, answers the same control. */
    private Optional<String> moreFor(String id, Step done) throws IOException {
        for (Step other : session.plan().steps()) {
            if (other.number() != done.number() && other.controls().contains(id)) {
                StepTrace trace = session.trace(other);
                boolean waits = trace.doneAt().isPresent()
                        && !new Outstanding(session)
                                .of(other, trace.doneAt().get())
                                .isEmpty();
                boolean asItShould = trace.touched() && trace.doneAt().isPresent()
                        || session.hand(other).standing(Hand.NOTHING, Hand.NOTHING) instanceof Hand.Standing.After;
                if (!asItShould || waits) {
                    return Optional.of("needs step " + other.number() + " as well");
                }
            }
        }
        return session.plan().manual().stream()
                        .anyMatch(manual -> manual.control().equals(id))
                ? Optional.of("needs a person as well: 'ringfence fix show' says what to do")
                : Optional.empty();
    }

    private FixResult end(List<Step> chosen, List<Step> unwanted) throws IOException {
        session.note(FixRecord.Act.END, "end", "", Map.of());
        List<FixResult.StepResult> out = new ArrayList<>();
        for (Step step : session.plan().steps()) {
            FixResult.StepResult result = result(step);
            out.add(
                    chosen.contains(step)
                            ? new FixResult.StepResult(
                                    result.step(), result.outcome(), result.reason(), unwanted.contains(step))
                            : new FixResult.StepResult(
                                    step.number(),
                                    session.trace(step).stage() == StepTrace.Stage.UNTOUCHED
                                            ? FixResult.Outcome.SKIPPED
                                            : result.outcome(),
                                    result.reason(),
                                    false));
        }
        return new FixResult.Ended(out);
    }

    private FixResult.StepResult result(Step step) {
        StepTrace trace = session.trace(step);
        FixResult.Outcome outcome = switch (trace.stage()) {
            case UNTOUCHED -> FixResult.Outcome.SKIPPED;
            case BEGUN, UNDOING, DONE -> FixResult.Outcome.INTERRUPTED;
            case VERIFIED -> FixResult.Outcome.VERIFIED;
            case PENDING -> FixResult.Outcome.PENDING;
            case FAILED -> FixResult.Outcome.FAILED;
            case ROLLED_BACK -> FixResult.Outcome.ROLLED_BACK;
        };
        return new FixResult.StepResult(step.number(), outcome, trace.reason(), false);
    }
}
