package dev.ringfence.ledger.index;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafText;
import dev.ringfence.ledger.log.LogStorage;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves by subject, kind and time. Each 65,536 leaves are one file of 1.1 MB (17 bytes a leaf), named after the subtree that
 * it describes and bound to its hash; the leaves after the last file are read again when the index is opened. In memory: 1.1
 * MB for those, and one file while it is searched. A file that is missing, damaged or of another tree is made again from
 * the bundles, and the index says so. That an answer is complete rests on this index; that a leaf stands in the log, on the
 * proof for its index. Not thread-safe.
 */
public final class LeafIndex {
    private static final int SEGMENT_HEIGHT = 16;

    /** A file a little too long is damaged, which is told apart from what cannot be read. */
    private static final int SIZE_LIMIT = 16 * SegmentFile.SIZE_BYTES;

    private final TileSource tiles;
    private final LogStorage storage;
    private final String aside;
    private Columns tail = new Columns(0);
    private long unreadable;
    private long readBundle = -1;
    private List<byte[]> bundle = List.of();

    /**
     * An index that has not looked at the log yet; {@link #update} does.
     *
     * @param tiles the log
     * @param storage a directory of its own, which may be empty
     */
    public LeafIndex(TileSource tiles, LogStorage storage) {
        this.tiles = tiles;
        this.storage = storage;
        this.aside = "." + ProcessHandle.current().pid() + ".new";
    }

    /** Number of leaves that queries consider. */
    public long size() {
        return tail.first() + tail.count();
    }

    /**
     * Takes in the leaves up to a size. The first call checks every file; later ones read what is new.
     *
     * @param treeSize size of a published checkpoint, not smaller than in an earlier call
     * @return what had to be rebuilt: RF-LDG-130 a file that was damaged or is of another tree
     * @throws IOException if the log cannot be read or the index not be written
     */
    public List<Refusal> update(long treeSize) throws IOException {
        if (treeSize < size()) {
            throw new IllegalArgumentException("the index covers " + size() + " leaves, the log has " + treeSize);
        }
        List<Refusal> rebuilt = new ArrayList<>();
        TiledTree tree = new TiledTree(tiles, treeSize);
        while (tail.first() + Columns.FULL <= treeSize) {
            long segment = tail.first() / Columns.FULL;
            Hash root = tree.hash(SEGMENT_HEIGHT, segment);
            Optional<byte[]> there = tail.count() == 0 ? storage.read(name(segment), SIZE_LIMIT) : Optional.empty();
            Optional<SegmentFile> usable = there.flatMap(file -> SegmentFile.decode(file, tail.first(), root));
            if (usable.isEmpty()) {
                there.ifPresent(_ -> rebuilt.add(damaged(segment)));
                fill(tail.first() + Columns.FULL, treeSize);
                byte[] file = SegmentFile.encode(tail, root);
                storage.writeSynced(aside, List.of(file));
                storage.rename(aside, name(segment));
                storage.syncDirectory("");
                usable = SegmentFile.decode(file, tail.first(), root);
            }
            unreadable += usable.map(SegmentFile::unreadable).orElse(0L);
            tail = new Columns(tail.first() + Columns.FULL);
        }
        fill(treeSize, treeSize);
        return rebuilt;
    }

    private void fill(long end, long treeSize) throws IOException {
        while (size() < end) {
            List<byte[]> entries = bundle(size(), treeSize);
            for (int i = (int) (size() % TilePath.FULL_WIDTH); i < entries.size() && size() < end; i++) {
                tail.add(entries.get(i));
            }
        }
    }

    /**
     * The leaves that match, from the smallest index on.
     *
     * @throws IOException if the log or the index cannot be read, or a file of the index was changed since {@link #update}
     */
    public Answer find(Query query) throws IOException {
        List<Answer.Hit> hits = new ArrayList<>();
        long tree = size();
        TiledTree hashes = new TiledTree(tiles, tree);
        for (long segment = query.fromIndex() / Columns.FULL; segment * Columns.FULL < tail.first(); segment++) {
            long first = segment * Columns.FULL;
            Hash root = hashes.hash(SEGMENT_HEIGHT, segment);
            SegmentFile file = storage.read(name(segment), SIZE_LIMIT)
                    .flatMap(bytes -> SegmentFile.decode(bytes, first, root))
                    .orElseThrow(() -> new IOException("the index file " + storage.place(name(first / Columns.FULL))
                            + " was changed; open the index again"));
            if (collect(query, first, file.candidates(query), tree, hits)) {
                return answer(hits, tree, false);
            }
        }
        boolean more = collect(query, tail.first(), tailCandidates(query), tree, hits);
        return answer(hits, tree, !more);
    }

    private Answer answer(List<Answer.Hit> hits, long tree, boolean complete) {
        long found = unreadable + tailUnreadable();
        return new Answer(hits, complete ? tree : hits.getLast().index() + 1, tree, found);
    }

    /** Reads the candidates and keeps those that match; true if the answer is full and there may be more. */
    private boolean collect(Query query, long first, List<Integer> positions, long tree, List<Answer.Hit> hits)
            throws IOException {
        for (int position : positions) {
            long index = first + position;
            if (index < query.fromIndex()) {
                continue;
            }
            if (hits.size() == query.limit()) {
                return true;
            }
            byte[] entry = bundle(index, tree).get((int) (index % TilePath.FULL_WIDTH));
            if (LeafText.parseEntry(entry) instanceof Parsed.Value<Leaf>(Leaf leaf) && query.matches(leaf)) {
                hits.add(new Answer.Hit(index, leaf));
            }
        }
        return false;
    }

    private List<Integer> tailCandidates(Query query) {
        String subject = query.subject();
        long hash = subject == null ? 0 : LeafShape.subjectHash(subject);
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < tail.count(); i++) {
            if ((subject == null || tail.subject(i) == hash)
                    && SegmentFile.isPossible(query, tail.kind(i), tail.second(i))) {
                positions.add(i);
            }
        }
        return positions;
    }

    private long tailUnreadable() {
        long found = 0;
        for (int i = 0; i < tail.count(); i++) {
            found += tail.kind(i) == Columns.UNREADABLE ? 1 : 0;
        }
        return found;
    }

    /** The entries of the bundle that holds a leaf; the last one is kept. */
    private List<byte[]> bundle(long index, long treeSize) throws IOException {
        TilePath path = new TreeTiles(treeSize).bundleOf(index);
        if (path.index() == readBundle && bundle.size() >= path.width()) {
            return bundle;
        }
        EntryBundle read = switch (EntryBundle.parse(tiles.read(path), path.width())) {
            case Parsed.Value<EntryBundle>(EntryBundle value) -> value;
            case Parsed.Refused<EntryBundle>(Refusal why) -> throw new IOException("cannot use " + path + ": " + why);
        };
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < read.width(); i++) {
            entries.add(read.entry(i));
        }
        readBundle = path.index();
        bundle = entries;
        return entries;
    }

    private Refusal damaged(long segment) {
        return new Refusal(
                "RF-LDG-130",
                "the index file " + storage.place(name(segment))
                        + " was damaged or of another tree, and was made again");
    }

    private static String name(long segment) {
        return "leaves-" + segment * Columns.FULL;
    }
}
