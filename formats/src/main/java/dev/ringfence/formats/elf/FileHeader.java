package dev.ringfence.formats.elf;

import java.io.IOException;

/**
 * The ELF header, extended numbering resolved (gABI chapter 4, "ELF Header").
 *
 * @param type e_type
 * @param machine e_machine
 * @param programHeaders offset of the program header table
 * @param programHeaderCount from e_phnum, or from section 0 when e_phnum is PN_XNUM
 * @param sectionHeaders offset of the section header table
 * @param sectionCount from e_shnum, or from section 0 when e_shnum is 0; 0 if there are none
 * @param sectionNames index of the section that holds section names; 0 if there is none
 */
record FileHeader(
        int type,
        int machine,
        long programHeaders,
        long programHeaderCount,
        long sectionHeaders,
        long sectionCount,
        long sectionNames) {
    private static final int PN_XNUM = 0xffff;
    private static final int SHN_XINDEX = 0xffff;

    /** Reads the header and fixes the image's class and byte order. */
    static FileHeader read(Image image) throws IOException, Malformed {
        if (image.sizeBytes() < 4
                || image.u8(0) != 0x7f
                || image.u8(1) != 'E'
                || image.u8(2) != 'L'
                || image.u8(3) != 'F') {
            throw new Malformed(Malformed.NOT_ELF, "not an ELF file");
        }
        if (image.sizeBytes() < 16) {
            throw new Malformed(Malformed.SHORT_HEADER, "the file ends inside the ELF header");
        }
        int fileClass = image.u8(4);
        int data = image.u8(5);
        int version = image.u8(6);
        if (fileClass != 1 && fileClass != 2) {
            throw new Malformed(Malformed.IDENTIFICATION, "unknown ELF class " + fileClass);
        }
        if (data != 1 && data != 2) {
            throw new Malformed(Malformed.IDENTIFICATION, "unknown data encoding " + data);
        }
        if (version != 1) {
            throw new Malformed(Malformed.IDENTIFICATION, "unknown ELF version " + version);
        }
        boolean wide = fileClass == 2;
        image.layout(wide, data == 2);
        if (image.sizeBytes() < (wide ? 64 : 52)) {
            throw new Malformed(Malformed.SHORT_HEADER, "the file ends inside the ELF header");
        }
        return readTables(image, wide);
    }

    private static FileHeader readTables(Image image, boolean wide) throws IOException, Malformed {
        long programHeaders = image.word(wide ? 32 : 28);
        long sectionHeaders = image.word(wide ? 40 : 32);
        long counts = wide ? 54 : 42;
        int programHeaderSize = image.u16(counts);
        long programHeaderCount = image.u16(counts + 2);
        int sectionHeaderSize = image.u16(counts + 4);
        long sectionCount = image.u16(counts + 6);
        long sectionNames = image.u16(counts + 8);

        // A core file's tables are not read, and may be cut off.
        if (sectionHeaders == 0 || ElfType.of(image.u16(16)) == ElfType.CORE) {
            sectionCount = 0;
            sectionNames = 0;
        } else {
            if (sectionHeaderSize != sectionEntryBytes(wide)) {
                throw new Malformed(Malformed.ENTRY_SIZE, "section headers of " + sectionHeaderSize + " bytes");
            }
            image.require(
                    sectionHeaders, sectionEntryBytes(wide), Malformed.SECTION_HEADERS, "the section header table");
            if (sectionCount == 0) {
                sectionCount = image.word(sectionHeaders + (wide ? 32 : 20));
            }
            if (sectionNames == SHN_XINDEX) {
                sectionNames = image.u32(sectionHeaders + (wide ? 40 : 24));
            }
            if (programHeaderCount == PN_XNUM) {
                programHeaderCount = image.u32(sectionHeaders + (wide ? 44 : 28));
            }
        }
        if (programHeaderCount > 0 && programHeaderSize != (wide ? 56 : 32)) {
            throw new Malformed(Malformed.ENTRY_SIZE, "program headers of " + programHeaderSize + " bytes");
        }
        return new FileHeader(
                image.u16(16),
                image.u16(18),
                programHeaders,
                programHeaderCount,
                sectionHeaders,
                sectionCount,
                sectionNames);
    }

    static int sectionEntryBytes(boolean wide) {
        return wide ? 64 : 40;
    }
}
