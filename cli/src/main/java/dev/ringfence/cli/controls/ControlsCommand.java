package dev.ringfence.cli.controls;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Wrap;
import dev.ringfence.cli.report.ControlExplanation;
import dev.ringfence.core.audit.CompiledControl;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.ControlWorkshop;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.host.NearestName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rules that an audit judges by. */
@Command(
        name = "controls",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "List, show, check and try the rules that an audit judges by.",
        footer = {
            "",
            "Examples:",
            "  ringfence controls list --severity high",
            "  ringfence controls show MEM-001",
            "  ringfence controls lint my-controls/     every mistake, with its place",
            "  ringfence controls test my-controls/     and their samples"
        })
public final class ControlsCommand implements Callable<Integer> {
    private final Terminal terminal;

    private ControlsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with its subcommands. */
    public static CommandLine line(Terminal terminal) {
        return new CommandLine(new ControlsCommand(terminal))
                .addSubcommand(new ListControls(terminal))
                .addSubcommand(new ShowControl(terminal))
                .addSubcommand(new LintControls(terminal))
                .addSubcommand(new TestControls(terminal));
    }

    @Override
    public Integer call() throws CommandFailure {
        terminal.err().println(new CommandLine(this).getUsageMessage());
        throw CommandFailure.usage("controls: say list, show, lint or test");
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List every control, one line each.")
    private static final class ListControls implements Callable<Integer> {
        private final Terminal terminal;

        @Option(names = "--severity", description = "Only this severity and worse: ${COMPLETION-CANDIDATES}.")
        private Severity severity = Severity.LOW;

        @Option(names = "--profile", description = "Only the controls of a shipped profile.")
        private @Nullable String profile;

        @Mixin
        private PackOption controls = new PackOption();

        ListControls(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandFailure, IOException {
            Profile.Level level = level();
            ControlPack pack = controls.load();
            int shown = 0;
            for (CompiledControl compiled : pack.controls()) {
                Control control = compiled.control();
                if (control.severity().compareTo(severity) >= 0
                        && control.profile().compareTo(level) <= 0) {
                    String head = String.format(
                            "%-8s %-8s %-14s ", control.id(), lower(control.severity()), lower(control.profile()));
                    terminal.out().println(head + Wrap.hanging(control.title(), head.length(), terminal.columns()));
                    shown++;
                }
            }
            terminal.out().println(shown + " of " + pack.controls().size() + " controls");
            return ExitStatus.CLEAN;
        }

        private Profile.Level level() throws CommandFailure {
            if (profile == null) {
                return Profile.Level.HIGH_ASSURANCE;
            }
            for (Profile.Level level : Profile.Level.values()) {
                if (lower(level).equals(profile)) {
                    return level;
                }
            }
            throw CommandFailure.usage(
                    "profile '" + profile + "' is not one of baseline, multi-tenant, high-assurance");
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one control in full.")
    private static final class ShowControl implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(paramLabel = "ID", description = "Such as MEM-001.")
        private String id = "";

        @Mixin
        private PackOption controls = new PackOption();

        ShowControl(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws CommandFailure, IOException {
            ControlPack pack = controls.load();
            CompiledControl found = require(pack, id);
            new ControlExplanation(terminal).write(found.control());
            return ExitStatus.CLEAN;
        }
    }

    /** The control of that id, or an error that names the nearest. */
    public static CompiledControl require(ControlPack pack, String id) throws CommandFailure {
        List<String> ids = pack.controls().stream().map(c -> c.control().id()).toList();
        return pack.find(id.toUpperCase(Locale.ROOT))
                .orElseThrow(() -> CommandFailure.usage("no control is called '" + id + "'"
                        + NearestName.of(id, ids)
                                .map(n -> "; did you mean " + n + "?")
                                .orElse("; 'ringfence controls list' shows all")));
    }

    /** Builds a directory and prints every problem. */
    private abstract static class CheckControls implements Callable<Integer> {
        private final Terminal terminal;
        private final boolean samples;

        @Parameters(paramLabel = "DIR", description = "A directory with *.yaml files.")
        private Path directory = Path.of(".");

        CheckControls(Terminal terminal, boolean samples) {
            this.terminal = terminal;
            this.samples = samples;
        }

        @Override
        public Integer call() throws CommandFailure, IOException {
            ControlWorkshop.Built built;
            try (Progress progress = new Progress(terminal)) {
                progress.step("checking " + directory);
                built = ControlDirectory.build(directory);
            }
            List<String> problems = built.problems().stream()
                    .filter(p -> samples || !p.contains(": samples: "))
                    .toList();
            problems.forEach(terminal.out()::println);
            int good = built.pack().controls().size();
            String praise = samples ? ", " + 2 * good + " samples hold" : " are well formed";
            terminal.out()
                    .println(
                            problems.isEmpty()
                                    ? good + " controls" + praise
                                    : problems.size() + (problems.size() == 1 ? " problem" : " problems"));
            return problems.isEmpty() ? ExitStatus.CLEAN : ExitStatus.FINDINGS;
        }
    }

    @Command(
            name = "lint",
            mixinStandardHelpOptions = true,
            description = "Check the controls of a directory: keys, expressions, types.")
    private static final class LintControls extends CheckControls {
        LintControls(Terminal terminal) {
            super(terminal, false);
        }
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "As lint, and judge each control's passing and failing sample.")
    private static final class TestControls extends CheckControls {
        TestControls(Terminal terminal) {
            super(terminal, true);
        }
    }
}
