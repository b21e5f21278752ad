package dev.ringfence.formats.elf;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Walks one symbol table and keeps the names that {@link KnownSymbols} knows. */
final class SymbolScan {
    private final Image image;
    private boolean importsGuard;
    private boolean definesGuard;
    private boolean controlFlow;
    private final TreeSet<String> fortified = new TreeSet<>();
    private final TreeSet<String> unfortified = new TreeSet<>();

    private SymbolScan(Image image) {
        this.image = image;
    }

    /** The dynamic table of a file that the loader maps. */
    static SymbolFacts dynamic(
            Image image, Segments segments, DynamicTable dynamic, Sections sections, ElfMachine machine)
            throws IOException, Malformed {
        if (dynamic.symbols == -1) {
            return SymbolFacts.NOTHING;
        }
        int entryBytes = entryBytes(image);
        long count = SymbolCount.of(image, segments, dynamic, sections, machine, entryBytes);
        long at = segments.offsetOf(dynamic.symbols, count * entryBytes, "the dynamic symbol table");
        return new SymbolScan(image)
                .walk(SymbolFacts.Table.DYNAMIC, at, count, dynamic.stringsAt(), dynamic.stringsBytes());
    }

    /** The full table, if there is one. */
    static SymbolFacts full(Image image, FileHeader header, Sections sections) throws IOException, Malformed {
        Sections.@Nullable Section table = sections.symbols;
        if (table == null) {
            return SymbolFacts.NOTHING;
        }
        int entryBytes = entryBytes(image);
        if (table.entryBytes() != entryBytes) {
            throw new Malformed(
                    Malformed.ENTRY_SIZE,
                    "symbols of " + Long.toUnsignedString(table.entryBytes()) + " bytes, not " + entryBytes);
        }
        image.require(table.offset(), table.sizeBytes(), Malformed.CONTENTS, "the symbol table");
        long count = table.sizeBytes() / entryBytes;
        if (count > SymbolCount.LIMIT) {
            throw new Malformed(Malformed.LIMIT, count + " symbols, limit " + SymbolCount.LIMIT);
        }
        Sections.Section names = Sections.linked(image, header, table);
        return new SymbolScan(image)
                .walk(SymbolFacts.Table.FULL, table.offset(), count, names.offset(), names.sizeBytes());
    }

    private static int entryBytes(Image image) {
        return image.wide() ? 24 : 16;
    }

    /** Symbol 0 is reserved and empty. */
    private SymbolFacts walk(SymbolFacts.Table kind, long table, long count, long names, long namesBytes)
            throws IOException, Malformed {
        NameIndex index = NameIndex.of(image, names, namesBytes);
        int entryBytes = entryBytes(image);
        int sectionAt = image.wide() ? 6 : 14;
        for (long i = 1; i < count; i++) {
            long at = table + i * entryBytes;
            long name = image.u32(at);
            if (name != 0 && name >= namesBytes) {
                throw new Malformed(Malformed.STRING, "a symbol's name lies outside its string table");
            }
            KnownSymbols.Known known = index.at(name);
            if (known != null) {
                weigh(known, image.u16(at + sectionAt) == 0);
            }
        }
        return new SymbolFacts(
                kind, importsGuard, definesGuard, controlFlow, List.copyOf(fortified), List.copyOf(unfortified));
    }

    private void weigh(KnownSymbols.Known known, boolean imported) {
        switch (known.meaning()) {
            case GUARD -> {
                importsGuard |= imported;
                definesGuard |= !imported;
            }
            case FORTIFIED -> {
                if (imported) {
                    fortified.add(known.function());
                }
            }
            case UNFORTIFIED -> {
                if (imported) {
                    unfortified.add(known.function());
                }
            }
            case CONTROL_FLOW -> controlFlow = true;
        }
    }
}
