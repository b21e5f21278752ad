package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.Cosigning;
import dev.ringfence.ledger.log.Log;
import dev.ringfence.ledger.log.LogOptions;
import dev.ringfence.ledger.log.LogSettings;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.ledger.witness.WitnessClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the parts of a log lie that are not public: its key, the last signed checkpoint, the policy of its witnesses. Kept
 * in a hidden file of the log's directory, which no reader is served. Refusal: RF-LDG-220, not such a file.
 *
 * @param directory the log
 * @param key file of its private keys
 * @param lastSigned file of the last signed checkpoint
 * @param witnesses policy file of the witnesses that must cosign; empty for none
 * @param publishWithoutQuorum whether a missing quorum is only complained about
 * @param patienceMillis how long a checkpoint waits for its witnesses
 */
record LogHome(
        Path directory,
        Path key,
        Path lastSigned,
        Optional<Path> witnesses,
        boolean publishWithoutQuorum,
        long patienceMillis) {
    static final String NAME = ".settings";

    private static final int LIMIT_BYTES = 64 << 10;
    private static final Set<String> NAMES =
            Set.of("key", "last-signed", "witnesses", "without-quorum", "witness-patience-millis");
    private static final long PATIENCE_LIMIT_MILLIS = 600_000;

    /** A log that is open, with its client of witnesses. */
    record Opened(Log log, Optional<WitnessClient> client) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (log) {
                // The log ends first: what waits may still need its witnesses.
            } finally {
                client.ifPresent(WitnessClient::close);
            }
        }
    }

    /** Reads the settings of a log. */
    static LogHome of(Path directory) throws CommandFailure {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            throw CommandFailure.couldNotRun(directory + ": no log that was made here (no file '" + NAME
                    + "'); make one with 'ringfence ledger init'");
        }
        Map<String, String> values = new HashMap<>();
        for (String line : new String(Inputs.read(file, LIMIT_BYTES), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            int space = line.indexOf(' ');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (space < 0 || !NAMES.contains(line.substring(0, space))) {
                throw malformed(
                        file,
                        "unknown line '" + line + "'; known are "
                                + String.join(", ", NAMES.stream().sorted().toList()));
            }
            if (values.put(line.substring(0, space), line.substring(space + 1).strip()) != null) {
                throw malformed(file, line.substring(0, space) + " stands twice");
            }
        }
        if (!values.containsKey("key") || !values.containsKey("last-signed")) {
            throw malformed(file, "key or last-signed is missing");
        }
        String without = values.getOrDefault("without-quorum", "refuse");
        if (!without.equals("refuse") && !without.equals("publish")) {
            throw malformed(file, "without-quorum is refuse or publish");
        }
        try {
            long patience = Long.parseLong(
                    values.getOrDefault("witness-patience-millis", String.valueOf(WitnessClient.PATIENCE.toMillis())));
            if (patience < 1 || patience > PATIENCE_LIMIT_MILLIS) {
                throw malformed(file, "witness-patience-millis is from 1 to " + PATIENCE_LIMIT_MILLIS);
            }
            return new LogHome(
                    directory,
                    Path.of(values.get("key")),
                    Path.of(values.get("last-signed")),
                    Optional.ofNullable(values.get("witnesses")).map(Path::of),
                    without.equals("publish"),
                    patience);
        } catch (NumberFormatException e) {
            throw malformed(file, "witness-patience-millis is no number");
        } catch (InvalidPathException e) {
            throw malformed(file, "no path: " + e.getReason());
        }
    }

    private static CommandFailure malformed(Path file, String why) {
        return Refusals.failure(file.toString(), new Refusal("RF-LDG-220", why));
    }

    /** Writes the settings of a new log. */
    void write() throws IOException {
        StringBuilder text = new StringBuilder("# Made by 'ringfence ledger init'. Not part of the log.\n");
        text.append("key ").append(key).append('\n');
        text.append("last-signed ").append(lastSigned).append('\n');
        witnesses.ifPresent(policy -> {
            text.append("witnesses ").append(policy).append('\n');
            text.append("without-quorum ")
                    .append(publishWithoutQuorum ? "publish" : "refuse")
                    .append('\n');
            text.append("witness-patience-millis ").append(patienceMillis).append('\n');
        });
        Files.writeString(directory.resolve(NAME), text);
    }

    /** Opens the log to write on. */
    Opened open(Terminal terminal) throws CommandFailure, IOException {
        return opened(terminal, false);
    }

    /** Makes the log. */
    Opened create(Terminal terminal) throws CommandFailure, IOException {
        return opened(terminal, true);
    }

    private Opened opened(Terminal terminal, boolean fresh) throws CommandFailure, IOException {
        if (!Files.exists(key)) {
            throw CommandFailure.couldNotRun(
                    key + ": the key of the log is not there; " + directory.resolve(NAME) + " says that it should be");
        }
        List<SignerKey> keys = KeyFile.read(key);
        VerifierKey first = keys.getFirst().verifier();
        if (first.type() != SignatureType.ED25519) {
            throw Refusals.failure(
                    key.toString(), new Refusal("RF-LDG-221", "its first key is no Ed25519 key of a log"));
        }
        Optional<WitnessClient> client = client(terminal);
        boolean opened = false;
        try {
            Cosigning cosigning = client.isPresent() ? client.get() : Cosigning.NOBODY;
            LogSettings settings =
                    new LogSettings(directory, lastSigned, keys, cosigning, LogOptions.DEFAULT, InstantSource.system());
            Parsed<Log> log = fresh ? Log.create(settings) : Log.open(settings);
            Opened both = new Opened(Refusals.unwrap(directory.toString(), log), client);
            opened = true;
            return both;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        } finally {
            if (!opened) {
                client.ifPresent(WitnessClient::close);
            }
        }
    }

    private Optional<WitnessClient> client(Terminal terminal) throws CommandFailure {
        if (witnesses.isEmpty()) {
            return Optional.empty();
        }
        Path policy = witnesses.get();
        return Optional.of(Refusals.unwrap(
                policy.toString(),
                WitnessClient.of(
                        Inputs.policy(policy),
                        publishWithoutQuorum ? WitnessClient.Mode.LENIENT : WitnessClient.Mode.STRICT,
                        Duration.ofMillis(patienceMillis),
                        why -> terminal.err().println("ringfence: published without its quorum: " + why))));
    }
}
