package dev.ringfence.formats.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the section headers add to the program headers: the full symbol table, the dynamic symbol table's size, notes of
 * files that are not loaded, and names that give a compiler away. Loaders ignore section headers, so nothing here may
 * decide what the loader decides.
 */
final class Sections {
    /** Objects compiled with a section for each function have a few hundred thousand. */
    static final long LIMIT = 1 << 20;

    private static final int SHT_PROGBITS = 1;
    private static final int SHT_SYMTAB = 2;
    private static final int SHT_NOBITS = 8;
    private static final int SHT_DYNSYM = 11;
    private static final long SHF_ALLOC_EXEC = 2 | 4;

    private static final byte[] COMMENT = ascii(".comment");
    private static final byte[] RODATA = ascii(".rodata");
    private static final byte[] GOT_PLT = ascii(".got.plt");
    private static final byte[] MODINFO = ascii(".modinfo");
    private static final byte[] THIS_MODULE = ascii(".gnu.linkonce.this_module");
    private static final byte[] GO_TABLE = ascii(".gopclntab");
    private static final byte[] GO_BUILD = ascii(".go.buildinfo");
    private static final byte[] BUILD_ID = ascii(".note.gnu.build-id");
    private static final byte[] PROPERTY = ascii(".note.gnu.property");
    private static final byte[] RUST_SCRIPTS = ascii(".debug_gdb_scripts");

    /** One section's place. */
    record Section(long address, long offset, long sizeBytes, long link, long entryBytes, long alignment) {}

    boolean present;
    boolean kernelModule;
    boolean goNames;

    @Nullable
    Section symbols;

    @Nullable
    Section dynamicSymbols;

    @Nullable
    Section comment;

    @Nullable
    Section readOnlyData;

    @Nullable
    Section gotPlt;

    @Nullable
    Section buildId;

    @Nullable
    Section property;

    @Nullable
    Section debugScripts;

    private boolean codeInFile;
    private boolean codeElsewhere;

    /** Whether the code's section headers say that its bytes are in another file (objcopy --only-keep-debug). */
    boolean debugOnly() {
        return codeElsewhere && !codeInFile;
    }

    static Sections scan(Image image, FileHeader header) throws IOException, Malformed {
        Sections found = new Sections();
        long count = header.sectionCount();
        if (count == 0) {
            return found;
        }
        if (Long.compareUnsigned(count, LIMIT) > 0) {
            throw new Malformed(Malformed.LIMIT, Long.toUnsignedString(count) + " section headers, limit " + LIMIT);
        }
        int entryBytes = FileHeader.sectionEntryBytes(image.wide());
        image.require(
                header.sectionHeaders(), count * entryBytes, Malformed.SECTION_HEADERS, "the section header table");
        long namesAt = 0;
        long namesEnd = 0;
        if (header.sectionNames() != 0) {
            if (header.sectionNames() >= count) {
                throw new Malformed(
                        Malformed.SECTION_HEADERS,
                        "the section name table is section " + header.sectionNames() + " of " + count);
            }
            Section names = section(image, header.sectionHeaders() + header.sectionNames() * entryBytes);
            image.require(names.offset, names.sizeBytes, Malformed.CONTENTS, "the section name table");
            namesAt = names.offset;
            namesEnd = names.offset + names.sizeBytes;
        }
        found.present = true;
        for (long i = 1; i < count; i++) {
            long at = header.sectionHeaders() + i * entryBytes;
            found.note(image, at, namesAt + image.u32(at), namesEnd);
        }
        return found;
    }

    private static Section section(Image image, long at) throws IOException, Malformed {
        boolean wide = image.wide();
        return new Section(
                image.word(at + (wide ? 16 : 12)),
                image.word(at + (wide ? 24 : 16)),
                image.word(at + (wide ? 32 : 20)),
                image.u32(at + (wide ? 40 : 24)),
                image.word(at + (wide ? 56 : 36)),
                image.word(at + (wide ? 48 : 32)));
    }

    /** The string table that a symbol table links to. */
    static Section linked(Image image, FileHeader header, Section symbols) throws IOException, Malformed {
        if (symbols.link == 0 || symbols.link >= header.sectionCount()) {
            throw new Malformed(
                    Malformed.SECTION_HEADERS,
                    "a symbol table's names are in section " + symbols.link + " of " + header.sectionCount());
        }
        int entryBytes = FileHeader.sectionEntryBytes(image.wide());
        Section strings = section(image, header.sectionHeaders() + symbols.link * entryBytes);
        image.require(strings.offset, strings.sizeBytes, Malformed.CONTENTS, "a symbol name table");
        return strings;
    }

    private void note(Image image, long at, long name, long end) throws IOException, Malformed {
        long type = image.u32(at + 4);
        long flags = image.word(at + 8);
        if (type == SHT_SYMTAB && symbols == null) {
            symbols = section(image, at);
        } else if (type == SHT_DYNSYM && dynamicSymbols == null) {
            dynamicSymbols = section(image, at);
        }
        if ((flags & SHF_ALLOC_EXEC) == SHF_ALLOC_EXEC) {
            codeInFile |= type == SHT_PROGBITS;
            codeElsewhere |= type == SHT_NOBITS;
        }
        if (name >= end || image.u8(name) != '.' || type == SHT_NOBITS) {
            return;
        }
        // The second letter sorts out nearly every section without a comparison.
        switch (name + 1 < end ? image.u8(name + 1) : 0) {
            case 'c' -> comment = pick(image, at, name, end, COMMENT, comment);
            case 'd' -> debugScripts = pick(image, at, name, end, RUST_SCRIPTS, debugScripts);
            case 'g' -> {
                gotPlt = pick(image, at, name, end, GOT_PLT, gotPlt);
                goNames |= image.matches(name, end, GO_TABLE) || image.matches(name, end, GO_BUILD);
                kernelModule |= image.matches(name, end, THIS_MODULE);
            }
            case 'm' -> kernelModule |= image.matches(name, end, MODINFO);
            case 'n' -> {
                buildId = pick(image, at, name, end, BUILD_ID, buildId);
                property = pick(image, at, name, end, PROPERTY, property);
            }
            case 'r' -> readOnlyData = pick(image, at, name, end, RODATA, readOnlyData);
            default -> {}
        }
    }

    private static @Nullable Section pick(
            Image image, long at, long name, long end, byte[] wanted, @Nullable Section found)
            throws IOException, Malformed {
        return found == null && image.matches(name, end, wanted) ? section(image, at) : found;
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
