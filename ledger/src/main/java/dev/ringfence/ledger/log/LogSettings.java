package dev.ringfence.ledger.log;

import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * What a log needs to be written on.
 *
 * @param directory the log, as readers see it; its parent must exist
 * @param secondCheckpoint file that keeps the last signed checkpoint apart from the directory, better on another disk; its
 *     directory must exist and is not inside the log
 * @param keys those that sign every checkpoint; the first is an Ed25519 key whose name is the origin of the log
 * @param cosigning asks the witnesses
 * @param options how entries are collected
 * @param clock time for cosignatures of our own keys
 */
public record LogSettings(
        Path directory,
        Path secondCheckpoint,
        List<SignerKey> keys,
        Cosigning cosigning,
        LogOptions options,
        InstantSource clock) {
    public LogSettings {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.getFirst().verifier().type() != SignatureType.ED25519) {
            throw new IllegalArgumentException("the first key of a log is an Ed25519 key");
        }
        directory = directory.toAbsolutePath().normalize();
        secondCheckpoint = secondCheckpoint.toAbsolutePath().normalize();
        if (secondCheckpoint.startsWith(directory) || secondCheckpoint.getParent() == null) {
            throw new IllegalArgumentException(
                    "the second checkpoint is kept outside the log, so that both cannot be rolled"
                            + " back by one copy: " + secondCheckpoint);
        }
    }

    /** A log without witnesses, with what suits a local disk. */
    public static LogSettings of(Path directory, Path secondCheckpoint, SignerKey key) {
        return new LogSettings(
                directory,
                secondCheckpoint,
                List.of(key),
                Cosigning.NOBODY,
                LogOptions.DEFAULT,
                InstantSource.system());
    }

    /** The same with other options. */
    public LogSettings with(LogOptions other) {
        return new LogSettings(directory, secondCheckpoint, keys, cosigning, other, clock);
    }

    /** The same with witnesses. */
    public LogSettings with(Cosigning other) {
        return new LogSettings(directory, secondCheckpoint, keys, other, options, clock);
    }
}
