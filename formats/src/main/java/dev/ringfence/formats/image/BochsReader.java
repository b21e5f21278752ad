package dev.ringfence.formats.image;

import java.io.IOException;

/** Bochs growing disk, versions 1 and 2 (Bochs' hdimage.h, redolog header). */
final class BochsReader implements FormatReader {
    private static final String MAGIC = "Bochs Virtual HD Image";
    private static final long SECTOR_BYTES = 512;
    private static final int HEADER_BYTES = 512;
    /** QEMU's limits. */
    private static final long ENTRY_LIMIT = 0x100000;

    private static final long EXTENT_LIMIT_BYTES = 0x800000;
    private static final long UNUSED = 0xffff_ffffL;

    @Override
    public ImageFormat format() {
        return ImageFormat.BOCHS;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, MAGIC);
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        in.require(0, HEADER_BYTES, ImageCode.TRUNCATED, "the header");
        String type = in.text(32, 16);
        String subtype = in.text(48, 16);
        if (!type.equals("Redolog")) {
            throw new Malformed(ImageCode.VARIANT, "an unknown type");
        }
        switch (subtype) {
            case "Growing" -> draft.variant = "growing";
            case "Undoable", "Volatile" -> {
                draft.variant = subtype.equals("Undoable") ? "undoable" : "volatile";
                draft.refuse(ImageCode.BACKING_FILE, "the image only holds differences to another");
            }
            default -> throw new Malformed(ImageCode.VARIANT, "an unknown subtype");
        }
        long version = in.u32le(64);
        if (version != 0x10000 && version != 0x20000) {
            throw new Malformed(ImageCode.VERSION, "version " + (version >>> 16) + "." + (version & 0xffff));
        }
        long headerBytes = in.u32le(68);
        long entries = in.u32le(72);
        long bitmapBytes = in.u32le(76);
        long extentBytes = in.u32le(80);
        long sizeBytes = in.u64le(version == 0x10000 ? 84 : 88);
        if (sizeBytes < 0) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "the size of the disk is absurd");
        }
        draft.virtualSizeBytes = sizeBytes / SECTOR_BYTES * SECTOR_BYTES;
        if (headerBytes < HEADER_BYTES || entries > ENTRY_LIMIT) {
            throw new Malformed(
                    entries > ENTRY_LIMIT ? ImageCode.TABLE_SIZE : ImageCode.HEADER,
                    "a header of " + headerBytes + " bytes, a catalog of " + entries + " entries");
        }
        if (Long.bitCount(extentBytes) != 1 || extentBytes < SECTOR_BYTES || extentBytes > EXTENT_LIMIT_BYTES) {
            throw new Malformed(ImageCode.HEADER, "an extent of " + extentBytes + " bytes");
        }
        // A bit for each sector of an extent.
        if (bitmapBytes < (extentBytes / SECTOR_BYTES + 7) / 8 || bitmapBytes > EXTENT_LIMIT_BYTES) {
            throw new Malformed(ImageCode.HEADER, "a bitmap of " + bitmapBytes + " bytes");
        }
        if (sizeBytes > entries * extentBytes) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the disk is larger than its catalog");
        }
        long dataAt = headerBytes + entries * 4;
        in.require(headerBytes, entries * 4, ImageCode.OUTSIDE_FILE, "the catalog");
        long bitmapSectors = (bitmapBytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
        long strideBytes = bitmapSectors * SECTOR_BYTES + extentBytes;
        DataBlocks blocks = new DataBlocks(in, draft, new Extents(in), dataAt, strideBytes, strideBytes, true, entries);
        NumberTable.read(
                in, NumberTable.Kind.U32_LE, headerBytes, entries, 4 * ENTRY_LIMIT, "the catalog", (index, extent) -> {
                    if (extent != UNUSED) {
                        blocks.add(extent);
                    }
                });
        blocks.refuseOverlaps();
    }
}
