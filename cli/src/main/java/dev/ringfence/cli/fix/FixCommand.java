package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups what changes a host. */
@Command(
        name = "fix",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Plan what hardens a host, review it, and take it back.",
            "Nothing is changed but by 'fix apply' and 'fix rollback'. Guests are never restarted."
        },
        footer = {
            "",
            "Examples:",
            "  ringfence fix plan --out plan.json              every finding of this host",
            "  ringfence fix plan MEM-001 KRN-016              two of them",
            "  ringfence fix plan --severity high --reach live,daemon --out plan.json",
            "  ringfence fix show plan.json                    what it would do",
            "  ringfence fix show plan.json --export ansible   the same for Ansible"
        })
public final class FixCommand implements Callable<Integer> {
    private final Terminal terminal;

    private FixCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with its subcommands. */
    public static CommandLine line(Terminal terminal) {
        return new CommandLine(new FixCommand(terminal))
                .addSubcommand(new FixPlanCommand(terminal))
                .addSubcommand(new FixShowCommand(terminal))
                .addSubcommand(new FixApplyCommand(terminal))
                .addSubcommand(new FixListCommand(terminal))
                .addSubcommand(new FixResumeCommand(terminal))
                .addSubcommand(new FixRollbackCommand(terminal));
    }

    @Override
    public Integer call() throws CommandFailure {
        terminal.err().println(new CommandLine(this).getUsageMessage());
        throw CommandFailure.usage("fix: say plan, show, apply, list, resume or rollback");
    }
}
