package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.RingfenceMain;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.audit.ControlOptions;
import dev.ringfence.cli.controls.ControlsCommand;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Auditor;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.PlanRequest;
import dev.ringfence.core.fix.Planner;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import dev.ringfence.linux.fix.HostState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plans fixes. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say exactly what would be changed, whom it disturbs, what it costs and how it is undone.",
            "Changes nothing. Run as root to see everything."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:planned, or nothing to do", "2:wrong usage", "3:could not run, or nothing could be judged"})
final class FixPlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Plan for these controls instead of every finding.")
    private List<String> ids = new ArrayList<>();

    @Option(
            names = "--severity",
            paramLabel = "SEVERITY",
            defaultValue = "low",
            description = "Only findings of at least this severity: low, medium, high, critical.")
    private Severity severity = Severity.LOW;

    @Option(
            names = "--reach",
            paramLabel = "REACH",
            split = ",",
            description = "Only fixes that reach so far: live, daemon, guest, reboot, build. Several with commas.")
    private List<Fix.Reach> reaches = new ArrayList<>();

    @Option(names = "--root", paramLabel = "DIR", description = "Plan for the host whose files are here.")
    private @Nullable Path root;

    @Option(names = "--facts", hidden = true)
    private @Nullable Path facts;

    @Option(names = "--ssh", hidden = true)
    private @Nullable String ssh;

    @Mixin
    private ControlOptions controls = new ControlOptions();

    @Mixin
    private PlanOutput output = new PlanOutput();

    FixPlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (facts != null || ssh != null) {
            throw CommandFailure.usage("a plan needs the files of the host, which facts do not hold: run"
                    + " 'ringfence fix plan' on the host, or give its file tree with --root");
        }
        if (root != null && !Files.isDirectory(root)) {
            throw CommandFailure.couldNotRun(root + ": no such directory");
        }
        ControlPack pack = controls.pack();
        Profile profile = controls.profile(pack);
        List<Waiver> waivers = controls.waivers(pack);
        Set<String> named = new TreeSet<>();
        for (String id : ids) {
            ControlsCommand.require(pack, id);
            named.add(id.toUpperCase(Locale.ROOT));
        }
        FixPlan plan;
        AuditReport report;
        try (Progress progress = new Progress(terminal)) {
            progress.step("reading " + (root == null ? "this host" : root));
            HostFiles files = root == null ? HostFiles.live() : HostFiles.tree(root);
            Instant now = Instant.now();
            HostFacts observed = HostObservation.observe(files, root == null ? "live" : "tree", now);
            progress.step("judging");
            report = new Auditor(pack).audit(observed, with(profile, named), waivers, now);
            if (!report.judgedAnything()) {
                throw CommandFailure.couldNotRun("nothing could be judged on " + report.host()
                        + ": no control applied to what was observed; run as root, or check what was given");
            }
            progress.step("planning");
            plan = new Planner(new HostState(files))
                    .plan(new PlanRequest(
                            observed,
                            report,
                            new PlanRequest.Selection(named, severity, reaches()),
                            RingfenceMain.version()));
            if (root == null && observed.observer().uid() > 0) {
                terminal.err().println("ringfence: not run as root, so what only root may read is not planned");
            }
        }
        notFailing(report, named);
        output.write(plan, terminal);
        return ExitStatus.CLEAN;
    }

    private Set<Fix.Reach> reaches() {
        return reaches.isEmpty() ? EnumSet.allOf(Fix.Reach.class) : EnumSet.copyOf(reaches);
    }

    /** Who asks for a control by name is told why it is not in the plan. */
    private void notFailing(AuditReport report, Set<String> named) {
        report.results().stream()
                .filter(r -> named.contains(r.control().id()) && r.verdict() != Verdict.FAIL)
                .forEach(r -> terminal.err()
                        .println("ringfence: " + r.control().id() + " is not planned: "
                                + r.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", "
                                + r.evidence()));
    }

    /** A control that is asked for by name is judged even where the profile leaves it out. */
    private static Profile with(Profile profile, Set<String> named) {
        if (named.isEmpty()) {
            return profile;
        }
        List<String> add = new ArrayList<>(profile.add());
        add.addAll(named);
        return new Profile(profile.name(), profile.level(), add, Map.of(), profile.severities(), profile.parameters());
    }
}
