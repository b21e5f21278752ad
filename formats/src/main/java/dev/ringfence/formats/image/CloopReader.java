package dev.ringfence.formats.image;

import java.io.IOException;

/** Linux compressed loop, version 2 (create_compressed_fs): a shell script's head, then offsets, then zlib blocks. */
final class CloopReader implements FormatReader {
    private static final String MAGIC = "#!/bin/sh\n#V2.0 Format\n";
    private static final int BLOCK_SIZE_AT = 128;
    private static final int OFFSETS_AT = 136;
    private static final long TABLE_LIMIT_BYTES = 32 << 20;
    /** QEMU's limits: it holds one block of each kind in memory. */
    private static final long BLOCK_LIMIT_BYTES = 64 << 20;

    private static final long BOMB_BYTES = 1 << 30;
    private static final long BOMB_RATIO = 200;

    @Override
    public ImageFormat format() {
        return ImageFormat.CLOOP;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, MAGIC);
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        long blockBytes = in.u32be(BLOCK_SIZE_AT);
        long blocks = in.u32be(BLOCK_SIZE_AT + 4);
        if (blockBytes == 0 || blockBytes % 512 != 0) {
            throw new Malformed(ImageCode.HEADER, "a block of " + blockBytes + " bytes");
        }
        if (blockBytes > BLOCK_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a block of " + blockBytes + " bytes");
        }
        draft.virtualSizeBytes = blocks * blockBytes;
        long dataAt = OFFSETS_AT + 8 * (blocks + 1);
        // The last offset is the end of the last block.
        long[] range = {-1, -1};
        NumberTable.read(
                in, NumberTable.Kind.U64_BE, OFFSETS_AT, blocks + 1, TABLE_LIMIT_BYTES, "the offsets", (i, offset) -> {
                    if (i == 0) {
                        range[0] = offset;
                    } else if (offset - range[1] > 2 * BLOCK_LIMIT_BYTES) {
                        throw new Malformed(
                                ImageCode.TABLE_SIZE, "a compressed block of " + (offset - range[1]) + " bytes");
                    }
                    if (offset < 0 || offset > in.sizeBytes()) {
                        throw new Malformed(ImageCode.OUTSIDE_FILE, "a block lies outside the file");
                    }
                    if (offset < range[1]) {
                        throw new Malformed(ImageCode.TABLE_ENTRY, "the offsets of the blocks do not grow");
                    }
                    range[1] = offset;
                });
        if (range[0] < dataAt) {
            draft.refuse(ImageCode.OVERLAP, "the first block lies on the offsets");
        }
        long compressed = range[1] - range[0];
        if (draft.virtualSizeBytes > BOMB_BYTES && draft.virtualSizeBytes / BOMB_RATIO > compressed) {
            draft.refuse(ImageCode.COMPRESSION_BOMB, "the blocks expand more than " + BOMB_RATIO + " times");
        }
    }
}
