package dev.ringfence.formats.elf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The program header table, and the map from addresses to file offsets that the loader would build from it. */
record Segments(List<ElfSegment> all) {
    /** The kernel refuses more than 64 KiB of program headers; real files have about a dozen. */
    static final int LIMIT = 4096;

    private static final Set<Long> SINGLE =
            Set.of(ElfSegment.PT_DYNAMIC, ElfSegment.PT_INTERP, ElfSegment.PT_GNU_STACK, ElfSegment.PT_GNU_RELRO);

    Segments {
        all = List.copyOf(all);
    }

    static Segments read(Image image, FileHeader header) throws IOException, Malformed {
        long count = header.programHeaderCount();
        if (count == 0) {
            return new Segments(List.of());
        }
        if (count > LIMIT) {
            throw new Malformed(Malformed.LIMIT, count + " program headers, limit " + LIMIT);
        }
        boolean wide = image.wide();
        int entryBytes = wide ? 56 : 32;
        image.require(
                header.programHeaders(), count * entryBytes, Malformed.PROGRAM_HEADERS, "the program header table");
        List<ElfSegment> segments = new ArrayList<>((int) count);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            ElfSegment segment = entry(image, header.programHeaders() + (long) i * entryBytes, wide);
            // Kernel, loader and checkers disagree on which of two counts, so that two could hide one from each other.
            if (SINGLE.contains(segment.type()) && !seen.add(segment.type())) {
                throw new Malformed(
                        Malformed.DUPLICATE, "more than one segment of type 0x" + Long.toHexString(segment.type()));
            }
            segments.add(segment);
        }
        return new Segments(segments);
    }

    private static ElfSegment entry(Image image, long at, boolean wide) throws IOException, Malformed {
        return new ElfSegment(
                image.u32(at),
                (int) image.u32(at + (wide ? 4 : 24)),
                image.word(at + (wide ? 8 : 4)),
                image.word(at + (wide ? 16 : 8)),
                image.word(at + (wide ? 32 : 16)),
                image.word(at + (wide ? 40 : 20)),
                image.word(at + (wide ? 48 : 28)));
    }

    Optional<ElfSegment> first(long type) {
        for (ElfSegment segment : all) {
            if (segment.type() == type) {
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }

    /** Whether the file has anything that runs. */
    boolean hasCode() {
        return all.stream().anyMatch(s -> s.type() == ElfSegment.PT_LOAD && s.executable());
    }

    /** Refuses a file that lacks part of what must be loaded: it was cut short. */
    void requireLoadable(Image image) throws Malformed {
        for (ElfSegment segment : all) {
            if (segment.type() == ElfSegment.PT_LOAD && segment.fileSizeBytes() != 0) {
                image.require(segment.offset(), segment.fileSizeBytes(), Malformed.CONTENTS, "a loaded segment");
            }
        }
    }

    /** The file offset of an address range, which must lie in one loaded segment's file part. */
    long offsetOf(long address, long length, String what) throws Malformed {
        ElfSegment segment = holding(address, length, what);
        return segment.offset() + (address - segment.address());
    }

    /** How many bytes the file has from an address to the end of its segment. */
    long bytesFrom(long address, String what) throws Malformed {
        ElfSegment segment = holding(address, 0, what);
        return segment.fileSizeBytes() - (address - segment.address());
    }

    private ElfSegment holding(long address, long length, String what) throws Malformed {
        for (ElfSegment segment : all) {
            if (segment.type() == ElfSegment.PT_LOAD && segment.holdsInFile(address, length)) {
                return segment;
            }
        }
        throw new Malformed(Malformed.ADDRESS, what + " is not in a loaded part of the file");
    }
}
