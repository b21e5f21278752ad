package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Both copies of a GUID partition table (UEFI specification 2.10, section 5.3). */
final class GptReader {
    private static final String SIGNATURE = "EFI PART";
    private static final int HEADER_LOW_BYTES = 92;
    private static final int ENTRY_LOW_BYTES = 128;
    private static final long TABLE_LIMIT_BYTES = 1 << 20;

    private final ImageInput in;
    private final Draft draft;
    private final int sectorBytes;

    GptReader(ImageInput in, Draft draft, int sectorBytes) {
        this.in = in;
        this.draft = draft;
        this.sectorBytes = sectorBytes;
    }

    /** The sector size for which there is a primary header; 0 if there is none. */
    static int primarySectorBytes(ImageInput in) throws IOException, Malformed {
        for (int size : new int[] {512, 4096}) {
            if (in.matches(size, SIGNATURE)) {
                return size;
            }
        }
        return 0;
    }

    /** Whether the disk's last sector is a header. */
    static boolean backupAtEnd(ImageInput in) throws IOException, Malformed {
        return in.sizeBytes() >= 3 * 512
                && (in.matches(in.sizeBytes() / 512 * 512 - 512, SIGNATURE)
                        || in.matches(in.sizeBytes() / 4096 * 4096 - 4096, SIGNATURE));
    }

    void read() throws IOException, Malformed {
        Copy primary = copy(1, "the primary GPT header");
        if (primary == null) {
            return;
        }
        partitions(primary);
        if (!in.holds(bytes(primary.other), sectorBytes)) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the backup GPT header lies outside the disk");
            return;
        }
        Copy backup = copy(primary.other, "the backup GPT header");
        if (backup == null) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the backup GPT header is not where the primary says");
        } else if (backup.other != 1
                || backup.first != primary.first
                || backup.last != primary.last
                || backup.count != primary.count
                || backup.entryBytes != primary.entryBytes
                || backup.entriesCrc != primary.entriesCrc
                || !backup.guid.equals(primary.guid)) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the primary and the backup GPT disagree");
        }
    }

    /** One header, its own checksum and that of its entries checked; null if there is none. */
    private @Nullable Copy copy(long sector, String label) throws IOException, Malformed {
        long at = bytes(sector);
        if (!in.matches(at, SIGNATURE)) {
            return null;
        }
        long headerBytes = in.u32le(at + 12);
        if (headerBytes < HEADER_LOW_BYTES || headerBytes > sectorBytes) {
            throw new Malformed(ImageCode.HEADER, label + " of " + headerBytes + " bytes");
        }
        byte[] header = in.bytes(at, (int) headerBytes);
        for (int i = 16; i < 20; i++) {
            header[i] = 0;
        }
        if (crc(header) != in.u32le(at + 16)) {
            draft.refuse(ImageCode.CHECKSUM, "the checksum of " + label + " is wrong");
        }
        if (in.u32le(at + 8) != 0x1_0000) {
            throw new Malformed(ImageCode.VERSION, label + " has an unknown revision");
        }
        if (in.u64le(at + 24) != sector) {
            draft.refuse(ImageCode.COPIES_DISAGREE, label + " says that it is elsewhere");
        }
        Copy copy = new Copy(
                in.u64le(at + 32),
                in.u64le(at + 40),
                in.u64le(at + 48),
                Long.toHexString(in.u64le(at + 56)) + Long.toHexString(in.u64le(at + 64)),
                in.u64le(at + 72),
                in.u32le(at + 80),
                in.u32le(at + 84),
                in.u32le(at + 88));
        if (copy.entryBytes < ENTRY_LOW_BYTES || Long.bitCount(copy.entryBytes) != 1) {
            throw new Malformed(ImageCode.HEADER, "GPT entries of " + copy.entryBytes + " bytes");
        }
        if (copy.count > TABLE_LIMIT_BYTES / copy.entryBytes) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a GPT of " + copy.count + " entries");
        }
        if (!in.holds(bytes(copy.entries), copy.count * copy.entryBytes)) {
            throw new Malformed(ImageCode.OUTSIDE_FILE, "the entries of " + label + " lie outside the disk");
        }
        if (crc(in.bytes(bytes(copy.entries), (int) (copy.count * copy.entryBytes))) != copy.entriesCrc) {
            draft.refuse(ImageCode.CHECKSUM, "the checksum of the entries of " + label + " is wrong");
        }
        return copy;
    }

    private void partitions(Copy primary) throws IOException, Malformed {
        Extents extents = new Extents(in);
        if (primary.first < 0 || primary.first > primary.last || !in.holds(bytes(primary.last), sectorBytes)) {
            draft.refuse(ImageCode.PARTITIONS, "the usable sectors lie outside the disk");
        }
        for (long i = 0; i < primary.count; i++) {
            long at = bytes(primary.entries) + i * primary.entryBytes;
            if (in.u64le(at) == 0 && in.u64le(at + 8) == 0) {
                continue;
            }
            long first = in.u64le(at + 32);
            long last = in.u64le(at + 40);
            if (first < primary.first || last > primary.last || first > last) {
                draft.refuse(ImageCode.PARTITIONS, "partition " + (i + 1) + " lies outside the usable sectors");
            } else {
                extents.add(first, last - first + 1, "a partition");
            }
        }
        extents.firstOverlap().ifPresent(text -> draft.refuse(ImageCode.PARTITIONS, text));
    }

    /** A sector's place; -1 where the number is beyond any disk. */
    private long bytes(long sector) {
        return sector < 0 || sector > Long.MAX_VALUE / sectorBytes ? -1 : sector * sectorBytes;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** What a header says, in sectors. */
    private record Copy(
            long other,
            long first,
            long last,
            String guid,
            long entries,
            long count,
            long entryBytes,
            long entriesCrc) {}
}
