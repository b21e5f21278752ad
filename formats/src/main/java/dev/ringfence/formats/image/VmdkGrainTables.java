package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.Arrays;

/**
 * The grain directory of a sparse extent and the tables that it points to. Tables that lie side by side, as in a
 * monolithicSparse file, are read together.
 */
final class VmdkGrainTables {
    private static final long SECTOR_BYTES = 512;
    private static final int TABLE_BYTES = 2048;
    private static final int TABLE_SECTORS = 4;
    private static final int TABLES_AT_ONCE = 256;

    private final ImageInput in;
    private final Draft draft;
    private final Extents tables;
    private final boolean zeroGrains;

    VmdkGrainTables(ImageInput in, Draft draft, Extents tables, boolean zeroGrains) {
        this.in = in;
        this.draft = draft;
        this.tables = tables;
        this.zeroGrains = zeroGrains;
    }

    /** The sectors of the tables that a directory points to, those that are absent left out, in ascending order. */
    int[] directory(long sector, int count, String what) throws IOException, Malformed {
        if (sector <= 0 || sector > in.sizeBytes() / SECTOR_BYTES) {
            throw new Malformed(ImageCode.OUTSIDE_FILE, what + " lies outside the file");
        }
        long at = sector * SECTOR_BYTES;
        in.require(at, 4L * count, ImageCode.OUTSIDE_FILE, what);
        tables.add(at, 4L * count, what);
        in.reserve(8L * count);
        int[] sectors = new int[count];
        int[] used = {0};
        NumberTable.read(in, NumberTable.Kind.U32_LE, at, count, 4L * count, what, (index, table) -> {
            if (table == 0 || zeroGrains && table == 1) {
                return;
            }
            if (!in.holds(table * SECTOR_BYTES, TABLE_BYTES) || table > Integer.MAX_VALUE) {
                draft.refuse(ImageCode.OUTSIDE_FILE, "a grain table lies outside the file");
                return;
            }
            sectors[used[0]++] = (int) table;
        });
        Arrays.sort(sectors, 0, used[0]);
        return Arrays.copyOf(sectors, used[0]);
    }

    /** Adds the places of tables, runs of neighbours as one. */
    void add(int[] sectors, String what) throws Malformed {
        for (int i = 0; i < sectors.length; ) {
            int run = run(sectors, i, sectors.length);
            tables.add(sectors[i] * SECTOR_BYTES, (long) run * TABLE_BYTES, what);
            i += run;
        }
        for (int i = 1; i < sectors.length; i++) {
            if (sectors[i] - sectors[i - 1] < TABLE_SECTORS) {
                draft.refuse(ImageCode.OVERLAP, "two grain tables lie on the same bytes");
                return;
            }
        }
    }

    /** Adds every grain that the tables point to. */
    void grains(int[] sectors, DataBlocks blocks) throws IOException, Malformed {
        NumberTable.Entry take = (index, grain) -> {
            if (grain != 0 && !(zeroGrains && grain == 1)) {
                blocks.add(grain);
            }
        };
        for (int i = 0; i < sectors.length; ) {
            int run = run(sectors, i, TABLES_AT_ONCE);
            long bytes = (long) run * TABLE_BYTES;
            NumberTable.read(
                    in, NumberTable.Kind.U32_LE, sectors[i] * SECTOR_BYTES, bytes / 4, bytes, "a grain table", take);
            i += run;
        }
    }

    private static int run(int[] sectors, int from, int most) {
        int run = 1;
        while (run < most
                && from + run < sectors.length
                && sectors[from + run] == sectors[from] + run * TABLE_SECTORS) {
            run++;
        }
        return run;
    }
}
