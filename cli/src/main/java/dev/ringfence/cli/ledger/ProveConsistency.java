package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.witness.AddCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a consistency proof. */
@Command(
        name = "prove-consistency",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a proof that the log of today continues an earlier one, with nothing changed or taken out.",
        footer = {
            "",
            "Exit status: 0 it continues, 1 it does not or is refused, 2 usage, 3 could not run.",
            "The proof is written as witnesses take it (C2SP tlog-witness): old size, hashes, checkpoint.",
            "",
            "Examples:",
            "  ringfence ledger prove-consistency DIR --from 1000",
            "  ringfence ledger prove-consistency DIR --from-checkpoint checkpoint.of-last-year"
        })
final class ProveConsistency implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR|URL", description = "The log: its directory, or where it is served.")
    private String log = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private From from = new From();

    @Option(names = "--out", paramLabel = "FILE", description = "New file for the proof (default: standard output).")
    private @Nullable Path out;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    /** Where the proof starts. */
    static final class From {
        @Option(names = "--from", paramLabel = "SIZE", description = "Number of leaves of the earlier tree.")
        private @Nullable Long size;

        @Option(
                names = "--from-checkpoint",
                paramLabel = "FILE",
                description = "An earlier checkpoint; its root must be what the log of today has for its size.")
        private @Nullable Path checkpoint;
    }

    ProveConsistency(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        byte[] text;
        try (Progress progress = new Progress(terminal);
                ReadLog read = read(progress)) {
            text = from.checkpoint == null ? fromSize(read) : fromCheckpoint(read, from.checkpoint);
        }
        if (out == null) {
            terminal.out().write(text, 0, text.length);
        } else {
            Outputs.write(out, text);
        }
        return ExitStatus.CLEAN;
    }

    private ReadLog read(Progress progress) throws CommandFailure, IOException {
        progress.step("reading " + log);
        return ReadLog.of(log);
    }

    private byte[] fromSize(ReadLog read) throws CommandFailure, IOException {
        long size = from.size == null ? 0 : from.size;
        if (size < 0) {
            throw CommandFailure.usage("--from: a number from 0, not " + size);
        }
        if (size > read.size()) {
            throw read.noSuch("a tree of " + size);
        }
        return text(read, read.consistency(size, read.root(size)), read.root(size));
    }

    private byte[] fromCheckpoint(ReadLog read, Path file) throws CommandFailure, IOException {
        Checkpoint earlier = Inputs.signedCheckpoint(file).checkpoint();
        if (!earlier.origin().equals(read.signed().checkpoint().origin())) {
            throw Refusals.failure(
                    file.toString(),
                    new Refusal(
                            "RF-LDG-054",
                            "it is of the log " + earlier.origin() + ", this is "
                                    + read.signed().checkpoint().origin()));
        }
        if (earlier.size() > read.size()) {
            throw Refusals.failure(
                    read.name(),
                    new Refusal(
                            "RF-LDG-004",
                            "its tree of " + read.size() + " cannot continue one of " + earlier.size()
                                    + ": the log was set back"));
        }
        Hash now = read.root(earlier.size());
        if (!now.equals(earlier.root())) {
            throw Refusals.failure(
                    read.name(),
                    new Refusal(
                            "RF-LDG-006",
                            "its first " + earlier.size() + " leaves have the root " + now.base64() + " today, and had "
                                    + earlier.root().base64() + ": the log was rewritten"));
        }
        return text(read, read.consistency(earlier.size(), earlier.root()), earlier.root());
    }

    private byte[] text(ReadLog read, ConsistencyProof proof, Hash oldRoot) {
        return switch (format) {
            case TEXT -> AddCheckpoint.of(proof, read.signed()).bytes();
            case JSON ->
                (new JsonLine()
                                        .with("oldSize", proof.oldSize())
                                        .with("oldRoot", oldRoot.base64())
                                        .with("newSize", proof.newSize())
                                        .with(
                                                "newRoot",
                                                read.signed()
                                                        .checkpoint()
                                                        .root()
                                                        .base64())
                                        .with(
                                                "hashes",
                                                proof.hashes().stream()
                                                        .map(hash -> new Json.Characters(hash.base64()))
                                                        .toList())
                                + "\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        };
    }
}
