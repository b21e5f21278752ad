package dev.ringfence.ledger.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the directories that files need, and syncs those whose names changed. A directory that is there already may be the
 * leftover of a process that ended before it synced the parent; so its name is synced once by every writer. Not thread-safe.
 */
final class SyncedDirectories {
    private static final int KNOWN_LIMIT = 256;

    private final LogStorage storage;
    private final Set<String> changed = new LinkedHashSet<>();
    private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > KNOWN_LIMIT;
        }
    };

    SyncedDirectories(LogStorage storage) {
        this.storage = storage;
    }

    /** Makes the directories above a file, and notes that the file's name has to be synced. */
    void prepare(String file) throws StorageException {
        String directory = parent(file);
        make(directory);
        changed.add(directory);
    }

    private void make(String directory) throws StorageException {
        if (directory.isEmpty() || known.containsKey(directory)) {
            return;
        }
        make(parent(directory));
        storage.makeDirectory(directory);
        changed.add(parent(directory));
        known.put(directory, true);
    }

    /** What makes every name durable that changed since the last call. */
    List<Together.Write> syncs() {
        List<Together.Write> syncs = new ArrayList<>();
        for (String directory : changed) {
            syncs.add(() -> storage.syncDirectory(directory));
        }
        changed.clear();
        return syncs;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
