package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Microsoft virtual hard disk: fixed, dynamic, differencing (Virtual Hard Disk Image Format Specification 1.0). The footer
 * at the end counts; its copy at the start must say the same.
 */
final class VhdReader implements FormatReader {
    private static final long TABLE_LIMIT_BYTES = 16 << 20;
    private static final int HEADER_BYTES = 1024;
    private static final int LOCATORS_AT = 576;
    private static final int LOCATOR_BYTES = 24;
    private static final long UNUSED = 0xffff_ffffL;

    @Override
    public ImageFormat format() {
        return ImageFormat.VHD;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, VhdFooter.COOKIE) || footerAt(in) >= 0;
    }

    /** The footer's place; -1 if there is none. Early tools cut its last byte, and QEMU counts in whole sectors. */
    private static long footerAt(ImageInput in) throws IOException, Malformed {
        long size = in.sizeBytes();
        long wholeSectors = (size + 511) / 512 * 512;
        for (long at : new long[] {size - 512, size - 511, wholeSectors - 512}) {
            if (at >= 0 && in.matches(at, VhdFooter.COOKIE)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        long footerAt = footerAt(in);
        boolean copied = in.matches(0, VhdFooter.COOKIE) && footerAt != 0;
        if (footerAt < 0) {
            draft.refuse(ImageCode.TRUNCATED, "the footer at the end is missing");
        }
        VhdFooter footer = VhdFooter.read(in, Math.max(footerAt, 0), draft);
        if (footerAt >= 0 && copied && !footer.sameDisk(VhdFooter.read(in, 0, draft))) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the footer and its copy at the start say different things");
        }
        if (footer.virtualSizeBytes() >= 0) {
            draft.virtualSizeBytes = footer.virtualSizeBytes();
        }
        if (footer.sizesDisagree()) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the size of the disk and its geometry are far apart");
        }
        if (footer.type() == VhdFooter.FIXED) {
            draft.variant = "fixed";
            fixed(in, footer, copied, draft);
        } else if (footer.type() == VhdFooter.DYNAMIC || footer.type() == VhdFooter.DIFFERENCING) {
            draft.variant = footer.type() == VhdFooter.DYNAMIC ? "dynamic" : "differencing";
            if (!copied && footerAt > 0) {
                draft.refuse(ImageCode.COPIES_DISAGREE, "the copy of the footer at the start is missing");
            }
            dynamic(in, footer, draft);
        } else {
            throw new Malformed(ImageCode.VARIANT, "disk type " + footer.type());
        }
    }

    private static void fixed(ImageInput in, VhdFooter footer, boolean copied, Draft draft) {
        if (copied) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "a fixed disk begins with a footer");
        }
        if (footer.virtualSizeBytes() > footer.at() || footer.currentSizeBytes() > footer.at()) {
            draft.refuse(ImageCode.TRUNCATED, "the file is shorter than its disk");
        }
        if (footer.dataOffset() != -1 && in.holds(footer.dataOffset(), 1)) {
            draft.refuse(ImageCode.HEADER, "a fixed disk points to a header");
        }
    }

    private static void dynamic(ImageInput in, VhdFooter footer, Draft draft) throws IOException, Malformed {
        long at = footer.dataOffset();
        in.require(at, HEADER_BYTES, ImageCode.OUTSIDE_FILE, "the dynamic disk header");
        if (!in.matches(at, "cxsparse")) {
            throw new Malformed(ImageCode.HEADER, "no dynamic disk header where the footer points");
        }
        if (in.u32be(at + 24) != 0x10000) {
            draft.refuse(ImageCode.VERSION, "unknown version of the dynamic disk header");
        }
        if (VhdFooter.checksum(in.bytes(at, HEADER_BYTES), 36) != in.u32be(at + 36)) {
            draft.refuse(ImageCode.CHECKSUM, "the checksum of the dynamic disk header is wrong");
        }
        Extents tables = new Extents(in);
        tables.add(0, VhdFooter.SIZE_BYTES, "the copy of the footer");
        if (footer.at() > 0) {
            tables.add(footer.at(), VhdFooter.SIZE_BYTES, "the footer");
        }
        tables.add(at, HEADER_BYTES, "the dynamic disk header");
        if (footer.type() == VhdFooter.DIFFERENCING) {
            parent(in, at, tables, draft);
        }
        blocks(in, footer, at, tables, draft);
    }

    private static void parent(ImageInput in, long at, Extents tables, Draft draft) throws IOException, Malformed {
        // The name is said several times, and any tool may take any of them: each is judged, the last is shown.
        draft.backing(new Reference(utf16(in.bytes(at + 64, 512), false), "vpc"));
        for (int i = 0; i < 8; i++) {
            long entry = at + LOCATORS_AT + (long) i * LOCATOR_BYTES;
            long platform = in.u32be(entry);
            long length = in.u32be(entry + 8);
            long offset = in.u64be(entry + 16);
            if (platform == 0) {
                continue;
            }
            if (length > 65_536) {
                draft.refuse(ImageCode.TABLE_SIZE, "a parent locator of " + length + " bytes");
            } else if (!in.holds(offset, length)) {
                draft.refuse(ImageCode.OUTSIDE_FILE, "a parent locator lies outside the file");
            } else {
                tables.add(offset, length, "a parent locator");
                draft.feature("locator-" + platformName(platform));
                byte[] bytes = in.bytes(offset, (int) length);
                String name = platform == 0x4d616358 ? new String(bytes, StandardCharsets.UTF_8) : utf16(bytes, true);
                draft.backing(new Reference(name, "vpc"));
            }
        }
    }

    private static String platformName(long platform) {
        StringBuilder name = new StringBuilder();
        for (int shift = 24; shift >= 0; shift -= 8) {
            char c = (char) (platform >>> shift & 0xff);
            name.append(c > ' ' && c < 0x7f ? c : '_');
        }
        return name.toString();
    }

    private static String utf16(byte[] bytes, boolean littleEndian) {
        String text = new String(bytes, littleEndian ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static void blocks(ImageInput in, VhdFooter footer, long at, Extents tables, Draft draft)
            throws IOException, Malformed {
        long tableAt = in.u64be(at + 16);
        long entries = in.u32be(at + 28);
        long blockBytes = in.u32be(at + 32);
        if (Long.bitCount(blockBytes) != 1 || blockBytes < 512) {
            throw new Malformed(ImageCode.HEADER, "a block of " + blockBytes + " bytes");
        }
        if (footer.virtualSizeBytes() > entries * blockBytes) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the disk is larger than its block table");
        }
        if (entries > TABLE_LIMIT_BYTES / 4) {
            throw new Malformed(ImageCode.TABLE_SIZE, "the block table claims " + entries + " entries");
        }
        in.require(tableAt, entries * 4, ImageCode.OUTSIDE_FILE, "the block table");
        tables.add(tableAt, entries * 4, "the block table");
        // Each block begins with a bitmap of its sectors.
        long bitmapBytes = (blockBytes / 512 / 8 + 511) / 512 * 512;
        tables.refuseOverlaps(draft);
        DataBlocks blocks = new DataBlocks(in, draft, tables, 0, 512, blockBytes + bitmapBytes, false, entries);
        NumberTable.read(
                in,
                NumberTable.Kind.U32_BE,
                tableAt,
                entries,
                TABLE_LIMIT_BYTES,
                "the block table",
                (index, sector) -> {
                    if (sector != UNUSED) {
                        blocks.add(sector);
                    }
                });
        blocks.refuseOverlaps();
    }
}
