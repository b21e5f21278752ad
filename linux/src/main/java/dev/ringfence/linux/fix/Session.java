package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the parts of one call share: the plan, its journal, and how one step is made or taken back with every act noted. */
final class Session {
    private final Workplace at;
    private final FixPlan plan;
    private final PlanFolder folder;
    private final Actor who;
    private final InstantSource clock;
    private final Accounts accounts;
    private final FixRecord.Sink besides;
    private final BiConsumer<Step, String> listener;

    Session(
            Workplace at,
            FixPlan plan,
            PlanFolder folder,
            Actor who,
            InstantSource clock,
            FixRecord.Sink besides,
            BiConsumer<Step, String> listener)
            throws IOException {
        this.at = at;
        this.plan = plan;
        this.folder = folder;
        this.who = who;
        this.clock = clock;
        this.accounts = Accounts.of(at.storage(), at.root());
        this.besides = besides;
        this.listener = listener;
    }

    Workplace at() {
        return at;
    }

    FixPlan plan() {
        return plan;
    }

    List<FixRecord> records() {
        return folder.journal().records();
    }

    StepTrace trace(Step step) {
        return StepTrace.all(records()).getOrDefault(step.number(), StepTrace.NONE);
    }

    Hand hand(Step step) {
        return at.hand(step, folder, accounts);
    }

    void note(FixRecord.Act act, String what, String after, Map<String, Json> data) throws IOException {
        keep(new FixRecord(clock.instant(), who, plan.id(), 0, act, what, "", after, new Json.Members(data)));
    }

    void note(Step step, FixRecord.Act act, String before, String after, Json.Members data) throws IOException {
        keep(new FixRecord(clock.instant(), who, plan.id(), step.number(), act, step.title(), before, after, data));
    }

    private void keep(FixRecord record) throws IOException {
        folder.journal().add(record);
        besides.add(record);
    }

    void begin(String command, FixOptions options, List<Guests.Running> guests) throws IOException {
        Map<String, Json> data = new LinkedHashMap<>(options.json());
        data.put(
                "guests",
                new Json.Elements(guests.stream().map(Guests.Running::json).toList()));
        note(FixRecord.Act.BEGIN, command, "", data);
    }

    /** Makes a step's change, or completes it; when it fails, takes it back. Empty when it is made. */
    Optional<String> make(Step step) throws IOException {
        listener.accept(step, "applying");
        Hand hand = hand(step);
        StepTrace trace = trace(step);
        Json.Members kept = trace.kept();
        if (trace.stage() != StepTrace.Stage.BEGUN) {
            kept = hand.prepare();
            note(step, FixRecord.Act.INTENT, hand.before(), hand.after(), kept);
        }
        Hand.Outcome outcome;
        try {
            outcome = hand.apply(kept);
        } catch (IOException e) {
            outcome = Hand.Outcome.refused("RF-FIX-123", "the host refuses: " + e.getMessage());
        }
        return switch (outcome) {
            case Hand.Outcome.Made(Json.Members left) -> {
                note(step, FixRecord.Act.DONE, hand.before(), hand.after(), left);
                yield Optional.empty();
            }
            case Hand.Outcome.Refused(Refusal refusal) -> {
                takeBack(step, refusal.toString());
                yield Optional.of(refusal.toString());
            }
        };
    }

    /** Takes a step back, for a reason. Whether it is back. */
    boolean takeBack(Step step, String reason) throws IOException {
        listener.accept(step, "rolling back");
        Hand hand = hand(step);
        StepTrace trace = trace(step);
        note(step, FixRecord.Act.UNDO, hand.after(), reason, Hand.NOTHING);
        Optional<Refusal> refused;
        try {
            refused = hand.undo(trace.kept(), trace.left());
        } catch (IOException e) {
            refused = Optional.of(new Refusal("RF-FIX-123", "the host refuses: " + e.getMessage()));
        }
        if (refused.isEmpty()) {
            note(step, FixRecord.Act.ROLLED_BACK, hand.after(), reason, Hand.NOTHING);
            return true;
        }
        String both = refused.get() + (reason.isEmpty() ? "" : " (after: " + reason + ")");
        note(step, FixRecord.Act.FAILED, hand.after(), both, Hand.NOTHING);
        return false;
    }

    /** Restarts what steps need, and sees that no guest is lost. Empty when all is well or nothing was asked for. */
    Optional<Refusal> restart(List<Step> steps, FixOptions.Restart way, List<Guests.Running> before)
            throws IOException {
        List<Step.UnitRestart> restarts = Daemons.merged(steps);
        if (restarts.isEmpty() || way instanceof FixOptions.Restart.None || !at.running()) {
            return Optional.empty();
        }
        List<Json> units = new ArrayList<>();
        restarts.forEach(r -> units.add(new Json.Characters(r.unit())));
        Map<String, Json> data = Map.of("units", new Json.Elements(units));
        steps.forEach(step -> listener.accept(step, "restarting"));
        note(FixRecord.Act.RESTART, "restart", "", data);
        List<String> uuids = before.stream().map(Guests.Running::uuid).toList();
        Optional<Refusal> refused = Daemons.restart(at, restarts, way, java.util.Set.copyOf(uuids));
        List<Guests.Running> lost = Guests.lost(before);
        if (!lost.isEmpty()) {
            refused = Optional.of(new Refusal("RF-FIX-117", "guests ended during the restart: " + lost));
        }
        if (refused.isEmpty()) {
            note(FixRecord.Act.RESTARTED, "restart", "", data);
        }
        return refused;
    }
}
