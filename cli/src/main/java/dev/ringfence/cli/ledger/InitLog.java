package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a new log. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a new log with a new key.",
        footer = {
            "",
            "Exit status: 0 made, 1 refused, 2 usage, 3 could not run.",
            "",
            "Without --key the key is DIR.key, and DIR.key.pub what verifiers need. The last signed",
            "checkpoint is kept a second time in DIR.last-signed: better on another disk, because it is",
            "what tells an older copy of the log from the log.",
            "",
            "Examples:",
            "  ringfence ledger init /var/lib/ledger --origin hv.example/ledger",
            "  ringfence ledger init DIR --origin hv.example/ledger --last-signed /other/disk/last",
            "  ringfence ledger init DIR --origin hv.example/ledger --witnesses policy"
        })
final class InitLog implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "An empty directory, or one to make.")
    private Path directory = Path.of("");

    @Option(
            names = "--origin",
            required = true,
            paramLabel = "NAME",
            description = "Unique name of the log, like a URL without scheme.")
    private String origin = "";

    @Option(names = "--key", paramLabel = "FILE", description = "Private key to use, or to make if it is not there.")
    private @Nullable Path key;

    @Option(names = "--ml-dsa", description = "Make an ML-DSA-44 key too; each checkpoint is signed with both.")
    private boolean mlDsa;

    @Option(names = "--last-signed", paramLabel = "FILE", description = "Second place of the last signed checkpoint.")
    private @Nullable Path lastSigned;

    @Option(
            names = "--witnesses",
            paramLabel = "POLICY",
            description = "Policy file (C2SP tlog-policy): publish only what its quorum has cosigned.")
    private @Nullable Path witnesses;

    @Option(
            names = "--publish-without-quorum",
            description = "When the quorum is missing publish all the same, and complain each time.")
    private boolean publishWithoutQuorum;

    @Option(
            names = "--witness-patience-millis",
            paramLabel = "N",
            description = "How long a checkpoint waits for its quorum (default: 5000).")
    private long patienceMillis = 5000;

    InitLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (publishWithoutQuorum && witnesses == null) {
            throw CommandFailure.usage("--publish-without-quorum: there is no quorum without --witnesses");
        }
        if (patienceMillis < 1 || patienceMillis > 600_000) {
            throw CommandFailure.usage("--witness-patience-millis: a number from 1 to 600000, not " + patienceMillis);
        }
        Path log = directory.toAbsolutePath().normalize();
        LogHome home = new LogHome(
                log,
                beside(log, key, ".key"),
                beside(log, lastSigned, ".last-signed"),
                Optional.ofNullable(witnesses).map(Path::toAbsolutePath),
                publishWithoutQuorum,
                patienceMillis);
        if (home.lastSigned().startsWith(log)) {
            throw CommandFailure.usage(
                    "--last-signed: " + home.lastSigned() + " lies in the log itself; one copy of the"
                            + " directory would set both back. Name a file elsewhere");
        }
        if (!Files.exists(home.key())) {
            KeyFile.write(home.key(), newKeys());
        }
        SignerKey signer = KeyFile.read(home.key()).getFirst();
        if (!signer.verifier().name().equals(origin)) {
            throw CommandFailure.usage("--key: the key in " + home.key() + " is named "
                    + signer.verifier().name() + ", but --origin is " + origin);
        }
        try (LogHome.Opened opened = home.create(terminal)) {
            home.write();
            terminal.out().println("log          " + log);
            terminal.out()
                    .println("origin       "
                            + opened.log().checkpoint().checkpoint().origin());
        }
        terminal.out().println("private key  " + home.key() + " (who has it can sign as this log)");
        terminal.out().println("public key   " + signer.verifier().vkey());
        terminal.out().println("last signed  " + home.lastSigned());
        home.witnesses().ifPresent(policy -> terminal.out().println("witnesses    " + policy));
        return ExitStatus.CLEAN;
    }

    private List<SignerKey> newKeys() throws CommandFailure {
        List<SignerKey> keys = new ArrayList<>();
        keys.add(Refusals.unwrap("--origin", SignerKey.generate(origin, SignatureType.ED25519)));
        if (mlDsa) {
            keys.add(Refusals.unwrap("--origin", SignerKey.generate(origin, SignatureType.ML_DSA_44_COSIGNATURE)));
        }
        return keys;
    }

    private static Path beside(Path log, @Nullable Path asked, String ending) {
        return asked == null
                ? log.resolveSibling(log.getFileName() + ending)
                : asked.toAbsolutePath().normalize();
    }
}
