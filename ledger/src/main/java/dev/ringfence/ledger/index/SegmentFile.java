package dev.ringfence.ledger.index;

import dev.ringfence.ledger.leaf.LeafKind;
import dev.ringfence.ledger.merkle.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a full segment: a header that says which leaves of which tree, the sorted subjects, the seconds, the kinds,
 * and a CRC-32C. 1.1 MB for 65,536 leaves. Immutable.
 */
final class SegmentFile {
    /** Length of every segment file. */
    static final int SIZE_BYTES;

    private static final byte[] MAGIC = "RFLIDX1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int KIND_NAMES_AT = 8;
    private static final int FIRST_AT = 16;
    private static final int ROOT_AT = 24;
    private static final int UNREADABLE_AT = ROOT_AT + Hash.SIZE_BYTES;
    private static final int EARLIEST_AT = UNREADABLE_AT + 8;
    private static final int LATEST_AT = EARLIEST_AT + 8;
    private static final int SUBJECTS_AT = LATEST_AT + 8;
    private static final int SECONDS_AT = SUBJECTS_AT + 8 * Columns.FULL;
    private static final int KINDS_AT = SECONDS_AT + 8 * Columns.FULL;
    private static final int SUM_AT = KINDS_AT + Columns.FULL;

    static {
        SIZE_BYTES = SUM_AT + 4;
    }

    private final ByteBuffer bytes;

    private SegmentFile(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * The file for full columns.
     *
     * @param root hash of the subtree over the leaves
     */
    static byte[] encode(Columns columns, Hash root) {
        if (!columns.isFull()) {
            throw new IllegalArgumentException("a segment of " + columns.count() + " leaves");
        }
        ByteBuffer out = ByteBuffer.allocate(SIZE_BYTES);
        out.put(MAGIC).putLong(kindNames()).putLong(columns.first()).put(root.bytes());
        long unreadable = 0;
        long earliest = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < Columns.FULL; i++) {
            if (columns.kind(i) == Columns.UNREADABLE) {
                unreadable++;
            } else {
                earliest = Math.min(earliest, columns.second(i));
                latest = Math.max(latest, columns.second(i));
            }
        }
        out.putLong(unreadable).putLong(earliest).putLong(latest);
        for (long key : columns.sortedSubjects()) {
            out.putLong(key);
        }
        for (int i = 0; i < Columns.FULL; i++) {
            out.putLong(columns.second(i));
        }
        for (int i = 0; i < Columns.FULL; i++) {
            out.put(columns.kind(i));
        }
        return out.putInt(sum(out.array())).array();
    }

    /** The segment in a file, or empty if it is not the one over these leaves, whole. Never throws. */
    static Optional<SegmentFile> decode(byte[] file, long first, Hash root) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        boolean whole = file.length == SIZE_BYTES
                && bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                && bytes.getLong(KIND_NAMES_AT) == kindNames()
                && bytes.getLong(FIRST_AT) == first
                && Hash.at(file, ROOT_AT).equals(root)
                && bytes.getInt(SUM_AT) == sum(file);
        return whole ? Optional.of(new SegmentFile(bytes)) : Optional.empty();
    }

    /** Kinds are stored by their order, so a file from before a new kind is of no use. */
    private static long kindNames() {
        return LeafShape.subjectHash(Arrays.toString(LeafKind.values()));
    }

    private static int sum(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(file, 0, SUM_AT);
        return (int) crc.getValue();
    }

    /** Entries that are no leaves of ours. */
    long unreadable() {
        return bytes.getLong(UNREADABLE_AT);
    }

    /** Positions that may match, ascending. */
    List<Integer> candidates(Query query) {
        if (!query.mayMatchSeconds(bytes.getLong(EARLIEST_AT), bytes.getLong(LATEST_AT))) {
            return List.of();
        }
        List<Integer> positions = new ArrayList<>();
        String subject = query.subject();
        if (subject == null) {
            for (int i = 0; i < Columns.FULL; i++) {
                addIfPossible(i, query, positions);
            }
            return positions;
        }
        long hash = LeafShape.subjectHash(subject);
        for (int at = lowerBound(Columns.subjectKey(hash, 0)); at < Columns.FULL; at++) {
            long key = bytes.getLong(SUBJECTS_AT + 8 * at);
            if (key >>> 16 != hash) {
                break;
            }
            addIfPossible((int) (key & 0xffff), query, positions);
        }
        return positions;
    }

    private void addIfPossible(int position, Query query, List<Integer> positions) {
        if (isPossible(query, bytes.get(KINDS_AT + position), bytes.getLong(SECONDS_AT + 8 * position))) {
            positions.add(position);
        }
    }

    /** Whether a leaf of this kind and second may match. */
    static boolean isPossible(Query query, byte kind, long second) {
        LeafKind wanted = query.kind();
        return kind != Columns.UNREADABLE
                && (wanted == null || Columns.number(wanted) == kind)
                && query.mayMatchSeconds(second, second);
    }

    private int lowerBound(long key) {
        int low = 0;
        int high = Columns.FULL;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(bytes.getLong(SUBJECTS_AT + 8 * middle), key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
