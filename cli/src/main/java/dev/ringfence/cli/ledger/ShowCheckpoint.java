package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the published checkpoint. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print the published checkpoint: origin, number of leaves, root hash, signatures.",
        footer = {
            "",
            "Exit status: 0 printed, 1 it is no checkpoint, 2 usage, 3 could not run.",
            "Keep it: 'prove-consistency --from-checkpoint' later shows that nothing before it was changed.",
            "",
            "Examples:",
            "  ringfence ledger checkpoint DIR > checkpoint.today",
            "  ringfence ledger checkpoint DIR --format json"
        })
final class ShowCheckpoint implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The log.")
    private Path directory = Path.of("");

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default), the signed note itself, or json.")
    private Format format = Format.TEXT;

    ShowCheckpoint(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        SignedCheckpoint signed = Inputs.checkpoint(directory);
        switch (format) {
            case TEXT -> terminal.out().print(new String(signed.bytes(), StandardCharsets.UTF_8));
            case JSON -> {
                List<Json> signatures = signed.note().signatures().stream()
                        .map(ShowCheckpoint::signature)
                        .toList();
                terminal.out()
                        .println(new JsonLine()
                                .with("origin", signed.checkpoint().origin())
                                .with("size", signed.checkpoint().size())
                                .with("root", signed.checkpoint().root().base64())
                                .with("signatures", signatures));
            }
        }
        return ExitStatus.CLEAN;
    }

    private static Json signature(NoteSignature signature) {
        return new JsonLine()
                .with("name", signature.name())
                .with("keyId", String.format("%08x", signature.keyId()))
                .value();
    }
}
