package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.linux.fix.Actor;
import dev.ringfence.linux.fix.FixRecord;
import dev.ringfence.linux.fix.FixResult;
import dev.ringfence.linux.fix.FixRun;
import dev.ringfence.linux.fix.FixStore;
import dev.ringfence.linux.fix.PlanFolder;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists applied plans and what they wait for. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List the plans that were applied on this host, what is still pending, and what was interrupted.",
            "Pending steps are judged again: one whose daemon, guest or host has restarted becomes verified."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:listed", "1:a plan's record is damaged", "2:wrong usage", "3:could not run"},
        footer = {"", "Examples:", "  ringfence fix list", "  ringfence fix list --format json"})
final class FixListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private StoreOptions options = new StoreOptions();

    FixListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private record Listed(FixPlan plan, FixResult.Ended states, boolean interrupted) {}

    @Override
    public Integer call() throws CommandFailure, IOException {
        Actor who = Actor.current(System.getenv());
        FixStore store = options.store(who);
        List<Listed> plans = new ArrayList<>();
        boolean damaged = false;
        try (FixStore.Held held = StoreOptions.value(store.lock());
                Progress progress = new Progress(terminal)) {
            for (String name : store.names()) {
                switch (store.find(name)) {
                    case Decoded.Value<PlanFolder>(PlanFolder folder) -> {
                        FixPlan plan = StoreOptions.plan(folder);
                        FixRun run = options.run(plan, folder, who, FixRecord.Sink.NONE, progress);
                        FixResult.Ended states = run.interrupted() ? run.states() : run.recheck();
                        plans.add(new Listed(plan, states, run.interrupted()));
                    }
                    case Decoded.Refused<PlanFolder>(Refusal refusal) -> {
                        damaged = true;
                        terminal.err().println("ringfence: " + refusal);
                    }
                }
            }
        }
        if (options.format() == FixTable.Format.JSON) {
            json(plans);
        } else {
            table(plans, store);
        }
        return damaged ? ExitStatus.FINDINGS : ExitStatus.CLEAN;
    }

    private void table(List<Listed> plans, FixStore store) {
        if (plans.isEmpty()) {
            terminal.out().println("No plan was applied here (" + store.directory() + ").");
        }
        boolean first = true;
        for (Listed listed : plans) {
            if (!first) {
                terminal.out().println();
            }
            first = false;
            terminal.out()
                    .println(terminal.style(
                                    Terminal.Style.STRONG, listed.plan().id().toString()) + "  "
                            + listed.plan().target().host() + ", planned "
                            + listed.plan()
                                    .createdAt()
                                    .toString()
                                    .substring(0, 16)
                                    .replace('T', ' ') + " UTC");
            if (listed.interrupted()) {
                terminal.out()
                        .println(Wrap.hanging(
                                "  interrupted: 'ringfence fix resume "
                                        + listed.plan().id() + "' goes on, 'ringfence fix rollback "
                                        + listed.plan().id() + "' takes it back",
                                2,
                                terminal.columns()));
            }
            new FixTable(terminal, FixTable.Format.TABLE)
                    .steps(listed.plan(), listed.states().steps());
        }
    }

    private void json(List<Listed> plans) throws IOException {
        JsonDocument.write(terminal.out(), JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("plans");
            for (Listed listed : plans) {
                json.writeStartObject();
                FixTable.json(json, listed.plan(), listed.states());
                json.writeBooleanProperty("interrupted", listed.interrupted());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
