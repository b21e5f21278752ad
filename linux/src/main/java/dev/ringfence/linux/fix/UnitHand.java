package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enables, disables or masks a unit of systemd. Without systemd it only says what to do. */
final class UnitHand implements Hand {
    private final Workplace at;
    private final Action.ChangeUnit change;

    UnitHand(Workplace at, Action.ChangeUnit change) {
        this.at = at;
        this.change = change;
    }

    private List<Argv> commands() {
        boolean masked = change.before() == Action.ChangeUnit.UnitState.MASKED;
        return switch (change.verb()) {
            case ENABLE ->
                masked
                        ? List.of(systemctl("unmask"), systemctl("enable", "--now"))
                        : List.of(systemctl("enable", "--now"));
            case DISABLE -> List.of(systemctl("disable", "--now"));
            case MASK -> List.of(systemctl("mask", "--now"));
        };
    }

    private Argv systemctl(String... words) {
        List<String> line = new ArrayList<>(List.of("systemctl"));
        line.addAll(List.of(words));
        line.add(change.unit());
        return new Argv(line);
    }

    @Override
    public Optional<String> later() {
        String there = commands().stream()
                .map(Argv::toString)
                .reduce((a, b) -> a + " && " + b)
                .orElse("");
        if (!at.running()) {
            return Optional.of("not the running host; there: " + there);
        }
        return Daemons.systemdRuns(at)
                ? Optional.empty()
                : Optional.of("systemd does not run here; where it does: " + there);
    }

    @Override
    public String before() {
        return change.unit() + " " + change.before();
    }

    @Override
    public String after() {
        return change.unit() + " " + change.verb();
    }

    private Action.ChangeUnit.UnitState state() {
        String word = at.commands()
                .run(systemctl("is-enabled"), Commands.LIMIT)
                .output()
                .strip();
        if (word.startsWith("masked")) {
            return Action.ChangeUnit.UnitState.MASKED;
        }
        return word.startsWith("enabled") || word.equals("alias")
                ? Action.ChangeUnit.UnitState.ENABLED
                : Action.ChangeUnit.UnitState.DISABLED;
    }

    private boolean active() {
        return at.commands()
                .run(systemctl("is-active", "--quiet"), Commands.LIMIT)
                .well();
    }

    private Action.ChangeUnit.UnitState wanted() {
        return switch (change.verb()) {
            case ENABLE -> Action.ChangeUnit.UnitState.ENABLED;
            case DISABLE -> Action.ChangeUnit.UnitState.DISABLED;
            case MASK -> Action.ChangeUnit.UnitState.MASKED;
        };
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) {
        if (later().isPresent()) {
            return new Standing.Untold();
        }
        Action.ChangeUnit.UnitState now = state();
        if (now == wanted()) {
            return new Standing.After();
        }
        return now == change.before()
                ? new Standing.Before()
                : new Standing.Changed(change.unit() + "\n  before, by the plan: " + change.before()
                        + "\n  now:                 " + now + "\n  after, by the plan:  " + wanted() + "\n");
    }

    @Override
    public Json.Members prepare() {
        return JsonLine.texts("active", String.valueOf(active()));
    }

    @Override
    public Outcome apply(Json.Members kept) {
        return run(commands()).<Outcome>map(Outcome.Refused::new).orElse(new Outcome.Made(NOTHING));
    }

    private Optional<Refusal> run(List<Argv> commands) {
        for (Argv command : commands) {
            Commands.Ended ended = at.commands().run(command, Commands.LIMIT);
            if (!ended.well()) {
                return Optional.of(new Refusal("RF-FIX-115", "'" + command + "' failed: " + ended.lastWords()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) {
        if (later().isPresent()) {
            return Optional.of(new Refusal("RF-FIX-119", String.valueOf(later().get())));
        }
        if (standing(kept, left) instanceof Standing.Changed(String view)) {
            return Optional.of(new Refusal("RF-FIX-110", "changed by somebody else since:\n" + view));
        }
        List<Argv> back = new ArrayList<>();
        if (state() == Action.ChangeUnit.UnitState.MASKED && change.before() != Action.ChangeUnit.UnitState.MASKED) {
            back.add(systemctl("unmask"));
        }
        switch (change.before()) {
            case ENABLED -> back.add(systemctl("enable"));
            case DISABLED -> back.add(systemctl("disable"));
            case MASKED -> back.add(systemctl("mask"));
        }
        boolean wasActive = kept.textOf("active").equals("true");
        if (wasActive != active()) {
            back.add(systemctl(wasActive ? "start" : "stop"));
        }
        return run(back);
    }
}
