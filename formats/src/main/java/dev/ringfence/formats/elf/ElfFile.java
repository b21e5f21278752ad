package dev.ringfence.formats.elf;

import java.util.List;

/**
 * What {@link ElfReader} saw in a file, before any verdict.
 *
 * @param identity what the file is
 * @param segments its program headers; empty for core files, which may have very many
 * @param sectionHeaders whether it has section headers
 * @param symbolTable whether it has a full symbol table, which stripping removes
 * @param dynamicSection whether it has a dynamic section
 * @param bindNow whether it asks the loader to resolve all symbols at once (DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW)
 * @param gotOutsideRelro whether a section of jump addresses stays writable outside PT_GNU_RELRO; false without sections
 * @param ibt marked for indirect branch tracking
 * @param shstk marked for shadow stacks
 * @param bti marked for branch target identification
 * @param pac marked for return address signing
 * @param symbols what its symbol names say
 * @param code what its machine code says, if that was scanned
 */
public record ElfFile(
        ElfIdentity identity,
        List<ElfSegment> segments,
        boolean sectionHeaders,
        boolean symbolTable,
        boolean dynamicSection,
        boolean bindNow,
        boolean gotOutsideRelro,
        boolean ibt,
        boolean shstk,
        boolean bti,
        boolean pac,
        SymbolFacts symbols,
        CodeFacts code) {
    public ElfFile {
        segments = List.copyOf(segments);
    }
}
