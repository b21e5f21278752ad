package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The persistent bitmaps of a qcow2 image (QEMU docs/interop/qcow2, "Bitmaps"): where they lie, not what they say. */
final class Qcow2Bitmaps {
    private static final long COUNT_LIMIT = 65_535;
    private static final long DIRECTORY_LIMIT_BYTES = 64 << 20;
    /** What QEMU reads at most, in entries. */
    private static final long TABLE_LIMIT = 0x8000000 / 8;

    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long RESERVED = 0xff00_0000_0000_01feL;

    private final ImageInput in;
    private final Qcow2Header header;
    private final Qcow2Extensions extensions;
    private final Extents extents;

    Qcow2Bitmaps(ImageInput in, Qcow2Header header, Qcow2Extensions extensions, Extents extents) {
        this.in = in;
        this.header = header;
        this.extensions = extensions;
        this.extents = extents;
    }

    void walk() throws IOException, Malformed {
        // Without the bit the extension is stale, and nobody reads it.
        if (extensions.bitmapCount == 0 || (header.autoclear() & Qcow2Header.AUTOCLEAR_BITMAPS) == 0) {
            return;
        }
        long start = extensions.bitmapDirectoryOffset;
        long length = extensions.bitmapDirectoryLength;
        if (extensions.bitmapCount > COUNT_LIMIT || length < 0 || length > DIRECTORY_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a directory of " + extensions.bitmapCount + " bitmaps");
        }
        table(start, length, "the directory of bitmaps");
        long at = start;
        for (long i = 0; i < extensions.bitmapCount; i++) {
            if (length - (at - start) < 24) {
                throw new Malformed(ImageCode.EXTENSION, "the directory of bitmaps ends early");
            }
            long flags = in.u32be(at + 12);
            int type = in.u8(at + 16);
            int granularityBits = in.u8(at + 17);
            int nameLength = in.u16be(at + 18);
            if (flags >>> 3 != 0 || type != 1 || granularityBits > 63 || nameLength == 0) {
                throw new Malformed(ImageCode.EXTENSION, "a malformed entry in the directory of bitmaps");
            }
            bitmapTable(in.u64be(at), in.u32be(at + 8));
            at += (24 + in.u32be(at + 20) + nameLength + 7) / 8 * 8;
        }
        if (at - start != length) {
            throw new Malformed(ImageCode.EXTENSION, "the directory of bitmaps has another length than its entries");
        }
    }

    private void bitmapTable(long offset, long entries) throws IOException, Malformed {
        if (entries > TABLE_LIMIT) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a bitmap's table of " + entries + " entries");
        }
        table(offset, entries * 8, "a bitmap's table");
        int step = 1 << 15;
        for (long done = 0; done < entries; done += step) {
            int count = (int) Math.min(entries - done, step);
            ByteBuffer numbers = ByteBuffer.wrap(in.bytes(offset + done * 8, count * 8));
            for (int i = 0; i < count; i++) {
                long entry = numbers.getLong(i * 8);
                long place = entry & OFFSET;
                if ((entry & RESERVED) != 0 || !header.aligned(place) || place != 0 && (entry & 1) != 0) {
                    throw new Malformed(ImageCode.TABLE_ENTRY, "a bitmap's entry is 0x" + Long.toHexString(entry));
                }
                if (place != 0) {
                    in.require(place, 1, ImageCode.OUTSIDE_FILE, "a bitmap's data");
                    extents.add(place, header.clusterBytes(), "a bitmap's data");
                }
            }
        }
    }

    private void table(long offset, long length, String label) throws Malformed {
        if (!header.aligned(offset)) {
            throw new Malformed(ImageCode.TABLE_ENTRY, label + " does not start at a cluster");
        }
        in.require(offset, length, ImageCode.OUTSIDE_FILE, label);
        long cluster = header.clusterBytes();
        extents.add(offset, (length + cluster - 1) / cluster * cluster, label);
    }
}
