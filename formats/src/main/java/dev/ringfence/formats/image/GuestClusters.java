package dev.ringfence.formats.image;

/**
 * The places where an image keeps what the guest wrote: none outside the file, none on a table, and not more of them than
 * the file can hold. Not thread-safe.
 */
final class GuestClusters {
    /** Less is no danger, however well it compresses. */
    static final long EXPANDED_FLOOR_BYTES = 1L << 30;
    /** Real disks compress to a half or a tenth. */
    static final long RATIO_LIMIT = 200;

    private final ImageInput in;
    private final Extents tables;
    private final long clusterBytes;
    private long plainCount;
    private long compressedCount;
    private long compressedBytes;
    private boolean outside;
    private boolean overlapping;

    /** @param tables complete: nothing is added afterwards */
    GuestClusters(ImageInput in, Extents tables, long clusterBytes) {
        this.in = in;
        this.tables = tables;
        this.clusterBytes = clusterBytes;
    }

    /** A cluster as it is. The last one may be cut by the end of the file. */
    void plain(long offset, boolean counted, Draft draft) {
        if (counted) {
            plainCount++;
        }
        place(offset, Math.min(clusterBytes, in.sizeBytes() - offset), draft);
    }

    /**
     * A compressed cluster.
     *
     * @param least the fewest bytes that it can take, at least 1
     */
    void compressed(long offset, long least, boolean counted, Draft draft) {
        if (counted) {
            compressedCount++;
            compressedBytes += least;
        }
        place(offset, least, draft);
    }

    private void place(long offset, long length, Draft draft) {
        if (offset < 0 || offset >= in.sizeBytes() || length > in.sizeBytes() - offset) {
            if (!outside) {
                draft.refuse(ImageCode.OUTSIDE_FILE, "guest data at " + offset + " lies outside the file");
            }
            outside = true;
        } else if (!overlapping) {
            String table = tables.at(offset, length);
            if (!table.isEmpty()) {
                draft.refuse(ImageCode.OVERLAP, "guest data at " + offset + " lies on " + table);
                overlapping = true;
            }
        }
    }

    /** Judges the sums. */
    void finish(Draft draft) {
        long held = in.sizeBytes() / clusterBytes + 1;
        if (plainCount > held || compressedBytes > in.sizeBytes()) {
            draft.refuse(
                    ImageCode.ALLOCATION_BOMB,
                    (plainCount + compressedCount) + " clusters are allocated, more than the file holds");
        }
        long expanded = compressedCount * clusterBytes;
        if (expanded > EXPANDED_FLOOR_BYTES && expanded / RATIO_LIMIT > in.sizeBytes()) {
            draft.refuse(
                    ImageCode.COMPRESSION_BOMB,
                    "compressed data expands to " + expanded + " bytes, more than " + RATIO_LIMIT + " times the file");
        }
    }
}
