package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.linux.fix.Actor;
import dev.ringfence.linux.fix.FixResult;
import dev.ringfence.linux.fix.FixStore;
import dev.ringfence.linux.fix.PlanFolder;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on where a call was killed. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Go on with an apply or a rollback that was killed, with the options that it was given.",
            "A command that was running then runs once more."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every step is verified, pending or rolled back as asked",
            "1:a step failed or was rolled back",
            "2:wrong usage",
            "3:could not run, or nothing was interrupted"
        },
        footer = {
            "",
            "Examples:",
            "  ringfence fix list                    says what was interrupted",
            "  ringfence fix resume 3f09a1c25d7e     the start of the id is enough"
        })
final class FixResumeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "PLAN-ID", description = "As 'ringfence fix list' shows it; its start is enough.")
    private String id = "";

    @Option(names = "--yes", description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    @Mixin
    private StoreOptions options = new StoreOptions();

    FixResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Actor who = Actor.current(System.getenv());
        FixStore store = options.store(who);
        try (FixStore.Held held = StoreOptions.value(store.lock())) {
            PlanFolder folder = StoreOptions.value(store.find(id));
            FixPlan plan = StoreOptions.plan(folder);
            StoreOptions.requireRights(plan, who);
            StoreOptions.confirm(yes, "Go on with plan " + plan.id() + "?", terminal);
            boolean torn = folder.journal().torn();
            FixResult result;
            try (Progress progress = new Progress(terminal)) {
                result = options.recorded(
                        plan,
                        terminal,
                        besides -> options.run(plan, folder, who, besides, progress)
                                .resume());
            }
            return new FixTable(terminal, options.format()).write("resume", plan, result, torn);
        }
    }
}
