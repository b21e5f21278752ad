package dev.ringfence.cli.inspect;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Looks at single files and programs. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Look at single files and programs: how a binary was hardened, what QEMU can emulate.",
        footer = {
            "",
            "Examples:",
            "  ringfence inspect elf /usr/bin/qemu-system-x86_64 --needed",
            "  ringfence inspect elf --tree /usr/bin --format json",
            "  ringfence inspect qemu"
        })
public final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;

    private InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with its subcommands. */
    public static CommandLine line(Terminal terminal) {
        return new CommandLine(new InspectCommand(terminal))
                .addSubcommand(new InspectElf(terminal))
                .addSubcommand(new InspectQemu(terminal));
    }

    @Override
    public Integer call() throws CommandFailure {
        terminal.err().println(new CommandLine(this).getUsageMessage());
        throw CommandFailure.usage("inspect: say elf or qemu");
    }
}
