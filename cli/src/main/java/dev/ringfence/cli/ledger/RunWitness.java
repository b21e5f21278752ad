package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.http.BoundedServer;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.ledger.proof.Policy;
import dev.ringfence.ledger.witness.Witness;
import dev.ringfence.ledger.witness.WitnessRecords;
import dev.ringfence.ledger.witness.WitnessSite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a witness. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Witness the logs of others until stopped (C2SP tlog-witness): cosign what continues what was seen.",
        footer = {
            "",
            "Exit status: 0 interrupted, 1 refused, 2 usage, 3 could not run.",
            "A new witness gets an Ed25519 and an ML-DSA-44 key in DIR/key; it prints what log operators put",
            "into their policy. Never copy DIR back from a backup: the witness would have forgotten what it",
            "has cosigned since. Begin a new witness instead.",
            "",
            "Examples:",
            "  ringfence ledger witness --state DIR --name w1.example --listen 127.0.0.1:8081 \\",
            "      --log ledger.key.pub                                   a new witness, for one log",
            "  ringfence ledger witness --state DIR --listen 127.0.0.1:8081 --logs policy"
        })
final class RunWitness implements Callable<Integer> {
    private static final String KEY = "key";

    private final Terminal terminal;

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "Keys, and what was cosigned last.")
    private Path state = Path.of("");

    @Option(names = "--listen", required = true, paramLabel = "ADDR", description = "Address and port.")
    private String listen = "";

    @Option(names = "--name", paramLabel = "NAME", description = "Name of a new witness, like a URL without scheme.")
    private @Nullable String name;

    @Option(names = "--log", paramLabel = "PUB", description = "Public key of a log to witness; may be repeated.")
    private List<String> logs = new ArrayList<>();

    @Option(names = "--logs", paramLabel = "FILE", description = "Policy file whose logs to witness.")
    private @Nullable Path policy;

    RunWitness(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        InetSocketAddress address = ListenAddress.parse(listen);
        List<VerifierKey> known = knownLogs();
        try (WitnessRecords records = records()) {
            List<SignerKey> keys = KeyFile.read(state.resolve(KEY));
            Witness witness = witness(known, keys, records);
            try (BoundedServer server = BoundedServer.start(address, new WitnessSite(witness))) {
                String url = ListenAddress.url(server.address());
                known.forEach(log -> terminal.out().println("log " + log));
                for (SignerKey key : keys) {
                    terminal.out()
                            .println("witness "
                                    + key.verifier().type().name().toLowerCase(java.util.Locale.ROOT) + " "
                                    + key.verifier().vkey() + " " + url);
                }
                terminal.out().println("witnessing at " + url);
                terminal.out().flush();
                new CountDownLatch(1).await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitStatus.CLEAN;
    }

    private static Witness witness(List<VerifierKey> logs, List<SignerKey> keys, WitnessRecords records)
            throws CommandFailure {
        try {
            return new Witness(logs, keys, records, InstantSource.system());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("witness: " + e.getMessage());
        }
    }

    private List<VerifierKey> knownLogs() throws CommandFailure {
        List<VerifierKey> known = new ArrayList<>();
        for (String log : logs) {
            known.add(Inputs.key(log));
        }
        if (policy != null) {
            Inputs.policy(policy).logs().stream().map(Policy.Log::key).forEach(known::add);
        }
        if (known.isEmpty()) {
            throw CommandFailure.usage("witness: say which logs, with --log PUB or --logs FILE");
        }
        return known;
    }

    /** The records first, then the key: a key without records would be one that has forgotten. */
    private WitnessRecords records() throws CommandFailure, IOException {
        boolean known = Files.exists(state.resolve(KEY));
        if (known && name != null) {
            String there =
                    KeyFile.read(state.resolve(KEY)).getFirst().verifier().name();
            if (!there.equals(name)) {
                throw CommandFailure.usage("--name: the witness in " + state + " is named " + there);
            }
        }
        if (known) {
            return Refusals.unwrap(state.toString(), WitnessRecords.open(state));
        }
        if (name == null) {
            throw CommandFailure.usage("witness: there is none in " + state + "; give a new one a --name");
        }
        List<SignerKey> keys = List.of(
                Refusals.unwrap("--name", SignerKey.generate(name, SignatureType.ED25519_COSIGNATURE)),
                Refusals.unwrap("--name", SignerKey.generate(name, SignatureType.ML_DSA_44_COSIGNATURE)));
        Files.createDirectories(state);
        boolean begun = Files.exists(state.resolve(WitnessRecords.NAME));
        WitnessRecords records =
                Refusals.unwrap(state.toString(), begun ? WitnessRecords.open(state) : WitnessRecords.create(state));
        boolean done = false;
        try {
            KeyFile.write(state.resolve(KEY), keys);
            done = true;
            return records;
        } finally {
            if (!done) {
                records.close();
            }
        }
    }
}
