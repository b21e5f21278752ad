package dev.ringfence.cli.audit;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.controls.ControlsCommand;
import dev.ringfence.cli.report.ControlExplanation;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Auditor;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.core.host.HostFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges a host. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say what is hardened on a hypervisor, what is not, what could not be seen, and what to change.",
            "Changes nothing. Run as root to see everything."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:nothing at or above --fail-on",
            "1:findings",
            "2:wrong usage, or a wrong profile, waiver or control file",
            "3:could not run, or nothing could be judged"
        },
        footer = {
            "",
            "Examples:",
            "  ringfence audit                              this host",
            "  ringfence audit MAC-001                      one control in full",
            "  ringfence audit --ssh root@hv7               another host, without installing anything there",
            "  ringfence audit --root /mnt/host             a mounted or captured tree",
            "  ringfence audit --domain web.xml             a guest's definition, without a host",
            "  ringfence audit --nova /etc/nova             Nova's configuration, without a host",
            "  ringfence audit --out report.html --out audit.sarif",
            "  ringfence audit --waivers waivers.yaml --fail-on critical"
        })
public final class AuditCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Explain these controls instead of listing all.")
    private List<String> ids = new ArrayList<>();

    @Mixin
    private FactsOptions facts = new FactsOptions();

    @Option(names = "--domain", paramLabel = "FILE", description = "Judge a libvirt domain XML file. Repeatable.")
    private List<Path> domains = new ArrayList<>();

    @Option(names = "--nova", paramLabel = "DIR", description = "Judge a directory like /etc/nova.")
    private @Nullable Path nova;

    @Mixin
    private ControlOptions controls = new ControlOptions();

    @Mixin
    private ReportOptions report = new ReportOptions();

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "high",
            description = "Exit with 1 from this severity on: low, medium, high (the default), critical.")
    private Severity failOn = Severity.HIGH;

    /** Reports on the given terminal. */
    public AuditCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        report.check();
        boolean files = !domains.isEmpty() || nova != null;
        if (files && facts.given()) {
            throw CommandFailure.usage(
                    "--domain and --nova judge single files; give them without --root, --ssh or --facts");
        }
        ControlPack pack = controls.pack();
        Profile profile = controls.profile(pack);
        List<Waiver> waivers = controls.waivers(pack);
        for (String id : ids) {
            ControlsCommand.require(pack, id);
        }
        Instant now = Instant.now();
        AuditReport result;
        try (Progress progress = new Progress(terminal)) {
            HostFacts observed = files ? SingleFiles.read(domains, nova, now) : facts.read(progress, now);
            progress.step("judging");
            result = new Auditor(pack).audit(observed, explained(profile), waivers, now);
        }
        if (!ids.isEmpty()) {
            return explain(result);
        }
        report.write(result, terminal);
        if (!result.judgedAnything()) {
            throw CommandFailure.couldNotRun("nothing could be judged on " + result.host()
                    + ": no control applied to what was observed; run as root, or check what was given");
        }
        return status(result.results());
    }

    /** A control that is asked for by name is judged even where the profile leaves it out. */
    private Profile explained(Profile profile) {
        List<String> add = new ArrayList<>(profile.add());
        ids.forEach(id -> add.add(id.toUpperCase(Locale.ROOT)));
        return ids.isEmpty()
                ? profile
                : new Profile(
                        profile.name(),
                        profile.level(),
                        add,
                        java.util.Map.of(),
                        profile.severities(),
                        profile.parameters());
    }

    private int explain(AuditReport result) {
        List<ControlResult> chosen = new ArrayList<>();
        for (String id : ids) {
            result.results().stream()
                    .filter(r -> r.control().id().equals(id.toUpperCase(Locale.ROOT)))
                    .forEach(chosen::add);
        }
        for (int i = 0; i < chosen.size(); i++) {
            if (i > 0) {
                terminal.out().println();
            }
            new ControlExplanation(terminal).write(chosen.get(i));
        }
        return status(chosen);
    }

    private int status(List<ControlResult> results) {
        boolean found = results.stream()
                .anyMatch(r -> r.verdict() == dev.ringfence.core.audit.Verdict.FAIL
                        && r.control().severity().compareTo(failOn) >= 0);
        return found ? ExitStatus.FINDINGS : ExitStatus.CLEAN;
    }
}
