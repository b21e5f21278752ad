package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Hyper-V virtual hard disk, version 2 (MS-VHDX). Both headers and both region tables must be intact and agree, and no log
 * may wait to be replayed.
 */
final class VhdxReader implements FormatReader {
    /** Regions, the log and data blocks lie on whole mebibytes. */
    static final long MEBIBYTE = 1 << 20;

    private static final long HEADER_1_AT = 64 << 10;
    private static final long HEADER_2_AT = 128 << 10;
    private static final int HEADER_BYTES = 4096;
    private static final long REGIONS_1_AT = 192 << 10;
    private static final long REGIONS_2_AT = 256 << 10;
    private static final int REGIONS_BYTES = 64 << 10;
    private static final int REGION_LIMIT = 2047;
    private static final long TABLE_LIMIT_BYTES = 32 << 20;

    private static final String BAT = "2dc27766-f623-4200-9d64-115e9bfd4a08";
    private static final String METADATA = "8b7ca206-4790-4b9a-b8fe-575f050f886e";
    private static final String NO_GUID = "00000000-0000-0000-0000-000000000000";

    /** Where a region is. */
    private record Region(long at, long lengthBytes) {}

    @Override
    public ImageFormat format() {
        return ImageFormat.VHDX;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, "vhdxfile");
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        Extents tables = new Extents(in);
        tables.add(0, MEBIBYTE, "the header section");
        long headerAt = header(in, draft);
        log(in, headerAt, tables, draft);
        boolean first = intact(in, REGIONS_1_AT, REGIONS_BYTES, "regi", "region table 1", draft);
        boolean second = intact(in, REGIONS_2_AT, REGIONS_BYTES, "regi", "region table 2", draft);
        if (!first && !second) {
            throw new Malformed(ImageCode.CHECKSUM, "neither region table is intact");
        }
        if (first && second && !same(in, REGIONS_1_AT, REGIONS_2_AT, REGIONS_BYTES)) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the region tables say different things");
        }
        regions(in, first ? REGIONS_1_AT : REGIONS_2_AT, tables, draft);
    }

    /** The place of the header that is in force. */
    private static long header(ImageInput in, Draft draft) throws IOException, Malformed {
        boolean first = intact(in, HEADER_1_AT, HEADER_BYTES, "head", "header 1", draft);
        boolean second = intact(in, HEADER_2_AT, HEADER_BYTES, "head", "header 2", draft);
        if (!first && !second) {
            throw new Malformed(ImageCode.CHECKSUM, "neither header is intact");
        }
        long at = first ? HEADER_1_AT : HEADER_2_AT;
        if (first && second) {
            int newer = Long.compareUnsigned(in.u64le(HEADER_2_AT + 8), in.u64le(HEADER_1_AT + 8));
            if (newer == 0 && !same(in, HEADER_1_AT, HEADER_2_AT, HEADER_BYTES)) {
                draft.refuse(ImageCode.COPIES_DISAGREE, "two headers of one age say different things");
            }
            at = newer > 0 ? HEADER_2_AT : HEADER_1_AT;
        }
        int version = in.u16le(at + 66);
        if (version != 1) {
            throw new Malformed(ImageCode.VERSION, "version " + version);
        }
        return at;
    }

    private static boolean intact(ImageInput in, long at, int length, String signature, String what, Draft draft)
            throws IOException, Malformed {
        in.require(at, length, ImageCode.TRUNCATED, what);
        if (!in.matches(at, signature)) {
            draft.refuse(ImageCode.HEADER, what + " has no signature");
            return false;
        }
        byte[] bytes = in.bytes(at, length);
        long expected = in.u32le(at + 4);
        bytes[4] = bytes[5] = bytes[6] = bytes[7] = 0;
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        if (crc.getValue() != expected) {
            draft.refuse(ImageCode.CHECKSUM, "the checksum of " + what + " is wrong");
            return false;
        }
        return true;
    }

    private static boolean same(ImageInput in, long a, long b, int length) throws IOException, Malformed {
        byte[] first = in.bytes(a, length);
        return java.util.Arrays.equals(first, in.bytes(b, length));
    }

    private static void log(ImageInput in, long headerAt, Extents tables, Draft draft) throws IOException, Malformed {
        String logGuid = guid(in, headerAt + 48);
        long length = in.u32le(headerAt + 68);
        long at = in.u64le(headerAt + 72);
        if (in.u16le(headerAt + 64) != 0) {
            draft.refuse(ImageCode.VERSION, "unknown version of the log");
        }
        if (length != 0) {
            if (at < MEBIBYTE || at % MEBIBYTE != 0 || length % MEBIBYTE != 0) {
                draft.refuse(ImageCode.TABLE_ENTRY, "the log does not lie on whole mebibytes");
            }
            in.require(at, length, ImageCode.OUTSIDE_FILE, "the log");
            tables.add(at, length, "the log");
        }
        // A log with an identifier may hold writes that readers must apply first; then two readers see two disks.
        if (!logGuid.equals(NO_GUID)) {
            draft.refuse(ImageCode.NEEDS_REPAIR, "a log waits to be replayed");
        }
    }

    private static void regions(ImageInput in, long at, Extents tables, Draft draft) throws IOException, Malformed {
        long count = in.u32le(at + 8);
        if (count > REGION_LIMIT) {
            throw new Malformed(ImageCode.TABLE_SIZE, "the region table claims " + count + " regions");
        }
        Region bat = null;
        Region metadata = null;
        Set<String> seen = new HashSet<>();
        for (long entry = at + 16; entry < at + 16 + 32 * count; entry += 32) {
            String guid = guid(in, entry);
            Region region = new Region(in.u64le(entry + 16), in.u32le(entry + 24));
            boolean required = (in.u32le(entry + 28) & 1) != 0;
            if (!seen.add(guid)) {
                throw new Malformed(ImageCode.HEADER, "a region is given twice");
            }
            if (region.at < MEBIBYTE || region.at % MEBIBYTE != 0 || region.lengthBytes % MEBIBYTE != 0) {
                draft.refuse(ImageCode.TABLE_ENTRY, "a region does not lie on whole mebibytes");
            }
            in.require(region.at, region.lengthBytes, ImageCode.OUTSIDE_FILE, "a region");
            if (guid.equals(BAT)) {
                bat = region;
                tables.add(region.at, region.lengthBytes, "the block table");
            } else if (guid.equals(METADATA)) {
                metadata = region;
                tables.add(region.at, region.lengthBytes, "the metadata");
            } else {
                tables.add(region.at, region.lengthBytes, "an unknown region");
                if (required) {
                    draft.refuse(ImageCode.FEATURE, "an unknown region is required: " + guid);
                }
            }
        }
        if (bat == null || metadata == null) {
            throw new Malformed(ImageCode.HEADER, "the block table or the metadata is missing");
        }
        tables.refuseOverlaps(draft);
        VhdxMetadata disk = VhdxMetadata.read(in, metadata.at, metadata.lengthBytes, draft);
        blocks(in, bat, disk, tables, draft);
    }

    private static void blocks(ImageInput in, Region bat, VhdxMetadata disk, Extents tables, Draft draft)
            throws IOException, Malformed {
        // MS-VHDX section 2.5: after the blocks of each chunk comes the entry of its sector bitmap.
        long chunkRatio = (disk.logicalSectorBytes() << 23) / disk.blockBytes();
        long payload = (disk.virtualSizeBytes() + disk.blockBytes() - 1) / disk.blockBytes();
        long chunks = (payload + chunkRatio - 1) / chunkRatio;
        long entries = disk.hasParent() ? chunks * (chunkRatio + 1) : payload + Math.max(0, payload - 1) / chunkRatio;
        if (bat.lengthBytes > TABLE_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "the block table claims " + bat.lengthBytes + " bytes");
        }
        if (entries > bat.lengthBytes / 8) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "the disk is larger than its block table");
        }
        DataBlocks data = new DataBlocks(in, draft, tables, 0, MEBIBYTE, disk.blockBytes(), false, payload);
        DataBlocks bitmaps = new DataBlocks(in, draft, tables, 0, MEBIBYTE, MEBIBYTE, false, chunks);
        NumberTable.read(
                in, NumberTable.Kind.U64_LE, bat.at, entries, TABLE_LIMIT_BYTES, "the block table", (index, entry) -> {
                    boolean bitmap = index % (chunkRatio + 1) == chunkRatio;
                    int state = (int) entry & 7;
                    if ((entry & 0xf_fff8L) != 0) {
                        draft.refuse(ImageCode.TABLE_ENTRY, "reserved bits in the block table");
                    }
                    boolean partial = state == 7 && disk.hasParent() && !bitmap;
                    boolean present = state == 6 && (!bitmap || disk.hasParent());
                    boolean absent = bitmap ? state == 0 : state <= 3;
                    if (partial || present) {
                        (bitmap ? bitmaps : data).add(entry >>> 20);
                    } else if (!absent) {
                        draft.refuse(ImageCode.TABLE_ENTRY, "a block in a state that this disk cannot have");
                    }
                });
        data.refuseOverlaps();
        bitmaps.refuseOverlaps();
    }

    /** A GUID as Microsoft stores it: the first three groups little-endian. */
    static String guid(ImageInput in, long at) throws IOException, Malformed {
        return String.format(
                java.util.Locale.ROOT,
                "%08x-%04x-%04x-%04x-%04x%08x",
                in.u32le(at),
                in.u16le(at + 4),
                in.u16le(at + 6),
                in.u16be(at + 8),
                in.u16be(at + 10),
                in.u32be(at + 12));
    }
}
