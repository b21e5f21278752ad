package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.linux.fix.Actor;
import dev.ringfence.linux.fix.FixOptions;
import dev.ringfence.linux.fix.FixResult;
import dev.ringfence.linux.fix.FixStore;
import dev.ringfence.linux.fix.PlanFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a plan back. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Take back what a plan has changed, the last step first: the same bytes, owners, modes and labels as before.",
            "Where somebody has changed a thing since, nothing is taken back, and the difference is shown."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:taken back",
            "1:a step could not be taken back",
            "2:wrong usage",
            "3:nothing was taken back: somebody has changed it since, or it cannot be done here"
        },
        footer = {
            "",
            "Examples:",
            "  ringfence fix rollback 3f09a1c25d7e           all of it",
            "  ringfence fix rollback 3f09a1c25d7e 2 5       two steps",
            "  ringfence fix rollback 3f09a1c25d7e --yes --restart-daemons"
        })
final class FixRollbackCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "PLAN-ID",
            description = "As 'ringfence fix list' shows it; its start is enough.")
    private String id = "";

    @Parameters(index = "1..*", paramLabel = "STEP", arity = "0..*", description = "Only these steps.")
    private List<Integer> steps = new ArrayList<>();

    @Option(names = "--yes", description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    @Mixin
    private StoreOptions.Restarts restarts = new StoreOptions.Restarts();

    @Mixin
    private StoreOptions options = new StoreOptions();

    FixRollbackCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Actor who = Actor.current(System.getenv());
        FixStore store = options.store(who);
        FixOptions chosen = new FixOptions(EnumSet.allOf(Fix.Reach.class), new TreeSet<>(steps), false, restarts.way());
        try (FixStore.Held held = StoreOptions.value(store.lock())) {
            PlanFolder folder = StoreOptions.value(store.find(id));
            FixPlan plan = StoreOptions.plan(folder);
            StoreOptions.requireRights(plan, who);
            StoreOptions.confirm(
                    yes,
                    "Take back " + (steps.isEmpty() ? "plan " : "steps " + steps + " of plan ") + plan.id() + "?",
                    terminal);
            boolean torn = folder.journal().torn();
            FixResult result;
            try (Progress progress = new Progress(terminal)) {
                result = options.recorded(
                        plan,
                        terminal,
                        besides -> options.run(plan, folder, who, besides, progress)
                                .rollback(chosen));
            }
            return new FixTable(terminal, options.format()).write("rollback", plan, result, torn);
        }
    }
}
