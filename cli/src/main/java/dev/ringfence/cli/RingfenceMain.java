package dev.ringfence.cli;

import dev.ringfence.cli.audit.AuditCommand;
import dev.ringfence.cli.audit.DiffCommand;
import dev.ringfence.cli.audit.FactsCommand;
import dev.ringfence.cli.controls.ControlsCommand;
import dev.ringfence.cli.fix.FixCommand;
import dev.ringfence.cli.image.ImageCommand;
import dev.ringfence.cli.inspect.InspectCommand;
import dev.ringfence.cli.ledger.LedgerCommand;
import dev.ringfence.cli.watch.WatchCommand;
import dev.ringfence.cli.watch.WatchJudgeCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code ringfence} command. */
@Command(
        name = "ringfence",
        mixinStandardHelpOptions = true,
        versionProvider = RingfenceMain.Version.class,
        sortOptions = false,
        description = "Keeps the guests of KVM hosts apart from each other and from their hosts, and proves it.",
        footer = {
            "",
            "Start here:",
            "  ringfence audit              what is hardened on this host, what is not, what to change",
            "  ringfence audit MAC-001      one control: what was read, why it matters, the fix",
            "  ringfence COMMAND --help     options and examples of a command"
        })
public final class RingfenceMain implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private RingfenceMain() {}

    /** Runs a command and ends the process with its {@link ExitStatus}. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.system(System.getenv());
        int status = run(terminal, arguments);
        terminal.out().flush();
        terminal.err().flush();
        System.exit(status);
    }

    /** Runs a command on the given terminal and returns its {@link ExitStatus}. */
    public static int run(Terminal terminal, String... arguments) {
        CommandLine line = new CommandLine(new RingfenceMain())
                .addSubcommand(new AuditCommand(terminal))
                .addSubcommand(new FactsCommand(terminal))
                .addSubcommand(new DiffCommand(terminal))
                .addSubcommand(FixCommand.line(terminal))
                .addSubcommand(new WatchCommand(terminal))
                .addSubcommand(new WatchJudgeCommand(terminal))
                .addSubcommand(InspectCommand.line(terminal))
                .addSubcommand(ImageCommand.line(terminal))
                .addSubcommand(ControlsCommand.line(terminal))
                .addSubcommand(LedgerCommand.line(terminal, arguments))
                .addSubcommand(new TrainStartupCommand());
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.color() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setUsageHelpWidth(Math.max(55, Math.min(terminal.columns(), 100)));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CommandFailure known) {
                terminal.err().println("ringfence: " + known.getMessage());
                return known.exitStatus();
            }
            if (failure instanceof IOException || failure instanceof UncheckedIOException) {
                terminal.err().println("ringfence: " + failure.getMessage());
                return ExitStatus.COULD_NOT_RUN;
            }
            throw failure;
        });
        try {
            return line.execute(arguments);
        } finally {
            terminal.out().flush();
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The product's version, from the build. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = RingfenceMain.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ringfence " + version() + " (Java " + Runtime.version() + ")"};
        }
    }
}
