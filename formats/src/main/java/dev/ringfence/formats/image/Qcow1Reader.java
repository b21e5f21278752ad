package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.ByteBuffer;

/** QEMU copy-on-write, version 1, which QEMU still reads and writes (header as in QEMU's block driver "qcow"). */
final class Qcow1Reader implements FormatReader {
    private static final int HEADER_BYTES = 48;
    private static final int NAME_LIMIT_BYTES = 1023;
    private static final long L1_LIMIT_BYTES = 32 << 20;

    @Override
    public ImageFormat format() {
        return ImageFormat.QCOW;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, Qcow2Reader.MAGIC + "\0\0\0\u0001");
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        draft.variant = "1";
        long size = in.u64be(24);
        // QEMU counts in sectors.
        draft.virtualSizeBytes = size < 0 ? -1 : size / 512 * 512;
        backing(in, draft);
        int clusterBits = in.u8(32);
        int l2Bits = in.u8(33);
        long cryptMethod = in.u32be(36);
        long l1Offset = in.u64be(40);
        if (clusterBits < 9 || clusterBits > 16 || l2Bits < 6 || l2Bits > 13) {
            throw new Malformed(
                    ImageCode.HEADER, "clusters of 2^" + clusterBits + " bytes, 2^" + l2Bits + " in a table");
        }
        if (cryptMethod > 1) {
            throw new Malformed(ImageCode.HEADER, "unknown encryption method " + cryptMethod);
        }
        if (cryptMethod == 1) {
            draft.encryption = "aes";
        }
        if (size < 2) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "a virtual disk of " + size + " bytes");
        }
        int shift = clusterBits + l2Bits;
        long l1Count = (size >>> shift) + ((size & ((1L << shift) - 1)) == 0 ? 0 : 1);
        if (l1Count * 8 > L1_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "an L1 table of " + l1Count + " entries");
        }
        tables(in, draft, clusterBits, l2Bits, l1Offset, l1Count);
    }

    private static void backing(ImageInput in, Draft draft) throws IOException, Malformed {
        long offset = in.u64be(8);
        long length = in.u32be(16);
        if (offset == 0) {
            return;
        }
        boolean readable = length <= NAME_LIMIT_BYTES && in.holds(offset, length);
        draft.backing(new Reference(readable ? in.text(offset, (int) length) : "", null));
        draft.refuse(
                ImageCode.BACKING_FORMAT, "qcow cannot say the backing file's format, so that QEMU would guess it");
        if (length > NAME_LIMIT_BYTES) {
            draft.refuse(ImageCode.REFERENCE_TEXT, "the backing file's name has " + length + " bytes");
        }
    }

    private static void tables(ImageInput in, Draft draft, int clusterBits, int l2Bits, long l1Offset, long l1Count)
            throws IOException, Malformed {
        in.require(l1Offset, l1Count * 8, ImageCode.OUTSIDE_FILE, "the L1 table");
        Extents extents = new Extents(in);
        extents.add(0, HEADER_BYTES, "the header");
        extents.add(l1Offset, l1Count * 8, "the L1 table");
        Longs l2Tables = new Longs(in);
        int l2Bytes = 8 << l2Bits;
        int step = 1 << 13;
        for (long done = 0; done < l1Count; done += step) {
            int count = (int) Math.min(step, l1Count - done);
            ByteBuffer numbers = ByteBuffer.wrap(in.bytes(l1Offset + done * 8, count * 8));
            for (int i = 0; i < count; i++) {
                long l2 = numbers.getLong(i * 8);
                if (l2 != 0) {
                    in.require(l2, l2Bytes, ImageCode.OUTSIDE_FILE, "an L2 table");
                    l2Tables.add(l2);
                    extents.add(l2, l2Bytes, "an L2 table");
                }
            }
        }
        if (l2Tables.repeats()) {
            throw new Malformed(ImageCode.ALLOCATION_BOMB, "two entries of the L1 table share an L2 table");
        }
        extents.refuseOverlaps(draft);
        GuestClusters guest = new GuestClusters(in, extents, 1L << clusterBits);
        byte[] table = new byte[l2Bytes];
        for (long l2 : l2Tables.sortedDistinct()) {
            in.copy(l2, table, l2Bytes);
            ByteBuffer numbers = ByteBuffer.wrap(table);
            for (int i = 0; i < l2Bytes; i += 8) {
                long entry = numbers.getLong(i);
                if (entry < 0) {
                    int offsetBits = 63 - clusterBits;
                    long length = entry >>> offsetBits & ((1L << clusterBits) - 1);
                    guest.compressed(entry & ((1L << offsetBits) - 1), Math.max(1, length), true, draft);
                } else if (entry != 0) {
                    guest.plain(entry, true, draft);
                }
            }
        }
        guest.finish(draft);
    }
}
