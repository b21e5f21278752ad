package dev.ringfence.formats.elf;

import java.io.IOException;

/**
 * How many entries the dynamic symbol table has. No dynamic tag says it, so that it comes from the section header with the
 * same address, else DT_HASH, else from what DT_GNU_HASH and the relocations reach. Every loop is bounded by the file's own
 * size and by {@link #LIMIT}.
 */
final class SymbolCount {
    /** The largest libraries have a few hundred thousand. */
    static final long LIMIT = 1 << 22;

    private static final long RELOCATION_LIMIT = 1 << 24;

    private final Image image;
    private final Segments segments;
    private final DynamicTable dynamic;

    private SymbolCount(Image image, Segments segments, DynamicTable dynamic) {
        this.image = image;
        this.segments = segments;
        this.dynamic = dynamic;
    }

    static long of(
            Image image, Segments segments, DynamicTable dynamic, Sections sections, ElfMachine machine, int entryBytes)
            throws IOException, Malformed {
        SymbolCount counter = new SymbolCount(image, segments, dynamic);
        Sections.Section section = sections.dynamicSymbols;
        long count;
        if (section != null && section.address() == dynamic.symbols) {
            count = Long.divideUnsigned(section.sizeBytes(), entryBytes);
        } else if (dynamic.mipsSymbolCount >= 0) {
            count = dynamic.mipsSymbolCount;
        } else if (dynamic.hash != -1) {
            count = counter.fromHash(machine);
        } else {
            count = Math.max(counter.fromGnuHash(), counter.fromRelocations());
        }
        if (Long.compareUnsigned(count, LIMIT) > 0) {
            throw new Malformed(Malformed.LIMIT, Long.toUnsignedString(count) + " dynamic symbols, limit " + LIMIT);
        }
        return count;
    }

    /** DT_HASH: nchain is the number of symbols. Its words have 64 bits on alpha and 64-bit s390. */
    private long fromHash(ElfMachine machine) throws IOException, Malformed {
        boolean wideWords =
                image.wide() && (machine.number() == ElfMachine.S390 || machine.number() == ElfMachine.ALPHA);
        int wordBytes = wideWords ? 8 : 4;
        long at = segments.offsetOf(dynamic.hash, 2L * wordBytes, "the symbol hash table");
        return wideWords ? image.u64(at + wordBytes) : image.u32(at + wordBytes);
    }

    /** DT_GNU_HASH covers exported symbols only; the last chain's end is the last exported symbol. */
    private long fromGnuHash() throws IOException, Malformed {
        if (dynamic.gnuHash == -1) {
            return 0;
        }
        long header = segments.offsetOf(dynamic.gnuHash, 16, "the GNU hash table");
        long buckets = image.u32(header);
        long firstHashed = image.u32(header + 4);
        long bloomWords = image.u32(header + 8);
        if (buckets > LIMIT || firstHashed > LIMIT) {
            throw new Malformed(Malformed.LIMIT, "a GNU hash table of " + buckets + " buckets");
        }
        long bucketsAddress = dynamic.gnuHash + 16 + bloomWords * (image.wide() ? 8 : 4);
        long bucketsAt = segments.offsetOf(bucketsAddress, buckets * 4, "the GNU hash table");
        long last = 0;
        for (long i = 0; i < buckets; i++) {
            last = Math.max(last, image.u32(bucketsAt + i * 4));
        }
        if (last < firstHashed) {
            return firstHashed;
        }
        long chain = bucketsAddress + (buckets + last - firstHashed) * 4;
        long at = segments.offsetOf(chain, 4, "a GNU hash chain");
        long links = segments.bytesFrom(chain, "a GNU hash chain") / 4;
        for (long i = 0; i < links; i++) {
            if (last + i >= LIMIT) {
                throw new Malformed(Malformed.LIMIT, "a GNU hash chain beyond " + LIMIT + " symbols");
            }
            if ((image.u32(at + i * 4) & 1) != 0) {
                return last + i + 1;
            }
        }
        throw new Malformed(Malformed.ADDRESS, "a GNU hash chain runs out of its segment");
    }

    /** A symbol that is imported and used has a relocation, so that none which matters is missed. */
    private long fromRelocations() throws IOException, Malformed {
        int plain = image.wide() ? 16 : 8;
        int withAddend = image.wide() ? 24 : 12;
        boolean pltAddends = dynamic.pltKind == 7;
        long last = largest(dynamic.addends, dynamic.addendsBytes, dynamic.addendsRelative, withAddend);
        last = Math.max(
                last, largest(dynamic.relocations, dynamic.relocationsBytes, dynamic.relocationsRelative, plain));
        return Math.max(last, largest(dynamic.plt, dynamic.pltBytes, 0, pltAddends ? withAddend : plain)) + 1;
    }

    /** The largest symbol index in a relocation table, whose first {@code relative} entries have none. */
    private long largest(long address, long bytes, long relative, int entryBytes) throws IOException, Malformed {
        if (address == -1 || bytes == 0) {
            return 0;
        }
        long at = segments.offsetOf(address, bytes, "a relocation table");
        long count = bytes / entryBytes;
        if (count > RELOCATION_LIMIT) {
            throw new Malformed(Malformed.LIMIT, count + " relocations, limit " + RELOCATION_LIMIT);
        }
        long last = 0;
        for (long i = Math.clamp(relative, 0, count); i < count; i++) {
            long info = image.word(at + i * entryBytes + (image.wide() ? 8 : 4));
            last = Math.max(last, image.wide() ? info >>> 32 : info >>> 8);
        }
        return last;
    }
}
