package dev.ringfence.formats.elf;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notes: build ID, the GNU property marks of CET, BTI and PAC, and Go's build note (gABI chapter 5, "Note Section"; Linux
 * gABI extensions, "Program Property").
 */
final class Notes {
    static final int LIMIT = 65_536;

    private static final int NT_GNU_BUILD_ID = 3;
    private static final int NT_GNU_PROPERTY = 5;
    private static final int NT_GO_BUILD_ID = 4;
    private static final long AARCH64_FEATURE_1_AND = 0xc000_0000L;
    private static final long X86_FEATURE_1_AND = 0xc000_0002L;

    @Nullable
    String buildId;

    boolean go;
    boolean ibt;
    boolean shstk;
    boolean bti;
    boolean pac;
    private boolean marked;
    private int seen;

    /** The notes of a file that is loaded. The loader takes properties from PT_GNU_PROPERTY when it is there. */
    static Notes ofSegments(Image image, Segments segments) throws IOException, Malformed {
        Notes notes = new Notes();
        Optional<ElfSegment> property = segments.first(ElfSegment.PT_GNU_PROPERTY);
        for (ElfSegment segment : segments.all()) {
            boolean chosen = property.isPresent() && segment.equals(property.get());
            if (chosen || segment.type() == ElfSegment.PT_NOTE) {
                boolean properties = chosen || property.isEmpty();
                notes.scan(image, segment.offset(), segment.fileSizeBytes(), segment.alignment(), properties);
            }
        }
        return notes;
    }

    /** The notes of an object or a debug file, which no loader maps. */
    static Notes ofSections(Image image, Sections sections) throws IOException, Malformed {
        Notes notes = new Notes();
        for (Sections.@Nullable Section section :
                new Sections.@Nullable Section[] {sections.buildId, sections.property}) {
            if (section != null) {
                notes.scan(image, section.offset(), section.sizeBytes(), section.alignment(), true);
            }
        }
        return notes;
    }

    private void scan(Image image, long offset, long sizeBytes, long alignment, boolean properties)
            throws IOException, Malformed {
        image.require(offset, sizeBytes, Malformed.CONTENTS, "a note segment");
        int align = alignment == 8 ? 8 : 4;
        long end = offset + sizeBytes;
        long at = offset;
        while (end - at >= 12) {
            if (++seen > LIMIT) {
                throw new Malformed(Malformed.LIMIT, "more than " + LIMIT + " notes");
            }
            long nameBytes = image.u32(at);
            long valueBytes = image.u32(at + 4);
            long type = image.u32(at + 8);
            long name = at + 12;
            long value = offset + padded(name - offset + nameBytes, align);
            if (name + nameBytes > end || value > end || valueBytes > end - value) {
                throw new Malformed(Malformed.NOTE, "a note runs past the end of its segment");
            }
            if (nameBytes == 4 && named(image, name, 'G', 'N', 'U')) {
                gnu(image, type, value, valueBytes, properties);
            } else if (nameBytes == 4 && named(image, name, 'G', 'o', 0)) {
                go |= type == NT_GO_BUILD_ID;
            }
            at = offset + padded(value - offset + valueBytes, align);
        }
    }

    private static long padded(long length, int align) {
        return (length + align - 1) & -align;
    }

    private static boolean named(Image image, long at, int first, int second, int third) throws IOException, Malformed {
        return image.u8(at) == first
                && image.u8(at + 1) == second
                && image.u8(at + 2) == third
                && image.u8(at + 3) == 0;
    }

    private void gnu(Image image, long type, long value, long valueBytes, boolean properties)
            throws IOException, Malformed {
        if (type == NT_GNU_BUILD_ID && buildId == null && valueBytes > 0 && valueBytes <= 64) {
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < valueBytes; i++) {
                int octet = image.u8(value + i);
                hex.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
            }
            buildId = hex.toString();
        } else if (type == NT_GNU_PROPERTY && properties) {
            properties(image, value, value + valueBytes);
        }
    }

    private void properties(Image image, long from, long end) throws IOException, Malformed {
        long at = from;
        while (end - at >= 8) {
            if (++seen > LIMIT) {
                throw new Malformed(Malformed.LIMIT, "more than " + LIMIT + " notes and properties");
            }
            long type = image.u32(at);
            long bytes = image.u32(at + 4);
            if (bytes > end - at - 8) {
                throw new Malformed(Malformed.NOTE, "a program property runs past the end of its note");
            }
            if ((type == X86_FEATURE_1_AND || type == AARCH64_FEATURE_1_AND) && bytes == 4) {
                marks(type, image.u32(at + 8));
            }
            at += 8 + padded(bytes, image.wide() ? 8 : 4);
        }
    }

    /** Marks count only if each note that speaks of them has them. */
    private void marks(long type, long bits) {
        boolean first = (bits & 1) != 0;
        boolean second = (bits & 2) != 0;
        if (type == X86_FEATURE_1_AND) {
            ibt = first && (ibt || !marked);
            shstk = second && (shstk || !marked);
        } else {
            bti = first && (bti || !marked);
            pac = second && (pac || !marked);
        }
        marked = true;
    }
}
