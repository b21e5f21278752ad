package dev.ringfence.formats.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the structures of an image lie, to find two on the same bytes. At most 32,768; more are refused. Not thread-safe.
 */
final class Extents {
    private static final int COUNT_LIMIT = 1 << 16;
    /** Two offsets, a label, and an index while sorting. */
    private static final int BYTES_EACH = 8 + 8 + 4 + 20;

    private final ImageInput in;
    private final List<String> labels = new ArrayList<>();
    private long[] starts = new long[256];
    private long[] ends = new long[256];
    private int[] labelOf = new int[256];
    private int count;
    private boolean sorted = true;

    /** The free range around the last place that was asked for: the next is most often in it too. */
    private long freeFrom;

    private long freeTo;

    Extents(ImageInput in) {
        this.in = in;
    }

    /**
     * Adds a structure. One that is already there, with the same place and label, counts once.
     *
     * @param label what it is, for a person; a few different ones at most
     */
    void add(long offset, long length, String label) throws Malformed {
        if (length <= 0) {
            return;
        }
        if (count == COUNT_LIMIT) {
            // Snapshots share most tables.
            sort();
            if (count > COUNT_LIMIT / 2) {
                throw new Malformed(ImageCode.LIMIT, "more than " + COUNT_LIMIT / 2 + " tables");
            }
        }
        if (count == starts.length) {
            in.reserve((long) count * BYTES_EACH);
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            labelOf = Arrays.copyOf(labelOf, 2 * count);
        }
        int label0 = labels.indexOf(label);
        if (label0 < 0) {
            label0 = labels.size();
            labels.add(label);
        }
        starts[count] = offset;
        ends[count] = offset + length;
        labelOf[count] = label0;
        count++;
        sorted = false;
        freeFrom = 0;
        freeTo = 0;
    }

    /** Refuses an image two structures of which share bytes. */
    void refuseOverlaps(Draft draft) {
        firstOverlap().ifPresent(text -> draft.refuse(ImageCode.OVERLAP, text));
    }

    /** Two structures that share bytes, as a sentence. */
    Optional<String> firstOverlap() {
        sort();
        int widest = -1;
        for (int i = 0; i < count; i++) {
            if (widest >= 0 && starts[i] < ends[widest]) {
                return Optional.of(labels.get(labelOf[i]) + " at " + starts[i] + " lies on "
                        + labels.get(labelOf[widest]) + " at " + starts[widest]);
            }
            if (widest < 0 || ends[i] > ends[widest]) {
                widest = i;
            }
        }
        return Optional.empty();
    }

    /** What a range of the file shares bytes with; empty if nothing. Meaningful if the structures do not overlap. */
    String at(long offset, long length) {
        if (sorted && offset >= freeFrom && length <= freeTo - offset) {
            return "";
        }
        sort();
        int low = Arrays.binarySearch(starts, 0, count, offset);
        int before = low >= 0 ? low : -low - 2;
        if (before >= 0 && offset < ends[before]) {
            return labels.get(labelOf[before]);
        }
        int after = before + 1;
        if (after < count && starts[after] < offset + length) {
            return labels.get(labelOf[after]);
        }
        freeFrom = before >= 0 ? ends[before] : 0;
        freeTo = after < count ? starts[after] : Long.MAX_VALUE;
        return "";
    }

    private void sort() {
        if (sorted) {
            return;
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> {
            int byStart = Long.compare(starts[a], starts[b]);
            return byStart != 0 ? byStart : Integer.compare(labelOf[a], labelOf[b]);
        });
        long[] newStarts = new long[Math.max(256, count)];
        long[] newEnds = new long[newStarts.length];
        int[] newLabels = new int[newStarts.length];
        int kept = 0;
        for (int i : order) {
            boolean again = kept > 0
                    && newStarts[kept - 1] == starts[i]
                    && newEnds[kept - 1] == ends[i]
                    && newLabels[kept - 1] == labelOf[i];
            if (!again) {
                newStarts[kept] = starts[i];
                newEnds[kept] = ends[i];
                newLabels[kept] = labelOf[i];
                kept++;
            }
        }
        starts = newStarts;
        ends = newEnds;
        labelOf = newLabels;
        count = kept;
        sorted = true;
    }
}
