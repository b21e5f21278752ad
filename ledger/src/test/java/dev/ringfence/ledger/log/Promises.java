package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a log has said so far, and whether it still holds: acknowledged leaves, proofs, earlier checkpoints. */
final class Promises {
    /** The log's key in all tests. */
    static final SignerKey KEY =
            SignerKey.generate("log.example/test", SignatureType.ED25519).orThrow();

    private record Given(InclusionProof proof, Hash leafHash, Hash root) {}

    private final Map<Long, byte[]> leaves = new TreeMap<>();
    private final List<Given> proofs = new ArrayList<>();
    private final Map<Long, Checkpoint> checkpoints = new TreeMap<>();

    /** The log acknowledged a leaf. */
    void acknowledged(long index, byte[] leaf) {
        assertThat(leaves.put(index, leaf))
                .as("a second leaf at index %d", index)
                .isNull();
    }

    /** The log published a checkpoint; a proof for its last leaf is asked for and kept. */
    void published(Checkpoint checkpoint, TileSource tiles) throws IOException {
        checkpoints.put(checkpoint.size(), checkpoint);
        if (checkpoint.size() > 0) {
            give(checkpoint, tiles, checkpoint.size() - 1);
            give(checkpoint, tiles, checkpoint.size() / 2);
        }
    }

    private void give(Checkpoint checkpoint, TileSource tiles, long index) throws IOException {
        Hash leafHash = new TreeHasher().leaf(leaf(tiles, index, checkpoint.size()));
        InclusionProof proof = InclusionProof.build(new TiledTree(tiles, checkpoint.size()), index, checkpoint.size());
        proofs.add(new Given(proof, leafHash, checkpoint.root()));
    }

    long acknowledgedSize() {
        return leaves.isEmpty() ? 0 : ((TreeMap<Long, byte[]>) leaves).lastKey() + 1;
    }

    /** All that was said holds in the log as it is now. */
    void hold(Checkpoint now, TileSource tiles) throws IOException {
        assertThat(now.size()).isGreaterThanOrEqualTo(acknowledgedSize());
        TiledTree tree = new TiledTree(tiles, now.size());
        List<byte[]> found = leaves(tiles, now.size());
        leaves.forEach((index, leaf) ->
                assertThat(found.get(index.intValue())).as("leaf %d", index).isEqualTo(leaf));
        // The root over all leaves says more than a proof for each.
        assertThat(root(found)).as("root over all leaves").isEqualTo(now.root());
        for (Given given : proofs) {
            assertThat(given.proof().verify(given.leafHash(), given.root())).isEqualTo(Check.holds());
            assertThat(InclusionProof.build(tree, given.proof().index(), now.size())
                            .verify(given.leafHash(), now.root()))
                    .isEqualTo(Check.holds());
        }
        for (Checkpoint earlier : checkpoints.values()) {
            assertThat(earlier.size()).isLessThanOrEqualTo(now.size());
            assertThat(ConsistencyProof.build(tree, earlier.size(), now.size()).verify(earlier.root(), now.root()))
                    .as("consistency from %d to %d", earlier.size(), now.size())
                    .isEqualTo(Check.holds());
        }
    }

    /** All leaves of a tree of this size, as a reader gets them. */
    static List<byte[]> leaves(TileSource tiles, long size) throws IOException {
        List<byte[]> leaves = new ArrayList<>();
        while (leaves.size() < size) {
            TilePath path = new TreeTiles(size).bundleOf(leaves.size());
            EntryBundle bundle =
                    EntryBundle.parse(tiles.read(path), path.width()).orThrow();
            for (int i = 0; i < bundle.width(); i++) {
                leaves.add(bundle.entry(i));
            }
        }
        return leaves;
    }

    private static Hash root(List<byte[]> leaves) {
        TreeHasher hasher = new TreeHasher();
        Frontier frontier = new Frontier();
        leaves.forEach(leaf -> frontier.append(hasher.leaf(leaf)));
        return frontier.root();
    }

    static byte[] leaf(TileSource tiles, long index, long size) throws IOException {
        TilePath path = new TreeTiles(size).bundleOf(index);
        return EntryBundle.parse(tiles.read(path), path.width()).orThrow().entry((int) (index % TilePath.FULL_WIDTH));
    }
}
