package dev.ringfence.formats.image;

import java.io.IOException;

/**
 * The footer of a VHD, or its copy at the start (Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer
 * Format").
 *
 * @param at where it stands
 * @param dataOffset where the dynamic disk header is, -1 for none
 * @param creator four characters, NUL as it is
 * @param currentSizeBytes size of the disk as its creator counts it; negative if absurd
 * @param geometrySizeBytes size by cylinders, heads and sectors
 * @param type 2 fixed, 3 dynamic, 4 differencing
 */
record VhdFooter(
        long at,
        long version,
        long dataOffset,
        String creator,
        long currentSizeBytes,
        long geometrySizeBytes,
        long type) {
    static final int SIZE_BYTES = 512;
    static final String COOKIE = "conectix";
    static final long FIXED = 2;
    static final long DYNAMIC = 3;
    static final long DIFFERENCING = 4;

    private static final int CHECKSUM_AT = 64;
    private static final long LARGEST_GEOMETRY_BYTES = 65_535L * 16 * 255 * 512;
    /** A disk need not end with a cylinder; this is the largest one. */
    private static final long CYLINDER_LIMIT_BYTES = 255L * 255 * 512;

    /** Reads a footer, and refuses a wrong version or checksum. */
    static VhdFooter read(ImageInput in, long at, Draft draft) throws IOException, Malformed {
        in.require(at, SIZE_BYTES, ImageCode.TRUNCATED, "the footer");
        long version = in.u32be(at + 12);
        if (version != 0x10000) {
            draft.refuse(
                    ImageCode.VERSION, "version " + (version >>> 16) + "." + (version & 0xffff) + " of the footer");
        }
        byte[] bytes = in.bytes(at, SIZE_BYTES);
        if (checksum(bytes, CHECKSUM_AT) != in.u32be(at + CHECKSUM_AT)) {
            draft.refuse(ImageCode.CHECKSUM, "the checksum of the footer is wrong");
        }
        StringBuilder creator = new StringBuilder();
        for (int i = 28; i < 32; i++) {
            creator.append((char) (bytes[i] & 0xff));
        }
        long sectors = (long) in.u16be(at + 56) * in.u8(at + 58) * in.u8(at + 59);
        return new VhdFooter(
                at,
                version,
                in.u64be(at + 16),
                creator.toString(),
                in.u64be(at + 48),
                512 * sectors,
                in.u32be(at + 60));
    }

    /** The ones' complement of the sum of all bytes but the four of the checksum itself. */
    static long checksum(byte[] bytes, int checksumAt) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (i < checksumAt || i >= checksumAt + 4) {
                sum += bytes[i] & 0xff;
            }
        }
        return Integer.toUnsignedLong(~sum);
    }

    /** Whether the creator's tools, and QEMU after them, take the size and not the geometry. */
    private boolean countsBytes() {
        return switch (creator) {
            case "win ", "qem2", "d2v ", "d2v\0", "tap\0", "CTXS", "wa\0\0" -> true;
            default -> geometrySizeBytes == LARGEST_GEOMETRY_BYTES;
        };
    }

    /** The size of the disk as QEMU shows it. */
    long virtualSizeBytes() {
        return countsBytes() ? currentSizeBytes / 512 * 512 : geometrySizeBytes;
    }

    /** Whether tools that go by the size and those that go by the geometry see very different disks. */
    boolean sizesDisagree() {
        return currentSizeBytes < 0
                || !countsBytes() && Math.abs(currentSizeBytes - geometrySizeBytes) > CYLINDER_LIMIT_BYTES;
    }

    /** Whether a copy says the same; times and the saved state may differ. */
    boolean sameDisk(VhdFooter other) {
        return version == other.version
                && dataOffset == other.dataOffset
                && creator.equals(other.creator)
                && currentSizeBytes == other.currentSizeBytes
                && geometrySizeBytes == other.geometrySizeBytes
                && type == other.type;
    }
}
