package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log, one batch at a time. The order is what makes it safe: bundle and tiles, synced with their directories; then
 * the signed checkpoint in the second place; then the witnesses; then the public checkpoint. A stop between any two leaves a
 * tree that {@link LogOpening} continues. After an exception the writer is of no use; the log has to be opened again. For
 * one thread; the published checkpoint may be read from any.
 */
final class LogWriter {
    private final LogPlaces places;
    private final List<SignerKey> keys;
    private final Cosigning cosigning;
    private final InstantSource clock;
    private final TreeEdge edge;
    private final SyncedDirectories directories;
    private final StoredTiles tiles;
    private final Leftovers leftovers;
    private final Together together;
    private SignedCheckpoint signed;
    private volatile SignedCheckpoint published;
    private long tidiedSize;
    /** What stands beside the public checkpoint, ready to replace it. */
    private @Nullable SignedCheckpoint aside;

    private @Nullable StorageException broken;

    LogWriter(
            LogPlaces places,
            List<SignerKey> keys,
            Cosigning cosigning,
            InstantSource clock,
            TreeEdge edge,
            SignedCheckpoint signed,
            SignedCheckpoint published,
            Together together) {
        this.places = places;
        this.keys = List.copyOf(keys);
        this.cosigning = cosigning;
        this.clock = clock;
        this.edge = edge;
        this.directories = new SyncedDirectories(places.log());
        this.tiles = new StoredTiles(places.log());
        this.leftovers = new Leftovers(places.log());
        this.together = together;
        this.signed = signed;
        this.published = published;
        this.tidiedSize = published.checkpoint().size();
    }

    /** The checkpoint that readers see. */
    SignedCheckpoint published() {
        return published;
    }

    /** Number of leaves that are durable and signed; not smaller than what is published. */
    long signedSize() {
        return signed.checkpoint().size();
    }

    /** Whether a signed checkpoint waits for witnesses. */
    boolean isPending() {
        return signedSize() > published.checkpoint().size();
    }

    StoredTiles tiles() {
        return tiles;
    }

    /**
     * Makes leaves durable and signs the tree with them, without publishing it.
     *
     * @return index of the first
     * @throws StorageException if the storage failed; nothing is promised about the leaves
     */
    long write(List<byte[]> leaves) throws StorageException {
        return guarded(() -> {
            long first = edge.size();
            List<Together.Write> syncs = new ArrayList<>();
            for (TreeEdge.Staged file : edge.extend(leaves)) {
                String path = file.path().path();
                directories.prepare(path);
                places.log().write(path, file.parts());
                syncs.add(() -> places.log().sync(path));
            }
            SignedCheckpoint next = sign(new Checkpoint(origin(), edge.size(), edge.root()));
            // Aside, where nobody sees them before the tiles are durable.
            places.secondCheckpoint().writeAside(next);
            syncs.add(() -> places.secondCheckpoint().syncAside());
            if (cosigning.equals(Cosigning.NOBODY)) {
                places.publicCheckpoint().writeAside(next);
                syncs.add(() -> places.publicCheckpoint().syncAside());
                aside = next;
            }
            // All at once: contents and names reach the disk in any order, and nothing counts before all have.
            syncs.addAll(directories.syncs());
            together.run(syncs);
            places.secondCheckpoint().show();
            signed = next;
            return first;
        });
    }

    /**
     * Publishes what is signed, once the witnesses that the policy asks for have cosigned.
     *
     * @return why it was not published
     */
    Optional<Refusal> publish() throws StorageException {
        Cosigning.Offer offer =
                new Cosigning.Offer(signed, published.checkpoint().size(), tiles);
        return switch (cosigning.cosign(offer)) {
            case Cosigning.NotMet(Refusal why) -> Optional.of(why);
            case Cosigning.Met(List<NoteSignature> cosignatures) -> {
                SignedCheckpoint next = signed;
                for (NoteSignature cosignature : cosignatures) {
                    next = next.with(cosignature);
                }
                publish(next);
                yield Optional.empty();
            }
        };
    }

    private void publish(SignedCheckpoint next) throws StorageException {
        guarded(() -> {
            if (aside == null || !aside.equals(next)) {
                places.publicCheckpoint().writeAside(next);
                places.publicCheckpoint().syncAside();
            }
            aside = null;
            places.publicCheckpoint().show();
            published = next;
            return next;
        });
    }

    /** Removes partial tiles that have become full; for after the submitters were told. */
    void tidy() throws StorageException {
        guarded(() -> {
            long size = published.checkpoint().size();
            leftovers.removeFilled(tidiedSize, size);
            tidiedSize = size;
            return size;
        });
    }

    private String origin() {
        return keys.getFirst().verifier().name();
    }

    private SignedCheckpoint sign(Checkpoint checkpoint) {
        return sign(checkpoint, keys, clock);
    }

    static SignedCheckpoint sign(Checkpoint checkpoint, List<SignerKey> keys, InstantSource clock) {
        SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, keys.getFirst(), clock.instant());
        for (SignerKey key : keys.subList(1, keys.size())) {
            signed = signed.cosign(key, clock.instant());
        }
        return signed;
    }

    static Checkpoint emptyTree(List<SignerKey> keys) {
        return new Checkpoint(keys.getFirst().verifier().name(), 0, TreeHasher.EMPTY_ROOT);
    }

    private interface Work<T> {
        T run() throws StorageException;
    }

    /** After a failure the memory may be ahead of the disk, so nothing more is tried. */
    private <T> T guarded(Work<T> work) throws StorageException {
        if (broken != null) {
            throw broken;
        }
        try {
            return work.run();
        } catch (StorageException e) {
            broken = e;
            throw e;
        }
    }
}
