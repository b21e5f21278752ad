package dev.ringfence.formats.image;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Parallels expandable image, both magics (QEMU's docs/interop/parallels.txt). */
final class ParallelsReader implements FormatReader {
    private static final String OLD_MAGIC = "WithoutFreeSpace";
    private static final String NEW_MAGIC = "WithouFreSpacExt";
    private static final int HEADER_BYTES = 64;
    private static final long SECTOR_BYTES = 512;
    private static final long TABLE_LIMIT_BYTES = 32 << 20;
    private static final long CLUSTER_LIMIT_BYTES = 64 << 20;
    private static final long OPEN = 0x746f_6e59L;
    private static final long CLOSED = 0x312e_3276L;
    private static final int FEATURE_LIMIT = 256;
    private static final long DIRTY_BITMAP = 0x2038_5fae_252c_b34aL;

    @Override
    public ImageFormat format() {
        return ImageFormat.PARALLELS;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, OLD_MAGIC) || in.matches(0, NEW_MAGIC);
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        in.require(0, HEADER_BYTES, ImageCode.TRUNCATED, "the header");
        boolean extended = in.matches(0, NEW_MAGIC);
        draft.variant = extended ? "extended" : "plain";
        if (in.u32le(16) != 2) {
            throw new Malformed(ImageCode.VERSION, "version " + in.u32le(16));
        }
        long clusterSectors = in.u32le(28);
        if (clusterSectors == 0 || clusterSectors > CLUSTER_LIMIT_BYTES / SECTOR_BYTES) {
            throw new Malformed(ImageCode.HEADER, "a cluster of " + clusterSectors + " sectors");
        }
        long entries = in.u32le(32);
        long sectors = in.u64le(36);
        if (sectors < 0 || sectors > Long.MAX_VALUE / SECTOR_BYTES || !extended && sectors >>> 32 != 0) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "the size of the disk is absurd");
        }
        draft.virtualSizeBytes = sectors * SECTOR_BYTES;
        if (sectors > entries * clusterSectors) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the disk is larger than its block table");
        }
        long inUse = in.u32le(44);
        if (inUse == OPEN) {
            draft.refuse(ImageCode.NEEDS_REPAIR, "the image was not closed");
        } else if (inUse != 0 && inUse != CLOSED) {
            draft.refuse(ImageCode.HEADER, "an unknown mark of use");
        }
        if ((in.u32le(52) & ~1L) != 0) {
            draft.refuse(ImageCode.FEATURE, "unknown flags");
        }
        clusters(in, extended, clusterSectors, entries, draft);
    }

    private static void clusters(ImageInput in, boolean extended, long clusterSectors, long entries, Draft draft)
            throws IOException, Malformed {
        if (entries > TABLE_LIMIT_BYTES / 4) {
            throw new Malformed(ImageCode.TABLE_SIZE, "the block table claims " + entries + " entries");
        }
        in.require(HEADER_BYTES, entries * 4, ImageCode.OUTSIDE_FILE, "the block table");
        long tableSectors = (HEADER_BYTES + entries * 4 + SECTOR_BYTES - 1) / SECTOR_BYTES;
        long dataSector = in.u32le(48);
        if (dataSector == 0 && !extended) {
            dataSector = tableSectors;
        }
        if (dataSector < tableSectors) {
            draft.refuse(ImageCode.OVERLAP, "the data begins inside the block table");
        }
        Extents tables = new Extents(in);
        tables.add(0, HEADER_BYTES + entries * 4, "the block table");
        long clusterBytes = clusterSectors * SECTOR_BYTES;
        long extensionSector = in.u64le(56);
        if (extensionSector != 0) {
            if (extensionSector < dataSector || extensionSector > in.sizeBytes() / SECTOR_BYTES) {
                throw new Malformed(ImageCode.OUTSIDE_FILE, "the format extension lies outside the data");
            }
            tables.add(extensionSector * SECTOR_BYTES, clusterBytes, "the format extension");
            new Extension(in, extensionSector * SECTOR_BYTES, clusterBytes, draft).read(tables);
        }
        tables.refuseOverlaps(draft);

        long firstSector = dataSector;
        long unitSectors = extended ? clusterSectors : 1;
        DataBlocks blocks = new DataBlocks(in, draft, tables, 0, SECTOR_BYTES, clusterBytes, true, entries);
        NumberTable.read(
                in,
                NumberTable.Kind.U32_LE,
                HEADER_BYTES,
                entries,
                TABLE_LIMIT_BYTES,
                "the block table",
                (index, e) -> {
                    if (e == 0) {
                        return;
                    }
                    long sector = e * unitSectors;
                    if (sector < firstSector) {
                        draft.refuse(ImageCode.OVERLAP, "a data block begins before the data");
                    } else if (extended && (sector - firstSector) % clusterSectors != 0) {
                        draft.refuse(ImageCode.TABLE_ENTRY, "a data block is not aligned");
                    }
                    blocks.add(sector);
                });
        blocks.refuseOverlaps();
    }

    /** The format extension: one cluster with a checksum and a list of features. */
    private record Extension(ImageInput in, long at, long clusterBytes, Draft draft) {
        void read(Extents tables) throws IOException, Malformed {
            in.require(at, clusterBytes, ImageCode.TRUNCATED, "the format extension");
            if (in.u64le(at) != 0xab23_4cef_23dc_ea87L) {
                throw new Malformed(ImageCode.EXTENSION, "the format extension has no magic");
            }
            if (!checksumHolds()) {
                throw new Malformed(ImageCode.CHECKSUM, "the checksum of the format extension is wrong");
            }
            long end = at + clusterBytes;
            long next = at + 24;
            for (int i = 0; i < FEATURE_LIMIT && next + 24 <= end; i++) {
                long magic = in.u64le(next);
                long length = in.u32le(next + 16);
                if (magic == 0) {
                    return;
                }
                if (length > end - next - 24) {
                    throw new Malformed(ImageCode.EXTENSION, "a feature runs past the format extension");
                }
                feature(magic, next, length, tables);
                next += 24 + (length + 7) / 8 * 8;
            }
            throw new Malformed(ImageCode.EXTENSION, "the list of features does not end");
        }

        private void feature(long magic, long header, long length, Extents tables) throws IOException, Malformed {
            if (magic != DIRTY_BITMAP) {
                // Bit 0: who does not know the feature must not change the file.
                boolean necessary = (in.u64le(header + 8) & 1) != 0;
                draft.refuse(
                        necessary ? ImageCode.FEATURE : ImageCode.EXTENSION,
                        "an unknown feature: " + Long.toHexString(magic));
                return;
            }
            draft.feature("dirty-bitmap");
            long entries = in.u32le(header + 24 + 28);
            if (length < 32 || entries > (length - 32) / 8) {
                throw new Malformed(ImageCode.EXTENSION, "a dirty bitmap runs past its feature");
            }
            for (long i = 0; i < entries; i++) {
                long sector = in.u64le(header + 24 + 32 + 8 * i);
                if (sector != 0 && sector != 1) {
                    if (sector < 0 || sector > in.sizeBytes() / SECTOR_BYTES) {
                        throw new Malformed(ImageCode.OUTSIDE_FILE, "a dirty bitmap lies outside the file");
                    }
                    tables.add(sector * SECTOR_BYTES, clusterBytes, "a dirty bitmap");
                }
            }
        }

        private boolean checksumHolds() throws IOException, Malformed {
            MessageDigest md5;
            try {
                md5 = MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has MD5", e);
            }
            for (long done = 24; done < clusterBytes; ) {
                int length = (int) Math.min(1 << 20, clusterBytes - done);
                md5.update(in.bytes(at + done, length));
                done += length;
            }
            return MessageDigest.isEqual(md5.digest(), in.bytes(at + 8, 16));
        }
    }
}
