package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A hosted sparse extent: header, embedded descriptor, grain directories and tables, and with streams a footer that must
 * repeat the header (VMware Virtual Disk Format 5.0, "Hosted Sparse Extents").
 */
final class VmdkSparse {
    private static final long SECTOR_BYTES = 512;
    private static final long AT_END = -1;
    private static final int TABLE_ENTRIES = 512;
    private static final long DIRECTORY_LIMIT_BYTES = 4 << 20;
    private static final long GRAIN_LIMIT_SECTORS = 0x200000;
    private static final long DESCRIPTOR_AT = SECTOR_BYTES;
    /** Where QEMU looks for a parent, whatever the header says. */
    private static final int SEARCHED_BYTES = 20 * 512;

    private static final int SPARE_DIRECTORY = 1 << 1;
    private static final int ZERO_GRAINS = 1 << 2;
    private static final int COMPRESSED = 1 << 16;
    private static final int MARKERS = 1 << 17;
    private static final int KNOWN_FLAGS = 7 | COMPRESSED | MARKERS;

    private static final long BOMB_BYTES = 1 << 30;
    private static final long BOMB_RATIO = 200;

    private final ImageInput in;
    private final Draft draft;
    private final Extents tables;

    VmdkSparse(ImageInput in, Draft draft) {
        this.in = in;
        this.draft = draft;
        this.tables = new Extents(in);
    }

    /** Header or footer. */
    private record Header(
            long version,
            long flags,
            long capacity,
            long grainSectors,
            long descriptorSector,
            long descriptorSectors,
            long tableEntries,
            long spareDirectory,
            long directory,
            long overhead,
            boolean dirty,
            boolean lineEnds,
            int compression) {
        static Header read(ImageInput in, long at) throws IOException, Malformed {
            in.require(at, SECTOR_BYTES, ImageCode.TRUNCATED, "the header");
            return new Header(
                    in.u32le(at + 4),
                    in.u32le(at + 8),
                    in.u64le(at + 12),
                    in.u64le(at + 20),
                    in.u64le(at + 28),
                    in.u64le(at + 36),
                    in.u32le(at + 44),
                    in.u64le(at + 48),
                    in.u64le(at + 56),
                    in.u64le(at + 64),
                    in.u8(at + 72) != 0,
                    in.matches(at + 73, "\n \r\n"),
                    in.u16le(at + 77));
        }

        boolean compressed() {
            return compression == 1;
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** Whether a footer says the same, but for the places that only it knows. */
        boolean sameDisk(Header footer) {
            return version == footer.version
                    && flags == footer.flags
                    && capacity == footer.capacity
                    && grainSectors == footer.grainSectors
                    && descriptorSector == footer.descriptorSector
                    && descriptorSectors == footer.descriptorSectors
                    && tableEntries == footer.tableEntries
                    && compression == footer.compression
                    && (directory == AT_END || directory == footer.directory)
                    && (spareDirectory == footer.spareDirectory || directory == AT_END);
        }
    }

    void read() throws IOException, Malformed {
        Header header = Header.read(in, 0);
        draft.variant = header.compressed() ? "streamOptimized" : "monolithicSparse";
        if (header.capacity >= 0 && header.capacity < Long.MAX_VALUE / SECTOR_BYTES) {
            draft.virtualSizeBytes = header.capacity * SECTOR_BYTES;
        } else {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the size of the disk is absurd");
        }
        descriptor(header);
        Header footer = footer(header);
        values(footer);
        tables.add(0, SECTOR_BYTES, "the header");
        grains(footer);
    }

    private void values(Header header) throws Malformed {
        if (header.version < 1 || header.version > 3) {
            throw new Malformed(ImageCode.VERSION, "version " + header.version);
        }
        if ((header.flags & ~(long) KNOWN_FLAGS) != 0) {
            draft.refuse(ImageCode.FEATURE, "unknown flags " + Long.toHexString(header.flags));
        }
        if (header.compression > 1) {
            throw new Malformed(ImageCode.FEATURE, "unknown compression " + header.compression);
        }
        if (header.compressed() != header.has(COMPRESSED)) {
            draft.refuse(ImageCode.HEADER, "the flags and the compression say different things");
        }
        if (!header.lineEnds) {
            draft.refuse(ImageCode.HEADER, "the file was transferred as text");
        }
        if (header.dirty) {
            draft.refuse(ImageCode.NEEDS_REPAIR, "the image was not closed");
        }
        long grain = header.grainSectors;
        if (Long.bitCount(grain) != 1 || grain < 1 || grain > GRAIN_LIMIT_SECTORS) {
            throw new Malformed(ImageCode.HEADER, "a grain of " + Long.toUnsignedString(grain) + " sectors");
        }
        if (header.tableEntries != TABLE_ENTRIES) {
            throw new Malformed(ImageCode.HEADER, "a grain table of " + header.tableEntries + " entries");
        }
        if (header.compressed()) {
            draft.feature("compressed");
        }
        if (header.has(MARKERS)) {
            draft.feature("markers");
        }
    }

    /** The footer, if the header leaves the places of the tables to it; else the header itself. */
    private Header footer(Header header) throws IOException, Malformed {
        long size = in.sizeBytes();
        long at = size - 2 * SECTOR_BYTES;
        boolean there = size >= 4 * SECTOR_BYTES && in.matches(at, "KDMV");
        if (header.directory != AT_END) {
            // A stream that some readers read by its header and some by its footer.
            if (there && header.has(MARKERS) && !header.sameDisk(Header.read(in, at))) {
                draft.refuse(ImageCode.COPIES_DISAGREE, "the header and the footer say different things");
            }
            return header;
        }
        draft.feature("footer");
        if (!there) {
            throw new Malformed(ImageCode.TRUNCATED, "the footer is missing");
        }
        if (size % SECTOR_BYTES != 0) {
            draft.refuse(ImageCode.HEADER, "the file does not end with a sector");
        }
        long marker = at - SECTOR_BYTES;
        long end = size - SECTOR_BYTES;
        if (in.u32le(marker + 8) != 0
                || in.u32le(marker + 12) != 3
                || in.u64le(end) != 0
                || in.u32le(end + 8) != 0
                || in.u32le(end + 12) != 0) {
            draft.refuse(ImageCode.HEADER, "the footer is not between its markers");
        }
        Header footer = Header.read(in, at);
        if (!header.sameDisk(footer)) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the header and the footer say different things");
        }
        if (footer.directory == AT_END) {
            throw new Malformed(ImageCode.HEADER, "the footer does not say where the grain directory is");
        }
        tables.add(marker, 3 * SECTOR_BYTES, "the footer");
        return footer;
    }

    private void descriptor(Header header) throws IOException, Malformed {
        long sectors = header.descriptorSectors;
        if (header.descriptorSector == 0 || sectors == 0) {
            draft.refuse(ImageCode.VARIANT, "an extent without its descriptor");
            searchedParent(false);
            return;
        }
        if (header.descriptorSector != 1) {
            draft.refuse(ImageCode.DESCRIPTOR, "the descriptor is not where all readers look for it");
        }
        if (sectors < 0 || sectors > VmdkDescriptor.LENGTH_LIMIT_BYTES / SECTOR_BYTES) {
            throw new Malformed(ImageCode.DESCRIPTOR, "a descriptor of " + Long.toUnsignedString(sectors) + " sectors");
        }
        if (header.descriptorSector < 0 || header.descriptorSector > in.sizeBytes() / SECTOR_BYTES) {
            throw new Malformed(ImageCode.OUTSIDE_FILE, "the descriptor lies outside the file");
        }
        long at = header.descriptorSector * SECTOR_BYTES;
        int length = (int) (sectors * SECTOR_BYTES);
        in.require(at, length, ImageCode.TRUNCATED, "the descriptor");
        tables.add(at, length, "the descriptor");
        in.reserve(4L * length);
        VmdkDescriptor descriptor = VmdkDescriptor.read(in.bytes(at, length), draft);
        if (descriptor.createType().isEmpty() && descriptor.extents().isEmpty() && descriptor.parent() == null) {
            draft.refuse(ImageCode.VARIANT, "an extent without its descriptor");
            searchedParent(false);
            return;
        }
        if (header.capacity == 0) {
            // Then readers go by the descriptor, as if it were a file of its own.
            VmdkReader.describe(descriptor, draft);
            return;
        }
        embedded(descriptor, header);
        VmdkReader.references(descriptor, draft);
        searchedParent(descriptor.parent() != null);
    }

    private void embedded(VmdkDescriptor descriptor, Header header) {
        String type = descriptor.createType();
        if (!type.equals("monolithicSparse") && !type.equals("streamOptimized")) {
            draft.variant = VmdkReader.word(type);
            draft.refuse(ImageCode.VARIANT, "a disk of type " + VmdkReader.word(type));
        } else if (type.equals("streamOptimized") != header.compressed()) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the header and the descriptor name different types");
        }
        // The one extent is this file, under the name that it once had.
        boolean self = descriptor.extents().size() == 1
                && descriptor.extents().getFirst().type().equals("SPARSE")
                && descriptor.names().stream()
                        .allMatch(n -> n.indexOf('/') < 0
                                && n.indexOf('\\') < 0
                                && new Reference(n, null).kind() == Reference.Kind.RELATIVE);
        if (!self) {
            for (VmdkDescriptor.Extent extent : descriptor.extents()) {
                String name = extent.name();
                draft.extent(new Reference(name == null ? "" : name, null));
            }
            draft.refuse(ImageCode.EXTENT_FILE, "the descriptor names other extents than this file");
            return;
        }
        long said = descriptor.sectors();
        if (said < 0 || said > header.capacity || header.capacity - said >= Math.max(1, header.grainSectors)) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the header and the descriptor give different sizes");
        }
    }

    /** QEMU searches the sectors after the header for a parent, descriptor or not. */
    private void searchedParent(boolean known) throws IOException, Malformed {
        int length = (int) Math.min(SEARCHED_BYTES, in.sizeBytes() - DESCRIPTOR_AT);
        if (length <= 0 || known) {
            return;
        }
        String text = new String(in.bytes(DESCRIPTOR_AT, length), StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        String key = "parentFileNameHint";
        int found = text.substring(0, end < 0 ? text.length() : end).indexOf(key);
        if (found >= 0) {
            int start = Math.min(text.length(), found + key.length() + 2);
            int close = text.indexOf('"', start);
            draft.backing(new Reference(text.substring(start, close < 0 ? start : close), "vmdk"));
        }
    }

    private void grains(Header header) throws IOException, Malformed {
        long span = header.grainSectors * TABLE_ENTRIES;
        long count = (header.capacity + span - 1) / span;
        if (header.capacity <= 0 || count <= 0) {
            return;
        }
        if (count > DIRECTORY_LIMIT_BYTES / 4) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a grain directory of " + count + " entries");
        }
        if (header.overhead < 0 || header.overhead > in.sizeBytes() / SECTOR_BYTES) {
            throw new Malformed(ImageCode.TRUNCATED, "the file ends before its grains");
        }
        VmdkGrainTables reader = new VmdkGrainTables(in, draft, tables, header.has(ZERO_GRAINS));
        int[] directory = reader.directory(header.directory, (int) count, "the grain directory");
        reader.add(directory, "a grain table");
        if (header.has(SPARE_DIRECTORY)) {
            int[] spare = reader.directory(header.spareDirectory, (int) count, "the spare grain directory");
            reader.add(spare, "a spare grain table");
        }
        tables.refuseOverlaps(draft);

        long grainBytes = header.grainSectors * SECTOR_BYTES;
        // A compressed grain takes at least the sector that its marker begins in.
        long least = header.compressed() ? SECTOR_BYTES : grainBytes;
        DataBlocks blocks = new DataBlocks(in, draft, tables, 0, SECTOR_BYTES, least, true, count * TABLE_ENTRIES);
        reader.grains(directory, blocks);
        blocks.refuseOverlaps();
        long expanded = blocks.count() * grainBytes;
        if (header.compressed() && expanded > BOMB_BYTES && expanded / BOMB_RATIO > in.sizeBytes()) {
            draft.refuse(ImageCode.COMPRESSION_BOMB, "the grains expand more than " + BOMB_RATIO + " times");
        }
    }
}
