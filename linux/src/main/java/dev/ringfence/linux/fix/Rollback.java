package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Step;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes applied steps back, where nobody has changed since what they made. */
final class Rollback {
    private final Session session;

    Rollback(Session session) {
        this.session = session;
    }

    /** Looks at all chosen steps first, then takes them back. */
    FixResult start(FixOptions options) throws IOException {
        for (int number : options.steps()) {
            if (number < 1 || number > session.plan().steps().size()) {
                return FixRun.stopped("RF-FIX-121", "the plan has no step " + number);
            }
        }
        List<String> views = new ArrayList<>();
        for (Step step : chosen(options)) {
            StepTrace trace = session.trace(step);
            boolean inDoubt = trace.doneAt().isEmpty();
            if (session.hand(step).standing(trace.kept(), trace.left()) instanceof Hand.Standing.Changed(String view)
                    && !inDoubt) {
                views.add("step " + step.number() + ", " + step.title() + ": " + view);
            }
        }
        if (!views.isEmpty()) {
            return new FixResult.Stopped(
                    new Refusal(
                            "RF-FIX-110",
                            "what was applied has been changed since, so nothing was taken back;"
                                    + " name the steps to take back without these"),
                    views);
        }
        List<Guests.Running> guests = Guests.now(session.at());
        session.begin(FixRun.ROLLBACK, options, guests);
        return go(options, guests);
    }

    /** Every step that may have left something, the last first. */
    private List<Step> chosen(FixOptions options) {
        return session.plan().steps().reversed().stream()
                .filter(step -> options.steps().isEmpty() || options.steps().contains(step.number()))
                .filter(step -> session.trace(step).touched())
                .toList();
    }

    /** Takes back; after a kill, what is left to be taken back. */
    FixResult go(FixOptions options, List<Guests.Running> guests) throws IOException {
        List<FixResult.StepResult> results = new ArrayList<>();
        List<Step> back = new ArrayList<>();
        List<Step> chosen = chosen(options);
        for (Step step : chosen) {
            if (session.takeBack(step, "")) {
                back.add(step);
            }
        }
        Optional<Refusal> refused = session.restart(alsoEarlier(options), options.restart(), guests);
        for (Step step : session.plan().steps()) {
            StepTrace trace = session.trace(step);
            if (!chosen.contains(step)) {
                continue;
            }
            results.add(
                    back.contains(step)
                            ? new FixResult.StepResult(
                                    step.number(),
                                    refused.isPresent() && !step.restarts().isEmpty()
                                            ? FixResult.Outcome.FAILED
                                            : FixResult.Outcome.ROLLED_BACK,
                                    refused.isPresent() && !step.restarts().isEmpty()
                                            ? refused.get().toString()
                                            : hint(step, options),
                                    false)
                            : new FixResult.StepResult(step.number(), FixResult.Outcome.FAILED, trace.reason(), false));
        }
        session.note(FixRecord.Act.END, "end", "", Map.of());
        return new FixResult.Ended(results);
    }

    /** After a kill also those that the killed call had taken back, because nobody restarted anything since. */
    private List<Step> alsoEarlier(FixOptions options) {
        return session.plan().steps().stream()
                .filter(step -> options.steps().isEmpty() || options.steps().contains(step.number()))
                .filter(step -> session.trace(step).stage() == StepTrace.Stage.ROLLED_BACK
                        && session.trace(step).thisRun())
                .toList();
    }

    private static String hint(Step step, FixOptions options) {
        if (step.restarts().isEmpty() || !(options.restart() instanceof FixOptions.Restart.None)) {
            return step.undo().kind() == Step.Undo.Kind.WITH_RESTART
                    ? step.undo().text()
                    : "";
        }
        return "in effect after: "
                + String.join(
                        ", ",
                        step.restarts().stream()
                                .map(r -> Daemons.command(r).toString())
                                .toList());
    }
}
