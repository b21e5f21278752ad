package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.StorageException;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Cosigns checkpoints of the logs that it knows, if each continues the one before. What it has cosigned is durable before
 * the answer leaves, and comparing with the last record and replacing it is one step under one lock: of two requests that
 * start from the same size, one is told that it is stale. After the storage has failed it answers nothing more, because
 * its memory may differ from what the next start will find. Thread-safe.
 *
 * <p>Refusals: RF-LDG-200 to 205, 209.
 */
public final class Witness {
    /** Longest origin in UTF-8 bytes that an ML-DSA-44 cosignature can name. */
    private static final int ORIGIN_LIMIT_BYTES = 255;

    private final Map<String, List<VerifierKey>> logs = new HashMap<>();
    private final List<SignerKey> keys;
    private final WitnessRecords records;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable StorageException broken;

    /**
     * A witness.
     *
     * @param logs keys of the logs, each named as the origin of its log
     * @param keys its own, of cosignature types, at least one
     * @param clock time of the cosignatures
     * @throws IllegalArgumentException if a key is of the wrong type, or an origin longer than 255 bytes
     */
    public Witness(List<VerifierKey> logs, List<SignerKey> keys, WitnessRecords records, InstantSource clock) {
        for (VerifierKey log : logs) {
            if (log.name().getBytes(StandardCharsets.UTF_8).length > ORIGIN_LIMIT_BYTES) {
                throw new IllegalArgumentException("the name of log " + log + " is too long");
            }
            this.logs.computeIfAbsent(log.name(), _ -> new ArrayList<>()).add(log);
        }
        this.keys = List.copyOf(keys);
        if (this.keys.isEmpty() || this.keys.stream().anyMatch(k -> k.verifier().type() == SignatureType.ED25519)) {
            throw new IllegalArgumentException("a witness has keys for cosignatures");
        }
        this.records = records;
        this.clock = clock;
    }

    /** Judges the body of an add-checkpoint request. Never throws for what it says. */
    public Answer add(byte[] body) {
        return switch (AddCheckpoint.parse(body)) {
            case Parsed.Refused<AddCheckpoint>(Refusal why) -> new Answer.Refused(400, why);
            case Parsed.Value<AddCheckpoint>(AddCheckpoint request) -> add(request);
        };
    }

    private Answer add(AddCheckpoint request) {
        SignedNote note = request.note();
        String origin = note.text().substring(0, note.text().indexOf('\n'));
        List<VerifierKey> trusted = logs.get(origin);
        if (trusted == null) {
            return refused(404, "RF-LDG-202", "this witness does not know a log of that origin");
        }
        if (trusted.stream().noneMatch(key -> note.check(key) instanceof SignatureCheck.Valid)) {
            return refused(403, "RF-LDG-203", "no key that this witness knows of the log has signed the checkpoint");
        }
        return switch (Checkpoint.parse(note.text())) {
            case Parsed.Refused<Checkpoint>(Refusal why) ->
                new Answer.Refused(isEmptyTree(note.text()) ? 422 : 400, why);
            case Parsed.Value<Checkpoint>(Checkpoint checkpoint) -> add(request, checkpoint);
        };
    }

    /** A signed empty tree with a root that it cannot have is inconsistent rather than malformed. */
    private static boolean isEmptyTree(String text) {
        return text.lines().skip(1).findFirst().orElse("").equals("0");
    }

    private Answer add(AddCheckpoint request, Checkpoint checkpoint) {
        if (request.oldSize() > checkpoint.size()) {
            return refused(
                    400,
                    "RF-LDG-201",
                    "the old size " + request.oldSize() + " is larger than the checkpoint's " + checkpoint.size());
        }
        lock.lock();
        try {
            return broken == null
                    ? continued(request, checkpoint)
                    : refused(503, "RF-LDG-209", "this witness stopped when its storage failed");
        } catch (StorageException e) {
            broken = e;
            return refused(503, "RF-LDG-209", "the storage of this witness failed");
        } finally {
            lock.unlock();
        }
    }

    private Answer continued(AddCheckpoint request, Checkpoint checkpoint) throws StorageException {
        Optional<Checkpoint> last = records.last(checkpoint.origin());
        long seenSize = last.map(Checkpoint::size).orElse(0L);
        if (request.oldSize() != seenSize) {
            return new Answer.Stale(seenSize);
        }
        Check consistent = new ConsistencyProof(seenSize, checkpoint.size(), request.proof())
                .verify(last.map(Checkpoint::root).orElse(TreeHasher.EMPTY_ROOT), checkpoint.root());
        if (consistent instanceof Check.Fails(Refusal why)) {
            return refused(
                    422,
                    "RF-LDG-205",
                    "the tree of " + checkpoint.size() + " is not shown to continue that of " + seenSize + ": " + why);
        }
        if (!records.hasRoomFor(checkpoint.origin())) {
            return refused(503, "RF-LDG-209", "this witness has no room for one more log");
        }
        Instant now = clock.instant();
        List<NoteSignature> cosignatures =
                keys.stream().map(key -> key.sign(checkpoint, now)).toList();
        if (checkpoint.size() > seenSize) {
            records.record(checkpoint);
        }
        return new Answer.Cosigned(cosignatures);
    }

    /** Why nothing is cosigned any more, or empty while the storage works. */
    public Optional<StorageException> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(broken);
        } finally {
            lock.unlock();
        }
    }

    private static Answer refused(int status, String code, String reason) {
        return new Answer.Refused(status, new Refusal(code, reason));
    }
}
