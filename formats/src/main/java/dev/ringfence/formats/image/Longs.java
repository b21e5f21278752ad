package dev.ringfence.formats.image;

import java.util.Arrays;

/** A growing list of offsets, whose memory counts. Not thread-safe. */
final class Longs {
    private static final int COMPACT_FROM = 1 << 15;

    private final ImageInput in;
    private long[] values = new long[64];
    private int size;

    Longs(ImageInput in) {
        this.in = in;
    }

    /** Adds all of another list, and forgets what is there twice before the list grows large. */
    void addDistinct(Longs other) throws Malformed {
        for (int i = 0; i < other.size; i++) {
            if (size == values.length && size >= COMPACT_FROM) {
                long[] distinct = sortedDistinct();
                if (distinct.length < size / 2) {
                    System.arraycopy(distinct, 0, values, 0, distinct.length);
                    size = distinct.length;
                }
            }
            add(other.values[i]);
        }
    }

    void add(long value) throws Malformed {
        if (size == values.length) {
            // The copy that sorting makes is counted as well.
            in.reserve(16L * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /** Whether a value is there twice. */
    boolean repeats() {
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                return true;
            }
        }
        return false;
    }

    /** The values in order, each once. */
    long[] sortedDistinct() {
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        int kept = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[kept++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, kept);
    }
}
