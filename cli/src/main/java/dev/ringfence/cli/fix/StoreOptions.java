package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.audit.ControlOptions;
import dev.ringfence.cli.ledger.OpenLedger;
import dev.ringfence.core.audit.Auditor;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import dev.ringfence.linux.fix.Actor;
import dev.ringfence.linux.fix.DiskStorage;
import dev.ringfence.linux.fix.FixOptions;
import dev.ringfence.linux.fix.FixRecord;
import dev.ringfence.linux.fix.FixRun;
import dev.ringfence.linux.fix.FixStore;
import dev.ringfence.linux.fix.PlanFolder;
import dev.ringfence.linux.fix.Workplace;
import dev.ringfence.wire.fix.PlanJson;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.ByteArrayInputStream;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What apply, resume, rollback and list share: the store, the way of restarting, and how a plan is run. */
final class StoreOptions {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where applied plans are kept, /var/lib/ringfence/fix by default. For root alone.")
    private Path state = FixStore.DEFAULT;

    @Option(
            names = "--format",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "How the result is printed: table (the default) or json.")
    private FixTable.Format format = FixTable.Format.TABLE;

    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            description = "Also write every step into this ledger, before it is taken; without it nothing is changed.")
    private @Nullable Path ledger;

    @Mixin
    private ControlOptions controls = new ControlOptions();

    FixTable.Format format() {
        return format;
    }

    /** The store; its refusal ends the command. */
    FixStore store(Actor who) throws CommandFailure, IOException {
        Path directory = state.toAbsolutePath().normalize();
        return value(FixStore.open(new DiskStorage(), directory, Workplace.trusted(who.uid())));
    }

    static <T> T value(Decoded<T> decoded) throws CommandFailure {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Refused<T>(Refusal refusal) -> throw CommandFailure.couldNotRun(refusal.toString());
        };
    }

    /** The plan that a folder keeps. */
    static FixPlan plan(PlanFolder folder) throws CommandFailure, IOException {
        String name = folder.directory().resolve("plan.json").toString();
        try {
            FixPlan plan = PlanJson.read(new ByteArrayInputStream(folder.planText()), name);
            if (folder.journal().records().isEmpty()
                    || folder.journal().records().getFirst().plan().equals(plan.id())) {
                return plan;
            }
            throw CommandFailure.couldNotRun("RF-FIX-105 " + name + " is not the plan that the journal is about");
        } catch (MalformedDocumentException e) {
            throw CommandFailure.couldNotRun("RF-FIX-105 the kept plan is damaged: " + e.getMessage());
        }
    }

    /** Refuses to change this machine without its rights, or with another machine's plan. */
    static void requireRights(FixPlan plan, Actor who) throws CommandFailure, IOException {
        if (!plan.target().root().equals("/")) {
            return;
        }
        if (who.uid() != 0) {
            throw CommandFailure.couldNotRun("RF-FIX-120 run this as root: it changes the host");
        }
        String here = firstLine("/etc/machine-id");
        String planned = plan.target().machineId();
        boolean other = here.isEmpty() || planned.isEmpty()
                ? !plan.target().host().equals(firstLine("/proc/sys/kernel/hostname"))
                : !here.equals(planned);
        if (other) {
            throw CommandFailure.couldNotRun("RF-FIX-111 the plan was made on another machine, "
                    + plan.target().host() + "; plan here anew");
        }
    }

    private static String firstLine(String file) throws IOException {
        Path path = Path.of(file);
        return Files.isRegularFile(path)
                ? Files.readString(path).lines().findFirst().orElse("").strip()
                : "";
    }

    /** What is done with the ledger open, if there is one. */
    interface Recorded<T> {
        T call(FixRecord.Sink besides) throws CommandFailure, IOException;
    }

    /** Opens the ledger that the options name, for as long as the work takes. */
    <T> T recorded(FixPlan plan, Terminal terminal, Recorded<T> work) throws CommandFailure, IOException {
        if (ledger == null) {
            return work.call(FixRecord.Sink.NONE);
        }
        try (OpenLedger open = OpenLedger.open(ledger, terminal)) {
            return work.call(new LedgerRecords(open, plan.target().host()));
        }
    }

    /** Everything that a call needs to change or check a host by a plan. */
    FixRun run(FixPlan plan, PlanFolder folder, Actor who, FixRecord.Sink besides, Progress progress)
            throws CommandFailure, IOException {
        ControlPack pack = controls.pack();
        Profile profile = profile(plan, pack);
        return new FixRun(
                Workplace.of(plan, who),
                plan,
                folder,
                who,
                InstantSource.system(),
                ids -> judged(plan, pack, profile, ids, progress),
                besides,
                (step, what) -> progress.step(
                        "step " + step.number() + " of " + plan.steps().size() + ", " + what));
    }

    /** The plan's own profile where it is one that ships, else what {@code --profile} says. */
    private Profile profile(FixPlan plan, ControlPack pack) throws CommandFailure, IOException {
        for (Profile.Level level : Profile.Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(plan.profile())) {
                return new Profile(plan.profile(), level, List.of(), Map.of(), Map.of(), Map.of());
            }
        }
        return controls.profile(pack);
    }

    private static Map<String, FixRun.Judged> judged(
            FixPlan plan, ControlPack pack, Profile profile, Iterable<String> ids, Progress progress)
            throws IOException {
        progress.step("reading the host again");
        boolean running = plan.target().root().equals("/");
        Instant now = Instant.now();
        HostFacts facts = HostObservation.observe(
                running
                        ? HostFiles.live()
                        : HostFiles.tree(Path.of(plan.target().root())),
                running ? "live" : "tree",
                now);
        Auditor auditor = new Auditor(pack);
        Map<String, FixRun.Judged> out = new TreeMap<>();
        for (String id : ids) {
            if (pack.find(id).isPresent()) {
                ControlResult result = auditor.judge(id, facts, profile, now);
                out.put(id, new FixRun.Judged(result.verdict(), result.evidence()));
            }
        }
        return out;
    }

    /** How daemons are restarted. */
    static final class Restarts {
        @Option(
                names = "--restart-daemons",
                description =
                        "Restart or reload the daemons that need it, through systemd. Guests go on running; one that"
                                + " does not is a failure that rolls back.")
        private boolean systemd;

        @Option(
                names = "--restart-command",
                paramLabel = "COMMAND",
                description = "Where systemd does not run: the program that restarts the daemons, with its arguments"
                        + " between spaces. No shell sees it.")
        private @Nullable String command;

        FixOptions.Restart way() throws CommandFailure {
            if (command != null) {
                if (systemd) {
                    throw CommandFailure.usage("--restart-daemons and --restart-command do the same; give one");
                }
                try {
                    return new FixOptions.Restart.ByCommand(
                            new Argv(List.of(command.strip().split("\\s+"))));
                } catch (IllegalArgumentException e) {
                    throw CommandFailure.usage("--restart-command: " + e.getMessage());
                }
            }
            if (systemd && !Files.isDirectory(Path.of("/run/systemd/system"))) {
                throw CommandFailure.couldNotRun("systemd does not run here; say how daemons are restarted with"
                        + " --restart-command, or leave it out and restart them yourself");
            }
            return systemd ? new FixOptions.Restart.Systemd() : new FixOptions.Restart.None();
        }
    }

    /** Asks on a terminal; elsewhere only {@code --yes} will do. */
    // JDK 25 gives null again where there is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    static void confirm(boolean yes, String question, Terminal terminal) throws CommandFailure {
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw CommandFailure.usage("say --yes: nobody can be asked, because this is no terminal");
        }
        terminal.out().flush();
        String answer = console.readLine("%s [y/N] ", question);
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw CommandFailure.couldNotRun("nothing was changed");
        }
    }

    /** The exit status of a call that went through its steps. */
    static int status(boolean well) {
        return well ? ExitStatus.CLEAN : ExitStatus.FINDINGS;
    }
}
