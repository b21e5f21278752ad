package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The partition table of a raw disk: MBR with its chain of extended partitions, and GPT (UEFI specification 2.10, chapter 5).
 */
final class PartitionTables {
    private static final int SECTOR = 512;
    private static final int ENTRIES_AT = 446;
    private static final int SIGNATURE_AT = 510;
    private static final int PROTECTIVE = 0xee;
    private static final int CHAIN_LIMIT = 128;

    private final ImageInput in;
    private final Draft draft;

    private PartitionTables(ImageInput in, Draft draft) {
        this.in = in;
        this.draft = draft;
    }

    /** Whether the file, read as a raw disk, begins as a partitioned one. */
    static boolean atHead(ImageInput in) throws IOException, Malformed {
        return isMbr(in) || GptReader.primarySectorBytes(in) > 0;
    }

    /** Reads whatever tables there are; none is no finding. */
    static void read(ImageInput in, Draft draft) throws IOException, Malformed {
        PartitionTables tables = new PartitionTables(in, draft);
        boolean protective = false;
        boolean others = false;
        if (isMbr(in)) {
            draft.feature("mbr");
            for (int i = 0; i < 4; i++) {
                int type = in.u8(ENTRIES_AT + 16 * i + 4);
                protective |= type == PROTECTIVE;
                others |= type != 0 && type != PROTECTIVE;
            }
            if (!protective) {
                tables.mbr();
            }
        }
        int sectorBytes = GptReader.primarySectorBytes(in);
        if (sectorBytes == 0 && GptReader.backupAtEnd(in)) {
            draft.refuse(
                    ImageCode.COPIES_DISAGREE,
                    "a backup GPT without a primary one: a tool that repairs would put it back");
        }
        if (sectorBytes > 0) {
            draft.feature("gpt");
            if (!protective) {
                draft.refuse(ImageCode.PARTITIONS, "a GPT without its protective MBR: two tools see two tables");
            }
            new GptReader(in, draft, sectorBytes).read();
        } else if (protective) {
            draft.refuse(ImageCode.PARTITIONS, "a protective MBR without its GPT");
        }
        if (protective && others) {
            draft.feature("hybrid-mbr");
        }
    }

    /**
     * The signature, and four entries that could be some, one of them used. A boot sector of a file system has the signature
     * as well, and code where the entries would be.
     */
    private static boolean isMbr(ImageInput in) throws IOException, Malformed {
        if (!in.holds(0, SECTOR) || !in.matches(SIGNATURE_AT, "\u0055\u00aa")) {
            return false;
        }
        boolean used = false;
        for (int i = 0; i < 4; i++) {
            int at = ENTRIES_AT + 16 * i;
            int status = in.u8(at);
            if (status != 0 && status != 0x80) {
                return false;
            }
            used |= in.u8(at + 4) != 0 && in.u32le(at + 12) != 0;
        }
        return used;
    }

    private void mbr() throws IOException, Malformed {
        Extents extents = new Extents(in);
        extents.add(0, SECTOR, "the master boot record");
        for (int i = 0; i < 4; i++) {
            int at = ENTRIES_AT + 16 * i;
            int type = in.u8(at + 4);
            long start = in.u32le(at + 8) * SECTOR;
            long length = in.u32le(at + 12) * SECTOR;
            if (type != 0 && length != 0 && inside(start, length)) {
                extents.add(start, length, "partition " + (i + 1));
                if (isExtended(type)) {
                    chain(start, length);
                }
            }
        }
        overlaps(extents);
    }

    private boolean inside(long start, long length) {
        if (!in.holds(start, length)) {
            draft.refuse(
                    ImageCode.PARTITIONS, "a partition at " + start + " of " + length + " bytes lies outside the disk");
            return false;
        }
        return true;
    }

    private static boolean isExtended(int type) {
        return type == 0x05 || type == 0x0f || type == 0x85;
    }

    /** Each logical partition has a boot record of its own, which names the next. */
    private void chain(long start, long length) throws IOException, Malformed {
        Extents extents = new Extents(in);
        Set<Long> seen = new HashSet<>();
        long record = start;
        while (true) {
            if (!seen.add(record) || seen.size() > CHAIN_LIMIT) {
                draft.refuse(ImageCode.PARTITIONS, "the chain of extended partitions does not end");
                return;
            }
            if (record < start || record > start + length - SECTOR) {
                draft.refuse(ImageCode.PARTITIONS, "the chain of extended partitions leaves its partition");
                return;
            }
            if (!in.matches(record + SIGNATURE_AT, "\u0055\u00aa")) {
                draft.refuse(ImageCode.PARTITIONS, "the chain of extended partitions leads to no boot record");
                return;
            }
            long at = record + ENTRIES_AT;
            long first = record + in.u32le(at + 8) * SECTOR;
            long bytes = in.u32le(at + 12) * SECTOR;
            extents.add(record, SECTOR, "an extended boot record");
            if (in.u8(at + 4) != 0 && bytes != 0 && inside(first, bytes)) {
                extents.add(first, bytes, "logical partition " + (seen.size() + 4));
            }
            if (!isExtended(in.u8(at + 16 + 4))) {
                overlaps(extents);
                return;
            }
            record = start + in.u32le(at + 16 + 8) * SECTOR;
        }
    }

    private void overlaps(Extents extents) {
        extents.firstOverlap().ifPresent(text -> draft.refuse(ImageCode.PARTITIONS, text));
    }
}
