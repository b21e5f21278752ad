package dev.ringfence.cli.image;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Disk images. */
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Look at disk images before anything else opens them.",
        footer = {
            "",
            "Examples:",
            "  ringfence image inspect disk.qcow2 --format-declared qcow2",
            "  ringfence image digest disk.qcow2"
        })
public final class ImageCommand implements Callable<Integer> {
    private final Terminal terminal;

    private ImageCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with its subcommands. */
    public static CommandLine line(Terminal terminal) {
        return new CommandLine(new ImageCommand(terminal))
                .addSubcommand(new ImageInspect(terminal))
                .addSubcommand(new ImageDigest(terminal));
    }

    @Override
    public Integer call() throws CommandFailure {
        terminal.err().println(new CommandLine(this).getUsageMessage());
        throw CommandFailure.usage("image: say inspect or digest");
    }
}
