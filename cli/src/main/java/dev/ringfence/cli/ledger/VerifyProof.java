package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.proof.OfflineVerifier;
import dev.ringfence.ledger.proof.Policy;
import dev.ringfence.ledger.proof.ProofFile;
import dev.ringfence.ledger.proof.Trust;
import dev.ringfence.ledger.proof.Verification;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a proof offline. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Say whether a proof proves that a leaf stands in a log. Asks nobody: no network, no log.",
        footer = {
            "",
            "Exit status: 0 it is proved, 1 it is not, 2 usage, 3 could not run.",
            "Without --policy nothing says that the log shows everybody the same: only witnesses can.",
            "The same check without this program: java -jar ledger.jar verify.",
            "",
            "Examples:",
            "  ringfence ledger verify 17.proof --leaf 17.leaf --key ledger.key.pub",
            "  ringfence ledger verify 17.proof --leaf 17.leaf --key ledger.key.pub --policy witnesses"
        })
final class VerifyProof implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The proof.")
    private Path proof = Path.of("");

    @Option(names = "--leaf", required = true, paramLabel = "FILE", description = "The leaf's bytes.")
    private Path leaf = Path.of("");

    @Option(names = "--key", paramLabel = "PUB", description = "Public key of the log: the .pub file, or its text.")
    private @Nullable String key;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Witnesses and quorum (C2SP tlog-policy); may name the log instead of --key.")
    private @Nullable Path policy;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    VerifyProof(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        Trust trust = trust();
        byte[] proofBytes = Inputs.read(proof, ProofFile.LIMIT_BYTES);
        byte[] leafBytes = Inputs.read(leaf, Leaf.LIMIT_BYTES + 1);
        OfflineVerifier verifier = new OfflineVerifier(trust);
        Verification verification = verifier.verify(proofBytes, leafBytes);
        if (verification instanceof Verification.Refused
                && leafBytes.length > 0
                && leafBytes[leafBytes.length - 1] == '\n') {
            // A leaf on a line of its own: the newline belongs to the file, not to the leaf.
            verification = verifier.verify(proofBytes, Arrays.copyOf(leafBytes, leafBytes.length - 1));
        }
        switch (verification) {
            case Verification.Refused(Refusal why) -> throw Refusals.failure(proof.toString(), why);
            case Verification.Verified(
                    Checkpoint checkpoint,
                    long index,
                    Hash leafHash,
                    List<Verification.Cosigned> cosigned) -> print(checkpoint, index, leafHash, cosigned);
        }
        return ExitStatus.CLEAN;
    }

    private Trust trust() throws CommandFailure {
        Policy read = policy == null ? Policy.WITHOUT_WITNESSES : Inputs.policy(policy);
        if (key != null) {
            return Trust.logAndWitnesses(Inputs.key(key), read);
        }
        if (read.logs().isEmpty()) {
            throw CommandFailure.usage(
                    policy == null
                            ? "verify: --key is missing; without the log's key nothing can be verified"
                            : "verify: --key is missing, and " + policy + " names no log");
        }
        return Trust.policy(read);
    }

    private void print(Checkpoint checkpoint, long index, Hash leafHash, List<Verification.Cosigned> cosigned) {
        switch (format) {
            case TEXT -> {
                terminal.out()
                        .println("verified: leaf " + index + " of " + checkpoint.origin() + ", in its tree of "
                                + checkpoint.size());
                terminal.out().println("  leaf hash " + leafHash.hex());
                terminal.out().println("  root hash " + checkpoint.root().base64());
                cosigned.forEach(witness -> terminal.out()
                        .println("  cosigned by " + witness.name() + " at "
                                + Instant.ofEpochSecond(witness.unixSeconds())));
                if (cosigned.isEmpty()) {
                    terminal.out().println("  no witness was asked for: the log may show others another history");
                }
            }
            case JSON ->
                terminal.out()
                        .println(new JsonLine()
                                .with("verified", true)
                                .with("origin", checkpoint.origin())
                                .with("index", index)
                                .with("size", checkpoint.size())
                                .with("root", checkpoint.root().base64())
                                .with("leafHash", leafHash.hex())
                                .with(
                                        "cosigned",
                                        cosigned.stream().map(VerifyProof::json).toList()));
        }
    }

    private static Json json(Verification.Cosigned witness) {
        return new JsonLine()
                .with("witness", witness.name())
                .with("time", Instant.ofEpochSecond(witness.unixSeconds()).toString())
                .value();
    }
}
