package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.linux.fix.Actor;
import dev.ringfence.linux.fix.FixOptions;
import dev.ringfence.linux.fix.FixRecord;
import dev.ringfence.linux.fix.FixResult;
import dev.ringfence.linux.fix.FixStore;
import dev.ringfence.linux.fix.PlanFolder;
import dev.ringfence.wire.fix.PlanJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies a plan. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Apply a plan: everything it relies on is looked at again before the first write, each step is kept so that it"
                    + " can be taken back, and its controls are judged again afterwards.",
            "Guests are never restarted. Daemons only when asked."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every step is verified, or waits for a restart that is listed",
            "1:a step failed or was rolled back",
            "2:wrong usage, or not a plan",
            "3:nothing was written: the host has changed since the plan, or it cannot be done here"
        },
        footer = {
            "",
            "Examples:",
            "  ringfence fix plan --out plan.json              first",
            "  ringfence fix apply plan.json                   asks, then applies",
            "  ringfence fix apply plan.json --reach live      only what disturbs nothing",
            "  ringfence fix apply plan.json --yes --restart-daemons --all-or-nothing"
        })
final class FixApplyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "PLAN.json", description = "What 'ringfence fix plan --out' wrote.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--reach",
            paramLabel = "REACH",
            split = ",",
            description =
                    "Only steps of this reach: live, daemon, guest, reboot, build. Several with commas; all but build"
                            + " (packages) by default.")
    private List<Fix.Reach> reaches = new ArrayList<>();

    @Option(names = "--all-or-nothing", description = "When a step fails, take the others back too.")
    private boolean allOrNothing;

    @Option(names = "--yes", description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    @Mixin
    private StoreOptions.Restarts restarts = new StoreOptions.Restarts();

    @Mixin
    private StoreOptions options = new StoreOptions();

    FixApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        FixPlan plan = FixShowCommand.read(file);
        Actor who = Actor.current(System.getenv());
        StoreOptions.requireRights(plan, who);
        FixOptions chosen = new FixOptions(reaches(), Set.of(), allOrNothing, restarts.way());
        long count = plan.steps().stream()
                .filter(step -> chosen.reaches().contains(step.reach()))
                .count();
        if (count == 0) {
            terminal.out().println("Plan " + plan.id() + " has no step to apply.");
            return StoreOptions.status(true);
        }
        FixStore store = options.store(who);
        FixTable table = new FixTable(terminal, options.format());
        StoreOptions.confirm(
                yes,
                "Apply " + count + " of " + plan.steps().size() + " steps to "
                        + plan.target().host() + "?",
                terminal);
        try (FixStore.Held held = StoreOptions.value(store.lock())) {
            PlanFolder folder = StoreOptions.value(store.folder(plan, text(plan), taken(plan, who)));
            boolean torn = folder.journal().torn();
            FixResult result;
            try (Progress progress = new Progress(terminal)) {
                result = options.recorded(
                        plan,
                        terminal,
                        besides -> options.run(plan, folder, who, besides, progress)
                                .apply(chosen));
            }
            int status = table.write("apply", plan, result, torn);
            if (options.format() == FixTable.Format.TABLE && result instanceof FixResult.Ended) {
                terminal.out()
                        .println(Wrap.hanging(
                                "'ringfence fix rollback " + plan.id() + "' takes it back. What was there is kept in "
                                        + folder.directory() + ".",
                                0,
                                terminal.columns()));
            }
            return status;
        }
    }

    private Set<Fix.Reach> reaches() {
        return reaches.isEmpty() ? EnumSet.complementOf(EnumSet.of(Fix.Reach.BUILD)) : EnumSet.copyOf(reaches);
    }

    private static byte[] text(FixPlan plan) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlanJson.write(plan, out);
        return out.toByteArray();
    }

    private static FixRecord taken(FixPlan plan, Actor who) {
        return new FixRecord(
                Instant.now(),
                who,
                plan.id(),
                0,
                FixRecord.Act.PLAN,
                "plan of " + plan.createdAt() + " for " + plan.target().host(),
                "",
                plan.steps().size() + " steps",
                new dev.ringfence.formats.json.Json.Members(Map.of()));
    }
}
