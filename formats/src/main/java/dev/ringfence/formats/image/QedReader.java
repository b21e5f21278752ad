package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** QEMU enhanced disk (QEMU docs/interop/qed_spec). */
final class QedReader implements FormatReader {
    private static final int HEADER_BYTES = 64;
    private static final long BACKING = 1;
    private static final long NEED_CHECK = 1 << 1;
    private static final long RAW_BACKING = 1 << 2;
    private static final int NAME_LIMIT_BYTES = 1023;
    private static final long TABLE_LIMIT_BYTES = 8 << 20;

    @Override
    public ImageFormat format() {
        return ImageFormat.QED;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, "QED\0");
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        long size = in.u64le(48);
        draft.virtualSizeBytes = Math.max(-1, size);
        long features = in.u64le(16);
        long headerClusters = in.u32le(12);
        long clusterBytes = in.u32le(4);
        long tableClusters = in.u32le(8);
        if ((features & BACKING) != 0) {
            backing(in, draft, features, headerClusters * clusterBytes);
        }
        long unknown = features & ~(BACKING | NEED_CHECK | RAW_BACKING);
        if (unknown != 0) {
            throw new Malformed(ImageCode.FEATURE, "unknown features 0x" + Long.toHexString(unknown));
        }
        if ((features & NEED_CHECK) != 0) {
            draft.feature("dirty");
        }
        if ((in.u64le(24) | in.u64le(32)) != 0) {
            draft.feature("unknown-compatible");
        }
        if (Long.bitCount(clusterBytes) != 1 || clusterBytes < 1 << 12 || clusterBytes > 1 << 26) {
            throw new Malformed(ImageCode.HEADER, "clusters of " + clusterBytes + " bytes");
        }
        if (Long.bitCount(tableClusters) != 1 || tableClusters > 16 || headerClusters == 0) {
            throw new Malformed(
                    ImageCode.HEADER, "tables of " + tableClusters + ", a header of " + headerClusters + " clusters");
        }
        long tableBytes = tableClusters * clusterBytes;
        if (tableBytes > TABLE_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "tables of " + tableBytes + " bytes");
        }
        long entries = tableBytes / 8;
        if (size < 0 || size % 512 != 0 || size / clusterBytes > entries * entries) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "a virtual disk of " + Long.toUnsignedString(size) + " bytes");
        }
        tables(in, draft, clusterBytes, tableBytes, headerClusters);
    }

    private static void backing(ImageInput in, Draft draft, long features, long headerBytes)
            throws IOException, Malformed {
        long offset = in.u32le(56);
        long length = in.u32le(60);
        boolean readable = length <= NAME_LIMIT_BYTES && in.holds(offset, length);
        boolean raw = (features & RAW_BACKING) != 0;
        draft.backing(new Reference(readable ? in.text(offset, (int) length) : "", raw ? "raw" : null));
        if (!raw) {
            draft.refuse(
                    ImageCode.BACKING_FORMAT, "the backing file's format is not given, so that QEMU would guess it");
        }
        if (length > NAME_LIMIT_BYTES) {
            draft.refuse(ImageCode.REFERENCE_TEXT, "the backing file's name has " + length + " bytes");
        }
        if (offset < HEADER_BYTES || offset + length > headerBytes) {
            draft.refuse(ImageCode.HEADER, "the backing file's name lies outside the header");
        }
    }

    private static void tables(ImageInput in, Draft draft, long clusterBytes, long tableBytes, long headerClusters)
            throws IOException, Malformed {
        long l1 = in.u64le(40);
        Extents extents = new Extents(in);
        extents.add(0, headerClusters * clusterBytes, "the header");
        requireTable(in, l1, tableBytes, clusterBytes, "the L1 table");
        extents.add(l1, tableBytes, "the L1 table");
        Longs l2Tables = new Longs(in);
        byte[] piece = new byte[(int) Math.min(tableBytes, 1 << 16)];
        for (long done = 0; done < tableBytes; done += piece.length) {
            in.copy(l1 + done, piece, piece.length);
            ByteBuffer numbers = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < piece.length; i += 8) {
                long l2 = numbers.getLong(i);
                if (l2 != 0) {
                    requireTable(in, l2, tableBytes, clusterBytes, "an L2 table");
                    l2Tables.add(l2);
                    extents.add(l2, tableBytes, "an L2 table");
                }
            }
        }
        if (l2Tables.repeats()) {
            throw new Malformed(ImageCode.ALLOCATION_BOMB, "two entries of the L1 table share an L2 table");
        }
        extents.refuseOverlaps(draft);
        GuestClusters guest = new GuestClusters(in, extents, clusterBytes);
        for (long l2 : l2Tables.sortedDistinct()) {
            for (long done = 0; done < tableBytes; done += piece.length) {
                in.copy(l2 + done, piece, piece.length);
                ByteBuffer numbers = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < piece.length; i += 8) {
                    long data = numbers.getLong(i);
                    // 1 is a cluster of zeros that is nowhere.
                    if (data != 0 && data != 1) {
                        if ((data & (clusterBytes - 1)) != 0) {
                            throw new Malformed(ImageCode.TABLE_ENTRY, "an L2 entry is 0x" + Long.toHexString(data));
                        }
                        guest.plain(data, true, draft);
                    }
                }
            }
        }
        guest.finish(draft);
    }

    private static void requireTable(ImageInput in, long offset, long length, long clusterBytes, String label)
            throws Malformed {
        if ((offset & (clusterBytes - 1)) != 0) {
            throw new Malformed(ImageCode.TABLE_ENTRY, label + " does not start at a cluster");
        }
        in.require(offset, length, ImageCode.OUTSIDE_FILE, label);
    }
}
