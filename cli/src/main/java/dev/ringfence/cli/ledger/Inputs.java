package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.ledger.proof.Policy;
import dev.ringfence.ledger.proof.PolicyText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a command names, read up to a limit. */
final class Inputs {
    private static final int KEY_LIMIT_BYTES = 64 << 10;

    private Inputs() {}

    /**
     * A file's bytes, one more than the limit at most, which the parser then refuses.
     *
     * @throws CommandFailure with status 3, naming the file, if it cannot be read
     */
    static byte[] read(Path file, int limitBytes) throws CommandFailure {
        if (Files.isDirectory(file)) {
            throw CommandFailure.couldNotRun(file + ": is a directory, a file is asked for");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(limitBytes + 1);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    file + ": cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** A verifier key as it stands, or a file that holds one. */
    static VerifierKey key(String keyOrFile) throws CommandFailure {
        Parsed<VerifierKey> literal = VerifierKey.parse(keyOrFile);
        return literal instanceof Parsed.Value<VerifierKey>(VerifierKey key)
                ? key
                : Refusals.unwrap(
                        keyOrFile,
                        VerifierKey.parse(
                                new String(read(Path.of(keyOrFile), KEY_LIMIT_BYTES), StandardCharsets.UTF_8)));
    }

    static Policy policy(Path file) throws CommandFailure {
        return Refusals.unwrap(file.toString(), PolicyText.parse(read(file, PolicyText.LIMIT_BYTES)));
    }

    /** The checkpoint in the directory of a log, whose signatures nobody has checked. */
    static SignedCheckpoint checkpoint(Path directory) throws CommandFailure {
        Path file = directory.resolve("checkpoint");
        if (!Files.exists(file)) {
            throw CommandFailure.couldNotRun(
                    directory + ": there is no log (no file 'checkpoint'); make one with" + " 'ringfence ledger init'");
        }
        return signedCheckpoint(file);
    }

    /** A file with a signed checkpoint. */
    static SignedCheckpoint signedCheckpoint(Path file) throws CommandFailure {
        return Refusals.unwrap(file.toString(), SignedCheckpoint.parse(read(file, SignedNote.LIMIT_BYTES)));
    }
}
