package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.http.RemoteLog;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.StoredTiles;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * A log that is only read, in a directory or over HTTP, at one checkpoint; a writer may go on meanwhile. A proof that does
 * not lead to the root of the checkpoint is not handed out. Refusals: RF-LDG-222 there is no such leaf or size, RF-LDG-223
 * the tiles do not make the tree of the checkpoint.
 *
 * @param name for people
 */
record ReadLog(String name, SignedCheckpoint signed, TileSource tiles, AutoCloseable source) implements AutoCloseable {
    /** @param directoryOrUrl a directory, or what begins with http:// or https:// */
    static ReadLog of(String directoryOrUrl) throws CommandFailure, IOException {
        if (directoryOrUrl.startsWith("http://") || directoryOrUrl.startsWith("https://")) {
            RemoteLog remote = new RemoteLog(uri(directoryOrUrl));
            try {
                SignedCheckpoint signed = Refusals.unwrap(directoryOrUrl, remote.checkpoint());
                return new ReadLog(directoryOrUrl, signed, remote, remote);
            } catch (CommandFailure | IOException e) {
                remote.close();
                throw e;
            }
        }
        Path directory = Path.of(directoryOrUrl);
        return new ReadLog(
                directoryOrUrl,
                Inputs.checkpoint(directory),
                new StoredTiles(new DirectoryStorage(directory)),
                () -> {});
    }

    private static URI uri(String url) throws CommandFailure {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(url + ": is no URL");
        }
    }

    long size() {
        return signed.checkpoint().size();
    }

    /** The bytes of a leaf, as the tiles have them. */
    byte[] leaf(long index) throws CommandFailure, IOException {
        TilePath path = new TreeTiles(size()).bundleOf(index);
        return switch (EntryBundle.parse(tiles.read(path), path.width())) {
            case Parsed.Value<EntryBundle>(EntryBundle bundle) -> bundle.entry((int) (index % TilePath.FULL_WIDTH));
            case Parsed.Refused<EntryBundle>(Refusal why) -> throw damaged(why);
        };
    }

    /** That a leaf stands in the tree of the checkpoint. */
    InclusionProof inclusion(long index, byte[] leaf) throws CommandFailure, IOException {
        InclusionProof proof = InclusionProof.build(new TiledTree(tiles, size()), index, size());
        if (proof.verify(new TreeHasher().leaf(leaf), signed.checkpoint().root()) instanceof Check.Fails(Refusal why)) {
            throw damaged(why);
        }
        return proof;
    }

    /** That a tree is continued by that of the checkpoint. */
    ConsistencyProof consistency(long from, Hash oldRoot) throws CommandFailure, IOException {
        ConsistencyProof proof = ConsistencyProof.build(new TiledTree(tiles, size()), from, size());
        if (proof.verify(oldRoot, signed.checkpoint().root()) instanceof Check.Fails(Refusal why)) {
            throw damaged(why);
        }
        return proof;
    }

    /** The root of the tree of the first leaves, as the tiles have it. */
    Hash root(long size) throws IOException {
        return Frontier.read(new TiledTree(tiles, size()), size).root();
    }

    /** Says that an index or a size is none of this log. */
    CommandFailure noSuch(String what) {
        return Refusals.failure(name, new Refusal("RF-LDG-222", what + " is not in its tree of " + size()));
    }

    private CommandFailure damaged(Refusal why) {
        return Refusals.failure(
                name, new Refusal("RF-LDG-223", "its files do not make the tree of its checkpoint (" + why + ")"));
    }

    @Override
    public void close() throws IOException {
        if (source instanceof RemoteLog remote) {
            remote.close();
        }
    }
}
