package dev.ringfence.formats.elf;

import dev.ringfence.formats.elf.KnownSymbols.Known;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a string table holds the names of {@link KnownSymbols}, found by one pass from front to back: no string is made for
 * the thousands of names that say nothing, and no page is read twice.
 */
final class NameIndex {
    /** The largest debug builds have about half of this. */
    static final long LIMIT_BYTES = 512L << 20;
    /** A table with each known name once has some 200; only a hostile one has many. */
    static final int HITS_LIMIT = 65_536;

    private static final int CHUNK = 1 << 16;

    private final Map<Long, Known> names = new HashMap<>();

    private NameIndex() {}

    /** Scans the table, which the caller has checked to lie in the file. */
    static NameIndex of(Image image, long table, long bytes) throws IOException, Malformed {
        if (bytes > LIMIT_BYTES) {
            throw new Malformed(Malformed.LIMIT, "a symbol name table of " + bytes + " bytes, limit " + LIMIT_BYTES);
        }
        if (bytes > 0 && image.u8(table + bytes - 1) != 0) {
            throw new Malformed(Malformed.STRING, "a symbol name table whose last name has no end");
        }
        NameIndex index = new NameIndex();
        int overlap = KnownSymbols.LONGEST;
        byte[] chunk = new byte[(int) Math.min(bytes, overlap + CHUNK)];
        for (long start = 0; start < bytes; start += CHUNK) {
            int before = (int) Math.min(start, overlap);
            int length = (int) Math.min(before + CHUNK, bytes - start + before);
            image.copy(table + start - before, chunk, length);
            for (int i = before; i < length; i++) {
                if (chunk[i] == 0) {
                    index.endingAt(chunk, i, start - before);
                }
            }
        }
        return index;
    }

    private void endingAt(byte[] chunk, int nul, long chunkStart) throws Malformed {
        int state = KnownSymbols.START;
        for (int i = nul - 1; i >= 0; i--) {
            state = KnownSymbols.step(state, chunk[i]);
            if (state == KnownSymbols.NOWHERE) {
                return;
            }
            Known known = KnownSymbols.at(state);
            if (known != null) {
                if (names.size() == HITS_LIMIT) {
                    throw new Malformed(Malformed.LIMIT, "a symbol name table that repeats names");
                }
                names.put(chunkStart + i, known);
            }
        }
    }

    /** The known name at an offset in the table, or null. */
    @Nullable
    Known at(long offset) {
        return names.get(offset);
    }
}
