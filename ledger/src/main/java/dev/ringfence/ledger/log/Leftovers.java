package dev.ringfence.ledger.log;

import dev.ringfence.ledger.tile.Tile;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TreeTiles;
import java.util.LinkedHashSet;
import java.util.Set;

/** Removes files that no signed tree needs: what a crash left beyond it, and partial tiles whose full tile is there. */
final class Leftovers {
    private static final int LEVELS_WRITTEN = 8;

    private final LogStorage storage;

    Leftovers(LogStorage storage) {
        this.storage = storage;
    }

    /** Removes what a batch that was never signed may have written beyond a tree of this size. Durable on return. */
    void removeBeyond(long size) throws StorageException {
        Set<String> changed = new LinkedHashSet<>();
        TreeTiles shape = new TreeTiles(size);
        for (int level = TilePath.ENTRIES; level < LEVELS_WRITTEN; level++) {
            long first = shape.full(Math.max(level, 0));
            // As far as the largest batch reaches; in between files may be missing.
            int span = LogOptions.BATCH_LIMIT >> Math.min(31, Tile.HEIGHT * (Math.max(level, 0) + 1));
            for (long index = first; index <= first + span + 1; index++) {
                int kept = index == first ? shape.partialWidth(Math.max(level, 0)) : 0;
                removeFile(new TilePath(level, index, TilePath.FULL_WIDTH).path(), changed);
                removePartials(level, index, kept, changed);
            }
            for (long index = Math.max(0, first - span - 1); index < first; index++) {
                removePartials(level, index, 0, changed);
            }
        }
        for (String directory : changed) {
            storage.syncDirectory(directory);
        }
    }

    /** Removes the partial tiles between two published sizes that have become full. Not made durable: they do no harm. */
    void removeFilled(long oldSize, long newSize) throws StorageException {
        TreeTiles old = new TreeTiles(oldSize);
        TreeTiles now = new TreeTiles(newSize);
        for (int level = TilePath.ENTRIES; level < old.levels(); level++) {
            int hashLevel = Math.max(level, 0);
            long index = old.full(hashLevel);
            if (old.partialWidth(hashLevel) > 0 && now.full(hashLevel) > index) {
                removePartials(level, index, 0, new LinkedHashSet<>());
            }
        }
    }

    private void removePartials(int level, long index, int keptWidth, Set<String> changed) throws StorageException {
        String directory = SyncedDirectories.parent(new TilePath(level, index, 1).path());
        boolean emptied = true;
        boolean there = false;
        for (String name : storage.list(directory)) {
            there = true;
            // A name that is no width is none of ours, and not touched.
            if (name.matches("[1-9][0-9]{0,2}") && Integer.parseInt(name) > keptWidth) {
                storage.delete(directory + "/" + name);
                changed.add(directory);
            } else {
                emptied = false;
            }
        }
        if (there && emptied) {
            storage.delete(directory);
            changed.remove(directory);
            changed.add(SyncedDirectories.parent(directory));
        }
    }

    private void removeFile(String path, Set<String> changed) throws StorageException {
        if (storage.delete(path)) {
            changed.add(SyncedDirectories.parent(path));
        }
    }
}
