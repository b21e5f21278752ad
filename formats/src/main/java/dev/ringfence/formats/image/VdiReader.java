package dev.ringfence.formats.image;

import java.io.IOException;

/** VirtualBox disk image, version 1.1 (the header of VirtualBox's VDICore.h; blocks of 1 MiB, as QEMU has them). */
final class VdiReader implements FormatReader {
    private static final int SIGNATURE_AT = 0x40;
    private static final long SIGNATURE = 0xbeda107fL;
    private static final int HEADER_BYTES = 0x1c8;
    private static final long BLOCK_BYTES = 1 << 20;
    private static final long TABLE_LIMIT_BYTES = 32 << 20;
    /** Never written. */
    private static final long FREE = 0xffff_ffffL;
    /** Reads as zeros. */
    private static final long ZERO = 0xffff_fffeL;

    @Override
    public ImageFormat format() {
        return ImageFormat.VDI;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.holds(SIGNATURE_AT, 4) && in.u32le(SIGNATURE_AT) == SIGNATURE;
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        in.require(0, HEADER_BYTES, ImageCode.TRUNCATED, "the header");
        long version = in.u32le(0x44);
        if (version != 0x10001) {
            throw new Malformed(ImageCode.VERSION, "version " + (version >>> 16) + "." + (version & 0xffff));
        }
        type(in, draft);
        long sizeBytes = in.u64le(0x170);
        if (sizeBytes < 0 || sizeBytes > Long.MAX_VALUE - 511) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "the size of the disk is absurd");
        }
        // QEMU rounds odd sizes up to whole sectors.
        draft.virtualSizeBytes = (sizeBytes + 511) / 512 * 512;
        if (in.u32le(0x168) != 512) {
            draft.refuse(ImageCode.HEADER, "a sector of " + in.u32le(0x168) + " bytes");
        }
        if (in.u32le(0x178) != BLOCK_BYTES) {
            throw new Malformed(ImageCode.VARIANT, "a block of " + in.u32le(0x178) + " bytes");
        }
        if (in.u32le(0x17c) != 0) {
            // VirtualBox skips these bytes before each block and QEMU does not: two disks in one file.
            draft.refuse(ImageCode.FEATURE, "blocks with extra data");
        }
        parents(in, draft);
        blocks(in, sizeBytes, draft);
    }

    private static void type(ImageInput in, Draft draft) throws IOException, Malformed {
        long type = in.u32le(0x4c);
        if (type == 1) {
            draft.variant = "dynamic";
        } else if (type == 2) {
            draft.variant = "fixed";
        } else if (type == 3 || type == 4) {
            draft.variant = type == 3 ? "undo" : "differencing";
            draft.refuse(ImageCode.BACKING_FILE, "the image only holds differences to another");
        } else {
            throw new Malformed(ImageCode.VARIANT, "image type " + type);
        }
    }

    private static void parents(ImageInput in, Draft draft) throws IOException, Malformed {
        for (long at : new long[] {0x1a8, 0x1b8}) {
            if (in.u64le(at) != 0 || in.u64le(at + 8) != 0) {
                draft.refuse(ImageCode.BACKING_FILE, "the image names a parent by its identifier");
            }
        }
    }

    private static void blocks(ImageInput in, long sizeBytes, Draft draft) throws IOException, Malformed {
        long tableAt = in.u32le(0x154);
        long dataAt = in.u32le(0x158);
        long count = in.u32le(0x180);
        long allocated = in.u32le(0x184);
        if (tableAt % 512 != 0 || dataAt % 512 != 0) {
            draft.refuse(ImageCode.TABLE_ENTRY, "the block table or the data does not begin with a sector");
        }
        if (sizeBytes > count * BLOCK_BYTES) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the disk is larger than its block table");
        }
        if (count > TABLE_LIMIT_BYTES / 4) {
            throw new Malformed(ImageCode.TABLE_SIZE, "the block table claims " + count + " entries");
        }
        in.require(tableAt, count * 4, ImageCode.OUTSIDE_FILE, "the block table");
        Extents tables = new Extents(in);
        tables.add(0, HEADER_BYTES, "the header");
        tables.add(tableAt, count * 4, "the block table");
        tables.refuseOverlaps(draft);
        DataBlocks blocks = new DataBlocks(in, draft, tables, dataAt, BLOCK_BYTES, BLOCK_BYTES, true, count);
        NumberTable.read(
                in, NumberTable.Kind.U32_LE, tableAt, count, TABLE_LIMIT_BYTES, "the block table", (index, block) -> {
                    if (block != FREE && block != ZERO) {
                        blocks.add(block);
                    }
                });
        blocks.refuseOverlaps();
        if (allocated != blocks.count()) {
            draft.refuse(ImageCode.TABLE_ENTRY, "the block table has another number of blocks than the header says");
        }
    }
}
