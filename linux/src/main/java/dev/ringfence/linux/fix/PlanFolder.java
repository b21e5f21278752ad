package dev.ringfence.linux.fix;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What is kept of one plan: a copy of it, its journal, and the bytes that were there before, each under its SHA-256 digest.
 * The names: {@code plan.json}, {@code journal}, {@code backups/DIGEST}.
 *
 * <p>Refusals: RF-FIX-104 as {@link Journal}; RF-FIX-105 the folder is not whole.
 */
public final class PlanFolder {
    static final String JOURNAL = "journal";
    static final String PLAN = "plan.json";
    private static final int PLAN_LIMIT_BYTES = 64 << 20;

    private final Storage storage;
    private final Path directory;
    private final Journal journal;

    private PlanFolder(Storage storage, Path directory, Journal journal) {
        this.storage = storage;
        this.directory = directory;
        this.journal = journal;
    }

    /** Fills a directory; what a killed call left in it, which can be no journal, goes. */
    static PlanFolder create(Storage storage, Path directory, byte[] planText) throws IOException {
        for (String left : storage.list(directory)) {
            if (left.equals(PLAN)) {
                storage.delete(directory.resolve(left));
            }
        }
        storage.create(directory.resolve(PLAN), planText);
        storage.sync(directory.resolve(PLAN));
        Path backups = directory.resolve(FixStore.BACKUPS);
        if (storage.kind(backups).isEmpty()) {
            storage.createDirectory(backups);
        }
        storage.syncDirectory(directory);
        return new PlanFolder(storage, directory, Journal.create(storage, directory.resolve(JOURNAL)));
    }

    static Decoded<PlanFolder> open(Storage storage, Path directory) throws IOException {
        return switch (Journal.open(storage, directory.resolve(JOURNAL))) {
            case Decoded.Value<Journal>(Journal journal) ->
                new Decoded.Value<>(new PlanFolder(storage, directory, journal));
            case Decoded.Refused<Journal>(Refusal refusal) -> new Decoded.Refused<>(refusal);
        };
    }

    /** The copy of the plan, as it was given. */
    public byte[] planText() throws IOException {
        return storage.read(directory.resolve(PLAN), PLAN_LIMIT_BYTES);
    }

    /** What happened. */
    public Journal journal() {
        return journal;
    }

    /** The short id. */
    public String name() {
        return String.valueOf(directory.getFileName());
    }

    /** Where it is. */
    public Path directory() {
        return directory;
    }

    /** Keeps bytes for good; the answer is their digest. */
    String keep(byte[] content) throws IOException {
        String digest = Digests.sha256(content);
        Path backups = directory.resolve(FixStore.BACKUPS);
        Path copy = backups.resolve(digest);
        if (storage.kind(copy).isPresent()) {
            if (Digests.sha256(storage.read(copy, FileReplacer.LIMIT_BYTES)).equals(digest)) {
                storage.sync(copy);
                storage.syncDirectory(backups);
                return digest;
            }
            // Begun by a call that was killed.
            storage.delete(copy);
        }
        storage.create(copy, content);
        storage.sync(copy);
        storage.syncDirectory(backups);
        return digest;
    }

    /** The bytes that were kept. */
    Decoded<Kept> kept(String digest) throws IOException {
        Path copy = directory.resolve(FixStore.BACKUPS).resolve(digest);
        if (storage.kind(copy).isEmpty()) {
            return Decoded.refused("RF-FIX-105", copy + " is not there any more");
        }
        byte[] content = storage.read(copy, FileReplacer.LIMIT_BYTES);
        return Digests.sha256(content).equals(digest)
                ? new Decoded.Value<>(new Kept(content))
                : Decoded.refused("RF-FIX-105", copy + " is damaged: its name is not its SHA-256 digest");
    }

    /** Bytes that were kept. */
    static final class Kept {
        private final byte[] bytes;

        private Kept(byte[] bytes) {
            this.bytes = Objects.requireNonNull(bytes);
        }

        byte[] bytes() {
            return bytes.clone();
        }
    }
}
