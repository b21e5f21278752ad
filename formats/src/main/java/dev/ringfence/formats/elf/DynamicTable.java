package dev.ringfence.formats.elf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dynamic section as the loader reads it: through PT_DYNAMIC, addresses mapped by PT_LOAD (gABI chapter 5, "Dynamic
 * Section").
 */
final class DynamicTable {
    /** Real files have a few dozen entries. */
    static final int ENTRY_LIMIT = 65_536;
    /** Linux's PATH_MAX. */
    static final int NAME_LIMIT_BYTES = 4096;

    static final int PATHS_LIMIT_BYTES = 65_536;
    static final int NEEDED_LIMIT = 4096;

    private static final int DT_MIPS_SYMTABNO = 0x70000011;
    private static final int DT_MIPS_RLD_MAP = 0x70000016;
    private static final int DT_MIPS_RLD_MAP_REL = 0x70000035;
    private static final long DF_BIND_NOW = 8;
    private static final long DF_1_NOW = 1;
    private static final long DF_1_NODEFLIB = 0x800;
    private static final long DF_1_PIE = 0x0800_0000;

    boolean present;
    boolean bindNow;
    boolean pieFlag;
    boolean debugEntry;
    boolean noDefaultLibraries;
    List<String> needed = List.of();

    @Nullable
    String soname;

    @Nullable
    String rpath;

    @Nullable
    String runpath;

    long symbols = -1;
    long hash = -1;
    long gnuHash = -1;
    long mipsSymbolCount = -1;
    long relocations = -1;
    long relocationsBytes;
    long relocationsRelative;
    long addends = -1;
    long addendsBytes;
    long addendsRelative;
    long plt = -1;
    long pltBytes;
    long pltKind;

    private long strings = -1;
    private long stringsBytes;
    private long stringsAt;
    private final List<Long> neededNames = new ArrayList<>();
    private long sonameAt = -1;
    private long rpathAt = -1;
    private long runpathAt = -1;

    static DynamicTable read(Image image, Segments segments, ElfMachine machine) throws IOException, Malformed {
        DynamicTable table = new DynamicTable();
        ElfSegment segment = segments.first(ElfSegment.PT_DYNAMIC).orElse(null);
        if (segment == null || segment.fileSizeBytes() == 0) {
            return table;
        }
        table.present = true;
        int entryBytes = image.wide() ? 16 : 8;
        // The loader goes by the address and stops at DT_NULL. The segment's offset and size could tell another story.
        long start = segments.offsetOf(segment.address(), entryBytes, "the dynamic section");
        long count = segments.bytesFrom(segment.address(), "the dynamic section") / entryBytes;
        for (long i = 0; i < count; i++) {
            if (i == ENTRY_LIMIT) {
                throw new Malformed(Malformed.LIMIT, "more than " + ENTRY_LIMIT + " dynamic entries");
            }
            long at = start + i * entryBytes;
            long tag = image.word(at);
            if (tag == 0) {
                break;
            }
            table.entry(tag, image.word(at + entryBytes / 2), image.wide(), machine);
        }
        table.resolve(image, segments);
        return table;
    }

    private void entry(long tag, long value, boolean wide, ElfMachine machine) throws Malformed {
        // All tags that matter fit in 32 bits. A wider one is unknown.
        if (tag >>> 32 != 0) {
            return;
        }
        switch ((int) tag) {
            case 1 -> {
                if (neededNames.size() == NEEDED_LIMIT) {
                    throw new Malformed(Malformed.LIMIT, "more than " + NEEDED_LIMIT + " needed libraries");
                }
                neededNames.add(value);
            }
            case 2 -> pltBytes = value;
            case 4 -> hash = address(value);
            case 5 -> strings = address(value);
            case 6 -> symbols = address(value);
            case 7 -> addends = address(value);
            case 8 -> addendsBytes = value;
            case 9 -> requireEntry(value, wide ? 24 : 12, "DT_RELAENT");
            case 10 -> stringsBytes = value;
            case 11 -> requireEntry(value, wide ? 24 : 16, "DT_SYMENT");
            case 14 -> sonameAt = name(value);
            case 15 -> rpathAt = name(value);
            case 17 -> relocations = address(value);
            case 18 -> relocationsBytes = value;
            case 19 -> requireEntry(value, wide ? 16 : 8, "DT_RELENT");
            case 20 -> pltKind = value;
            case 21 -> debugEntry = true;
            case 23 -> plt = address(value);
            case 24 -> bindNow = true;
            case 29 -> runpathAt = name(value);
            case 30 -> bindNow |= (value & DF_BIND_NOW) != 0;
            case 0x6ffffef5 -> gnuHash = address(value);
            case 0x6ffffff9 -> addendsRelative = value;
            case 0x6ffffffa -> relocationsRelative = value;
            case 0x6ffffffb -> {
                bindNow |= (value & DF_1_NOW) != 0;
                noDefaultLibraries |= (value & DF_1_NODEFLIB) != 0;
                pieFlag |= (value & DF_1_PIE) != 0;
            }
            default -> {
                if (machine.number() == ElfMachine.MIPS) {
                    mipsEntry((int) tag, value);
                }
            }
        }
    }

    private void mipsEntry(int tag, long value) {
        switch (tag) {
            case DT_MIPS_SYMTABNO -> mipsSymbolCount = value;
            case DT_MIPS_RLD_MAP, DT_MIPS_RLD_MAP_REL -> debugEntry = true;
            default -> {}
        }
    }

    /** In this class -1 stands for an absent table, which no address may pose as. */
    private static long address(long value) throws Malformed {
        if (value == -1) {
            throw new Malformed(Malformed.ADDRESS, "a dynamic table at the last address there is");
        }
        return value;
    }

    private static long name(long value) throws Malformed {
        if (value < 0) {
            throw new Malformed(Malformed.STRING, "a name in the dynamic section lies outside its string table");
        }
        return value;
    }

    private static void requireEntry(long value, int expected, String what) throws Malformed {
        if (value != expected) {
            throw new Malformed(
                    Malformed.ENTRY_SIZE, what + " is " + Long.toUnsignedString(value) + ", not " + expected);
        }
    }

    private void resolve(Image image, Segments segments) throws IOException, Malformed {
        boolean named = !neededNames.isEmpty() || sonameAt >= 0 || rpathAt >= 0 || runpathAt >= 0;
        if (strings == -1) {
            if (named || symbols != -1) {
                throw new Malformed(Malformed.STRING, "the dynamic section names things but has no string table");
            }
            return;
        }
        stringsAt = segments.offsetOf(strings, stringsBytes, "the dynamic string table");
        List<String> names = new ArrayList<>(neededNames.size());
        for (long name : neededNames) {
            names.add(string(image, name, NAME_LIMIT_BYTES, "a needed library's name"));
        }
        needed = List.copyOf(names);
        soname = sonameAt == -1 ? null : string(image, sonameAt, NAME_LIMIT_BYTES, "the soname");
        rpath = rpathAt == -1 ? null : string(image, rpathAt, PATHS_LIMIT_BYTES, "the rpath");
        runpath = runpathAt == -1 ? null : string(image, runpathAt, PATHS_LIMIT_BYTES, "the runpath");
    }

    private String string(Image image, long name, int limitBytes, String what) throws IOException, Malformed {
        if (name < 0 || name >= stringsBytes) {
            throw new Malformed(Malformed.STRING, what + " lies outside its string table");
        }
        return image.text(stringsAt + name, stringsAt + stringsBytes, limitBytes, what);
    }

    /** First offset of the dynamic string table. */
    long stringsAt() {
        return stringsAt;
    }

    long stringsBytes() {
        return stringsBytes;
    }
}
