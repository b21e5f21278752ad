package dev.ringfence.formats.elf;

import java.util.List;

/**
 * What the symbol names say.
 *
 * @param table the table that was read
 * @param importsGuard whether it imports a stack protector's failure handler or guard value
 * @param definesGuard whether it defines one, for itself or for others
 * @param controlFlow whether it names one of Clang's control-flow integrity checks
 * @param fortified functions called through their checking twin, such as {@code memcpy} for {@code __memcpy_chk}; sorted
 * @param unfortified functions that have a checking twin and are called without it; sorted
 */
public record SymbolFacts(
        Table table,
        boolean importsGuard,
        boolean definesGuard,
        boolean controlFlow,
        List<String> fortified,
        List<String> unfortified) {
    /** Which symbol table the facts come from. */
    public enum Table {
        /** The table that the dynamic loader uses. */
        DYNAMIC,
        /** The full table, of objects and of statically linked programs. */
        FULL,
        /** There is none to read. */
        NONE
    }

    static final SymbolFacts NOTHING = new SymbolFacts(Table.NONE, false, false, false, List.of(), List.of());

    public SymbolFacts {
        fortified = List.copyOf(fortified);
        unfortified = List.copyOf(unfortified);
    }
}
