package dev.ringfence.formats.image;

import java.io.IOException;

/** The fixed part of a qcow2 header (QEMU docs/interop/qcow2, "Header"), as it is written, with the checks it needs alone. */
record Qcow2Header(
        int version,
        long backingOffset,
        long backingLength,
        int clusterBits,
        long virtualSizeBytes,
        long cryptMethod,
        long l1Count,
        long l1Offset,
        long refcountTableOffset,
        long refcountTableClusters,
        long snapshotCount,
        long snapshotsOffset,
        long incompatible,
        long compatible,
        long autoclear,
        long headerLength,
        int compressionType) {
    static final long DIRTY = 1;
    static final long CORRUPT = 1 << 1;
    static final long EXTERNAL_DATA = 1 << 2;
    static final long COMPRESSION = 1 << 3;
    static final long EXTENDED_L2 = 1 << 4;
    private static final long KNOWN_INCOMPATIBLE = DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION | EXTENDED_L2;

    static final long AUTOCLEAR_BITMAPS = 1;
    static final long AUTOCLEAR_RAW_DATA = 1 << 1;

    private static final int V2_LENGTH = 72;
    private static final int V3_LENGTH = 104;
    private static final int CLUSTER_BITS_LOW = 9;
    /** QEMU's own limit, 2 MiB. */
    private static final int CLUSTER_BITS_HIGH = 21;

    int clusterBytes() {
        return 1 << clusterBits;
    }

    boolean externalData() {
        return (incompatible & EXTERNAL_DATA) != 0;
    }

    boolean extendedL2() {
        return (incompatible & EXTENDED_L2) != 0;
    }

    /** Bytes of an L2 table's entry. */
    int l2EntryBytes() {
        return extendedL2() ? 16 : 8;
    }

    boolean aligned(long offset) {
        return (offset & (clusterBytes() - 1)) == 0;
    }

    static Qcow2Header read(ImageInput in, Draft draft) throws IOException, Malformed {
        long version = in.u32be(4);
        draft.variant = Long.toString(version);
        draft.virtualSizeBytes = Math.max(-1, in.u64be(24));
        if (version != 2 && version != 3) {
            throw new Malformed(ImageCode.VERSION, "qcow2 version " + version);
        }
        boolean v3 = version == 3;
        long headerLength = v3 ? in.u32be(100) : V2_LENGTH;
        Qcow2Header header = new Qcow2Header(
                (int) version,
                in.u64be(8),
                in.u32be(16),
                clusterBits(in),
                in.u64be(24),
                in.u32be(32),
                in.u32be(36),
                in.u64be(40),
                in.u64be(48),
                in.u32be(56),
                in.u32be(60),
                in.u64be(64),
                v3 ? in.u64be(72) : 0,
                v3 ? in.u64be(80) : 0,
                v3 ? in.u64be(88) : 0,
                headerLength,
                v3 && headerLength > V3_LENGTH ? in.u8(V3_LENGTH) : 0);
        if (v3) {
            header.checkVersion3(in.u32be(96));
        }
        header.checkFeatures(draft);
        return header;
    }

    private static int clusterBits(ImageInput in) throws IOException, Malformed {
        long bits = in.u32be(20);
        if (bits < CLUSTER_BITS_LOW || bits > CLUSTER_BITS_HIGH) {
            throw new Malformed(ImageCode.HEADER, "clusters of 2^" + bits + " bytes");
        }
        return (int) bits;
    }

    private void checkVersion3(long refcountOrder) throws Malformed {
        if (headerLength < V3_LENGTH || headerLength > clusterBytes() || headerLength % 8 != 0) {
            throw new Malformed(ImageCode.HEADER, "a header of " + headerLength + " bytes");
        }
        if (refcountOrder > 6) {
            throw new Malformed(ImageCode.HEADER, "reference counts of 2^" + refcountOrder + " bits");
        }
    }

    private void checkFeatures(Draft draft) throws Malformed {
        if (virtualSizeBytes < 0) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the virtual disk is larger than 2^63 bytes");
        }
        long unknown = incompatible & ~KNOWN_INCOMPATIBLE;
        if (unknown != 0) {
            draft.refuse(ImageCode.FEATURE, "unknown incompatible features 0x" + Long.toHexString(unknown));
        }
        if ((incompatible & DIRTY) != 0) {
            draft.feature("dirty");
        }
        if ((incompatible & CORRUPT) != 0) {
            draft.refuse(ImageCode.NEEDS_REPAIR, "the image is marked as corrupt");
        }
        boolean compressionBit = (incompatible & COMPRESSION) != 0;
        if (compressionBit != (compressionType != 0)) {
            draft.refuse(ImageCode.HEADER, "compression type " + compressionType + " disagrees with its feature bit");
        } else if (compressionType == 1) {
            draft.feature("zstd");
        } else if (compressionType > 1) {
            draft.refuse(ImageCode.FEATURE, "unknown compression type " + compressionType);
        }
        if (extendedL2()) {
            draft.feature("extended-l2");
            if (clusterBits < 14) {
                throw new Malformed(ImageCode.HEADER, "extended L2 entries with clusters below 16 KiB");
            }
        }
        if ((compatible & 1) != 0) {
            draft.feature("lazy-refcounts");
        }
        if ((compatible & ~1L) != 0) {
            draft.feature("unknown-compatible");
        }
        if ((autoclear & AUTOCLEAR_RAW_DATA) != 0) {
            draft.feature("raw-external-data");
            if (!externalData()) {
                draft.refuse(ImageCode.HEADER, "raw external data without external data");
            }
        }
        if ((autoclear & ~(AUTOCLEAR_BITMAPS | AUTOCLEAR_RAW_DATA)) != 0) {
            draft.feature("unknown-autoclear");
        }
        if (cryptMethod > 2) {
            draft.refuse(ImageCode.HEADER, "unknown encryption method " + cryptMethod);
        } else if (cryptMethod == 1) {
            draft.encryption = "aes";
        } else if (cryptMethod == 2) {
            draft.encryption = "luks1";
        }
    }
}
