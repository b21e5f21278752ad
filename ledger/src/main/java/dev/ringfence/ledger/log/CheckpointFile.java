package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.note.VerifierKey;
import java.util.List;
import java.util.Optional;

/** A signed checkpoint in a file that readers see whole: written aside, synced, renamed, and the directory synced. */
final class CheckpointFile {
    private final LogStorage storage;
    private final String name;
    private final String refusalCode;

    /** @param refusalCode code for a file that is not a checkpoint of the log */
    CheckpointFile(LogStorage storage, String name, String refusalCode) {
        this.storage = storage;
        this.name = name;
        this.refusalCode = refusalCode;
    }

    /** Where it is, for people. */
    String place() {
        return storage.place(name);
    }

    /** Replaces the content; durable on return. */
    void write(SignedCheckpoint checkpoint) throws StorageException {
        writeAside(checkpoint);
        syncAside();
        show();
    }

    /** Writes a content that nobody sees. */
    void writeAside(SignedCheckpoint checkpoint) throws StorageException {
        storage.write(aside(), List.of(checkpoint.bytes()));
    }

    /** Makes durable what was written aside. */
    void syncAside() throws StorageException {
        storage.sync(aside());
    }

    /** Replaces the content by what was written aside and synced; durable on return. */
    void show() throws StorageException {
        storage.rename(aside(), name);
        storage.syncDirectory("");
    }

    private String aside() {
        return "." + name + ".new";
    }

    /** Makes durable what a process that ended early may have renamed without syncing. */
    void sync() throws StorageException {
        storage.syncDirectory("");
    }

    boolean exists() throws StorageException {
        return storage.read(name, SignedNote.LIMIT_BYTES).isPresent();
    }

    /** The checkpoint, signed by this key for the origin that the key is named after; empty if there is no file. */
    Optional<Parsed<SignedCheckpoint>> read(VerifierKey key) throws StorageException {
        return storage.read(name, SignedNote.LIMIT_BYTES).map(bytes -> check(bytes, key));
    }

    private Parsed<SignedCheckpoint> check(byte[] bytes, VerifierKey key) {
        return switch (SignedCheckpoint.parse(bytes)) {
            case Parsed.Refused<SignedCheckpoint>(var why) -> refused(why.toString());
            case Parsed.Value<SignedCheckpoint>(var signed) ->
                switch (signed.check(key)) {
                    case SignatureCheck.Absent _ -> refused("it has no signature of " + key);
                    case SignatureCheck.Invalid _ -> refused("the signature of " + key + " does not verify");
                    case SignatureCheck.Valid _ ->
                        signed.checkpoint().origin().equals(key.name())
                                ? Parsed.of(signed)
                                : refused("it is of the log "
                                        + signed.checkpoint().origin());
                };
        };
    }

    private Parsed<SignedCheckpoint> refused(String why) {
        return Parsed.refused(refusalCode, place() + " is not a checkpoint of this log: " + why);
    }
}
