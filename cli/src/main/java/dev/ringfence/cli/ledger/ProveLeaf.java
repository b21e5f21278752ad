package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.proof.ProofFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an inclusion proof. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a proof that a leaf stands in the log; it verifies with no server (C2SP tlog-proof).",
        footer = {
            "",
            "Exit status: 0 made, 1 refused, 2 usage, 3 could not run.",
            "",
            "Examples:",
            "  ringfence ledger prove DIR --index 17 --out 17.proof --leaf-out 17.leaf",
            "  ringfence ledger prove https://hv.example/ledger --index 17 > 17.proof"
        })
final class ProveLeaf implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR|URL", description = "The log: its directory, or where it is served.")
    private String log = "";

    @Option(names = "--index", required = true, paramLabel = "N", description = "Leaf index, from 0.")
    private long index;

    @Option(names = "--out", paramLabel = "FILE", description = "New file for the proof (default: standard output).")
    private @Nullable Path out;

    @Option(names = "--leaf-out", paramLabel = "FILE", description = "New file for the leaf's bytes.")
    private @Nullable Path leafOut;

    ProveLeaf(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (index < 0) {
            throw CommandFailure.usage("--index: a number from 0, not " + index);
        }
        byte[] leaf;
        byte[] proof;
        try (Progress progress = new Progress(terminal);
                ReadLog read = read(progress)) {
            if (index >= read.size()) {
                throw read.noSuch("leaf " + index);
            }
            leaf = read.leaf(index);
            proof = ProofFile.of(read.inclusion(index, leaf), read.signed()).bytes();
        }
        if (leafOut != null) {
            Outputs.write(leafOut, leaf);
        }
        if (out == null) {
            terminal.out().write(proof, 0, proof.length);
        } else {
            Outputs.write(out, proof);
        }
        return ExitStatus.CLEAN;
    }

    private ReadLog read(Progress progress) throws CommandFailure, IOException {
        progress.step("reading " + log);
        return ReadLog.of(log);
    }
}
