package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.merkle.TreeHashes;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A log in memory whose leaves follow from their index; forks differ from some leaf on. */
record SampleLog(SignerKey key, long forkedAt, String fork) implements TreeHashes {
    static SampleLog named(String origin) {
        return new SampleLog(SignerKey.generate(origin, SignatureType.ED25519).orThrow(), Long.MAX_VALUE, "");
    }

    /** The same log, with other leaves from an index on. */
    SampleLog forkedAt(long index, String name) {
        return new SampleLog(key, index, name);
    }

    private Hash leaf(long index) {
        String text = "leaf " + index + (index >= forkedAt ? fork : "");
        return new TreeHasher().leaf(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Hash hash(int height, long index) {
        return height == 0
                ? leaf(index)
                : new TreeHasher().node(hash(height - 1, 2 * index), hash(height - 1, 2 * index + 1));
    }

    Hash root(long size) throws IOException {
        return Frontier.read(this, size).root();
    }

    Checkpoint checkpoint(long size) throws IOException {
        return new Checkpoint(key.verifier().name(), size, root(size));
    }

    SignedCheckpoint signed(long size) throws IOException {
        return SignedCheckpoint.sign(checkpoint(size), key, Instant.EPOCH);
    }

    /** The request of an honest log. */
    AddCheckpoint request(long oldSize, long size) throws IOException {
        return AddCheckpoint.of(ConsistencyProof.build(this, oldSize, size), signed(size));
    }
}
