package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Walks the tables of a qcow2 image: L1 and L2, reference counts, snapshots, bitmaps. None may lie outside the file or on
 * another, and neither may guest data. Tables are read once, one at a time.
 */
final class Qcow2Tables {
    /** QEMU's own limits. */
    private static final long L1_LIMIT_BYTES = 32 << 20;

    private static final long REFCOUNT_TABLE_LIMIT_BYTES = 8 << 20;
    private static final long SNAPSHOT_LIMIT = 65_536;
    private static final long SNAPSHOT_EXTRA_LIMIT_BYTES = 1024;

    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long L1_RESERVED = 0x7f00_0000_0000_01ffL;
    private static final long REFCOUNT_RESERVED = 0x1ff;
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long L2_RESERVED = 0x3f00_0000_0000_01feL;

    private final ImageInput in;
    private final Qcow2Header header;
    private final Qcow2Extensions extensions;
    private final Draft draft;
    private final Extents extents;
    private final int clusterBytes;
    private final int l2Entries;
    private final byte[] piece;

    /** L2 tables of the active L1 table, sorted; then those that only snapshots have. */
    private long[] activeL2 = new long[0];

    private final Longs snapshotL2;

    Qcow2Tables(ImageInput in, Qcow2Header header, Qcow2Extensions extensions, Draft draft) {
        this.in = in;
        this.header = header;
        this.extensions = extensions;
        this.draft = draft;
        this.extents = new Extents(in);
        this.clusterBytes = header.clusterBytes();
        this.l2Entries = clusterBytes / header.l2EntryBytes();
        this.piece = new byte[Math.max(1 << 16, clusterBytes)];
        this.snapshotL2 = new Longs(in);
    }

    void walk() throws IOException, Malformed {
        extents.add(0, clusterBytes, "the header");
        activeL1();
        refcountTable();
        snapshots();
        new Qcow2Bitmaps(in, header, extensions, extents).walk();
        if (extensions.encryptionLength > 0) {
            table(extensions.encryptionOffset, extensions.encryptionLength, "the encryption header");
        }
        extents.refuseOverlaps(draft);
        GuestClusters guest = new GuestClusters(in, extents, clusterBytes);
        for (long l2 : activeL2) {
            l2Table(l2, true, guest);
        }
        long[] inactive = snapshotL2.sortedDistinct();
        for (long l2 : inactive) {
            if (Arrays.binarySearch(activeL2, l2) < 0) {
                l2Table(l2, false, guest);
            }
        }
        guest.finish(draft);
    }

    private void activeL1() throws IOException, Malformed {
        long perL1 = (long) clusterBytes * l2Entries;
        long size = header.virtualSizeBytes();
        long needed = size < 0 ? Long.MAX_VALUE : size / perL1 + (size % perL1 == 0 ? 0 : 1);
        if (header.l1Count() * 8 > L1_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "an L1 table of " + header.l1Count() + " entries");
        }
        if (header.l1Count() < needed) {
            throw new Malformed(
                    ImageCode.VIRTUAL_SIZE,
                    "the L1 table has " + header.l1Count() + " entries, the virtual disk needs " + needed);
        }
        activeL2 = l1Table(header.l1Offset(), header.l1Count(), "the L1 table").sortedDistinct();
    }

    /** Adds an L1 table and the L2 tables that it points to, which are returned. */
    private Longs l1Table(long offset, long entries, String label) throws IOException, Malformed {
        Longs found = new Longs(in);
        if (entries == 0) {
            return found;
        }
        table(offset, entries * 8, label);
        for (long done = 0; done < entries; ) {
            int count = (int) Math.min(entries - done, piece.length / 8);
            in.copy(offset + done * 8, piece, count * 8);
            ByteBuffer numbers = ByteBuffer.wrap(piece);
            for (int i = 0; i < count; i++) {
                long entry = numbers.getLong(i * 8);
                if (entry != 0) {
                    l1Entry(entry, found);
                }
            }
            done += count;
        }
        if (found.repeats()) {
            throw new Malformed(ImageCode.ALLOCATION_BOMB, "two entries of " + label + " share an L2 table");
        }
        return found;
    }

    private void l1Entry(long entry, Longs found) throws Malformed {
        long l2 = entry & OFFSET;
        if ((entry & L1_RESERVED) != 0 || !header.aligned(l2)) {
            throw new Malformed(ImageCode.TABLE_ENTRY, "an L1 entry is 0x" + Long.toHexString(entry));
        }
        if (l2 != 0) {
            in.require(l2, clusterBytes, ImageCode.OUTSIDE_FILE, "an L2 table");
            found.add(l2);
            extents.add(l2, clusterBytes, "an L2 table");
        }
    }

    private void refcountTable() throws IOException, Malformed {
        long length = header.refcountTableClusters() * clusterBytes;
        if (length == 0) {
            throw new Malformed(ImageCode.HEADER, "no table of reference counts");
        }
        if (length > REFCOUNT_TABLE_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a table of reference counts of " + length + " bytes");
        }
        table(header.refcountTableOffset(), length, "the table of reference counts");
        for (long done = 0; done < length; ) {
            int count = (int) Math.min(length - done, piece.length);
            in.copy(header.refcountTableOffset() + done, piece, count);
            ByteBuffer numbers = ByteBuffer.wrap(piece);
            for (int i = 0; i < count; i += 8) {
                long entry = numbers.getLong(i);
                if ((entry & REFCOUNT_RESERVED) != 0 || !header.aligned(entry)) {
                    throw new Malformed(
                            ImageCode.TABLE_ENTRY, "a reference count entry is 0x" + Long.toHexString(entry));
                }
                if (entry != 0) {
                    in.require(entry, clusterBytes, ImageCode.OUTSIDE_FILE, "a block of reference counts");
                    extents.add(entry, clusterBytes, "a block of reference counts");
                }
            }
            done += count;
        }
    }

    private void snapshots() throws IOException, Malformed {
        long count = header.snapshotCount();
        if (count == 0) {
            return;
        }
        if (count > SNAPSHOT_LIMIT) {
            throw new Malformed(ImageCode.SNAPSHOTS, count + " snapshots");
        }
        draft.snapshotCount = (int) count;
        if (header.externalData()) {
            draft.refuse(ImageCode.SNAPSHOTS, "snapshots of an image with external data");
        }
        in.reserve(count * 48);
        Set<Long> l1Offsets = new HashSet<>();
        long at = header.snapshotsOffset();
        for (long i = 0; i < count; i++) {
            if (!in.holds(at, 40)) {
                throw new Malformed(ImageCode.SNAPSHOTS, "the table of snapshots runs past the end of the file");
            }
            long l1Count = in.u32be(at + 8);
            long extra = in.u32be(at + 36);
            if (extra > SNAPSHOT_EXTRA_LIMIT_BYTES || header.version() == 3 && extra < 16) {
                throw new Malformed(ImageCode.SNAPSHOTS, "a snapshot with " + extra + " bytes of extra data");
            }
            if (l1Count * 8 > L1_LIMIT_BYTES) {
                throw new Malformed(ImageCode.TABLE_SIZE, "a snapshot's L1 table of " + l1Count + " entries");
            }
            long l1Offset = in.u64be(at);
            if (l1Count > 0 && !l1Offsets.add(l1Offset)) {
                throw new Malformed(ImageCode.OVERLAP, "two snapshots share an L1 table");
            }
            snapshotL2.addDistinct(l1Table(l1Offset, l1Count, "a snapshot's L1 table"));
            long length = 40 + extra + in.u16be(at + 12) + in.u16be(at + 14);
            at += (length + 7) / 8 * 8;
        }
        table(header.snapshotsOffset(), at - header.snapshotsOffset(), "the table of snapshots");
    }

    /** A table that starts at a cluster; the rest of its last cluster belongs to it. */
    private void table(long offset, long length, String label) throws Malformed {
        if (!header.aligned(offset)) {
            throw new Malformed(ImageCode.TABLE_ENTRY, label + " at " + offset + " does not start at a cluster");
        }
        in.require(offset, length, ImageCode.OUTSIDE_FILE, label);
        extents.add(offset, (length + clusterBytes - 1) / clusterBytes * clusterBytes, label);
    }

    private void l2Table(long offset, boolean active, GuestClusters guest) throws IOException, Malformed {
        in.copy(offset, piece, clusterBytes);
        ByteBuffer numbers = ByteBuffer.wrap(piece);
        int entryBytes = header.l2EntryBytes();
        for (int i = 0; i < clusterBytes; i += entryBytes) {
            long entry = numbers.getLong(i);
            long bitmap = entryBytes == 16 ? numbers.getLong(i + 8) : 0;
            if (entry != 0 || bitmap != 0) {
                l2Entry(entry, bitmap, active, guest);
            }
        }
    }

    private void l2Entry(long entry, long bitmap, boolean active, GuestClusters guest) throws Malformed {
        if ((entry & COMPRESSED) != 0) {
            compressed(entry, bitmap, active, guest);
            return;
        }
        long offset = entry & OFFSET;
        boolean zeroFlag = (entry & 1) != 0;
        boolean bad = (entry & L2_RESERVED) != 0
                || !header.aligned(offset)
                || zeroFlag && (header.version() == 2 || header.extendedL2())
                || (bitmap & bitmap >>> 32 & 0xffff_ffffL) != 0
                || !header.externalData() && offset == 0 && ((entry & COPIED) != 0 || (bitmap & 0xffff_ffffL) != 0);
        if (bad) {
            throw badEntry(entry);
        }
        // In an image with external data these are places in the other file.
        if (offset != 0 && !header.externalData()) {
            guest.plain(offset, active, draft);
        }
    }

    private void compressed(long entry, long bitmap, boolean active, GuestClusters guest) throws Malformed {
        int offsetBits = 62 - (header.clusterBits() - 8);
        long offset = entry & ((1L << offsetBits) - 1);
        if ((entry & COPIED) != 0 || bitmap != 0 || offset >>> 56 != 0 || header.externalData()) {
            throw badEntry(entry);
        }
        long furtherSectors = entry >>> offsetBits & ((1L << (header.clusterBits() - 8)) - 1);
        // All sectors but the first and the last are full; of those two at least a byte each.
        long least = furtherSectors == 0 ? 1 : 512 - offset % 512 + (furtherSectors - 1) * 512 + 1;
        guest.compressed(offset, least, active, draft);
    }

    private static Malformed badEntry(long entry) {
        return new Malformed(ImageCode.TABLE_ENTRY, "an L2 entry is 0x" + Long.toHexString(entry));
    }
}
