package dev.ringfence.ledger.index;

import dev.ringfence.ledger.leaf.LeafKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the index knows of up to 65,536 consecutive leaves: 17 bytes a leaf. Subjects are kept as a hash that only rules out;
 * whoever finds a position reads the leaf. Not thread-safe.
 */
final class Columns {
    /** Leaves of a full segment: those under one hash of tile level 2. */
    static final int FULL = 1 << 16;

    /** Kind of an entry that is no leaf of ours. */
    static final byte UNREADABLE = -1;

    private static final int POSITION_BITS = 16;

    private static final List<LeafKind> KINDS = List.of(LeafKind.values());

    private final long first;
    private int count;
    private long[] subjects;
    private long[] seconds;
    private byte[] kinds;

    Columns(long first) {
        this.first = first;
        this.subjects = new long[256];
        this.seconds = new long[256];
        this.kinds = new byte[256];
    }

    /** Index of the first leaf. */
    long first() {
        return first;
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == FULL;
    }

    /** Takes the next entry. */
    void add(byte[] entry) {
        if (count == kinds.length) {
            subjects = Arrays.copyOf(subjects, 2 * count);
            seconds = Arrays.copyOf(seconds, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
        }
        Optional<LeafShape> shape = LeafShape.of(entry);
        subjects[count] = shape.map(LeafShape::subjectHash).orElse(0L);
        seconds[count] = shape.map(LeafShape::second).orElse(0L);
        kinds[count] = shape.map(leaf -> number(leaf.kind())).orElse(UNREADABLE);
        count++;
    }

    /** Hash of the subject at a position. */
    long subject(int position) {
        return subjects[position];
    }

    long second(int position) {
        return seconds[position];
    }

    byte kind(int position) {
        return kinds[position];
    }

    /** Subject hashes with their positions in the low 16 bits, in order, as unsigned numbers. */
    long[] sortedSubjects() {
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++) {
            // Flipping the sign makes the order of signed numbers that of unsigned ones.
            sorted[i] = subjectKey(subjects[i], i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(sorted);
        for (int i = 0; i < count; i++) {
            sorted[i] ^= Long.MIN_VALUE;
        }
        return sorted;
    }

    /** The number that stands for a kind, the same as long as {@link LeafKind} is. */
    static byte number(LeafKind kind) {
        return (byte) KINDS.indexOf(kind);
    }

    /** The key that the subject index is sorted by. */
    static long subjectKey(long hash, int position) {
        return hash << POSITION_BITS | position;
    }
}
