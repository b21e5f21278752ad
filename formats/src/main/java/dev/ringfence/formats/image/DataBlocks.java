package dev.ringfence.formats.image;

import java.util.Arrays;

/**
 * Where an image's data blocks lie, all of one size, to find those outside the file, on each other, or on the image's own
 * tables. Up to a million blocks are compared exactly; of more, two that begin in the same block-sized piece of the file
 * are found. Memory is reserved from the {@link ImageInput}. Not thread-safe.
 */
final class DataBlocks {
    private static final int EXACT_LIMIT = 1 << 20;

    private final ImageInput in;
    private final Draft draft;
    private final Extents tables;
    private final long baseBytes;
    private final long unitBytes;
    private final long blockBytes;
    private final boolean lastMayBeCut;
    private final long mostBlocks;
    private final boolean exact;
    private final int[] units;
    private final long[] pieces;
    private int count;

    /**
     * Prepares for the blocks of one image.
     *
     * @param tables what else lies in the file, complete
     * @param baseBytes where unit 0 is
     * @param unitBytes what the image counts block offsets in; a file of up to 2^31 units can be judged
     * @param blockBytes size of each block, a multiple of the unit
     * @param lastMayBeCut whether tools leave away the end of the last block
     * @param entries the number of blocks that the image has tables for
     */
    DataBlocks(
            ImageInput in,
            Draft draft,
            Extents tables,
            long baseBytes,
            long unitBytes,
            long blockBytes,
            boolean lastMayBeCut,
            long entries)
            throws Malformed {
        this.in = in;
        this.draft = draft;
        this.tables = tables;
        this.baseBytes = baseBytes;
        this.unitBytes = unitBytes;
        this.blockBytes = blockBytes;
        this.lastMayBeCut = lastMayBeCut;
        long room = Math.max(0, in.sizeBytes() - baseBytes);
        this.mostBlocks = Math.min(entries, room / blockBytes + 1);
        this.exact = mostBlocks <= EXACT_LIMIT;
        long words = exact ? 0 : (room / blockBytes >>> 6) + 1;
        if (room / unitBytes > Integer.MAX_VALUE || words > Integer.MAX_VALUE) {
            throw new Malformed(ImageCode.LIMIT, "the file has too many blocks to compare");
        }
        in.reserve(exact ? 4 * mostBlocks : 8 * words);
        this.units = new int[exact ? (int) mostBlocks : 0];
        this.pieces = new long[(int) words];
    }

    /**
     * Adds a block.
     *
     * @param unit its place in units from the base, as the image says
     */
    void add(long unit) throws Malformed {
        long room = in.sizeBytes() - baseBytes;
        if (unit < 0 || room <= 0 || unit > (room - 1) / unitBytes) {
            draft.refuse(ImageCode.OUTSIDE_FILE, "a data block lies outside the file");
            return;
        }
        long offset = baseBytes + unit * unitBytes;
        if (blockBytes > in.sizeBytes() - offset && !lastMayBeCut) {
            draft.refuse(ImageCode.TRUNCATED, "the file ends inside a data block");
        }
        if (count == mostBlocks) {
            throw new Malformed(ImageCode.ALLOCATION_BOMB, "more data blocks are in use than the file holds");
        }
        String table = tables.at(offset, blockBytes);
        if (!table.isEmpty()) {
            draft.refuse(ImageCode.OVERLAP, "a data block lies on " + table);
        }
        if (exact) {
            units[count] = (int) unit;
        } else {
            long piece = (offset - baseBytes) / blockBytes;
            if ((pieces[(int) (piece >>> 6)] >>> piece & 1) != 0) {
                overlap();
            }
            pieces[(int) (piece >>> 6)] |= 1L << piece;
        }
        count++;
    }

    /** The number of blocks that lie in the file. */
    int count() {
        return count;
    }

    /** Looks for blocks on each other, once all were added. */
    void refuseOverlaps() {
        if (!exact) {
            return;
        }
        Arrays.sort(units, 0, count);
        for (int i = 1; i < count; i++) {
            if ((units[i] - (long) units[i - 1]) * unitBytes < blockBytes) {
                overlap();
                return;
            }
        }
    }

    private void overlap() {
        draft.refuse(ImageCode.OVERLAP, "two data blocks lie on the same bytes");
    }
}
