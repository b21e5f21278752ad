package dev.ringfence.cli.audit;

import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.RingfenceMain;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.wire.facts.FactsJson;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes what can be observed of a host. */
@Command(
        name = "facts",
        mixinStandardHelpOptions = true,
        description = "Write what can be observed of a host, as JSON, without judging it.",
        footer = {
            "",
            "Examples:",
            "  ringfence facts > facts.json",
            "  ringfence facts --root /mnt/host > facts.json",
            "  ringfence audit --facts facts.json"
        })
public final class FactsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FactsOptions facts = new FactsOptions();

    /** Writes to the terminal's output. */
    public FactsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HostFacts read;
        try (Progress progress = new Progress(terminal)) {
            read = facts.read(progress, Instant.now());
        }
        FactsJson.write(read, RingfenceMain.version(), terminal.out());
        return ExitStatus.CLEAN;
    }
}
