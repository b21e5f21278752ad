package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.util.Optional;

/** Runs a program. Nothing shows whether it ran, so after a kill it runs again. */
final class CommandHand implements Hand {
    private final Workplace at;
    private final Action.RunCommand run;

    CommandHand(Workplace at, Action.RunCommand run) {
        this.at = at;
        this.run = run;
    }

    @Override
    public Optional<String> later() {
        return at.running() ? Optional.empty() : Optional.of("not the running host; there: " + run.argv());
    }

    @Override
    public String before() {
        return "";
    }

    @Override
    public String after() {
        return run.argv().toString();
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) {
        return new Standing.Untold();
    }

    @Override
    public Json.Members prepare() {
        return NOTHING;
    }

    @Override
    public Outcome apply(Json.Members kept) {
        return ran(run.argv())
                .<Outcome>map(Outcome.Refused::new)
                .orElseGet(() -> new Outcome.Made(JsonLine.texts("ran", "true")));
    }

    private Optional<Refusal> ran(Argv argv) {
        Commands.Ended ended = at.commands().run(argv, Commands.LIMIT);
        return ended.well()
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "RF-FIX-115", "'" + argv + "' ended with status " + ended.status() + ": " + ended.lastWords()));
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) {
        return run.undo().isPresent()
                ? ran(run.undo().get())
                : Optional.of(new Refusal("RF-FIX-119", "nothing takes back '" + run.argv() + "'"));
    }
}
