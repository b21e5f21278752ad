package dev.ringfence.ledger.fsck;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pass over all entries and tiles of one signed tree. */
final class TreeCheck {
    private static final int WIDTH = 256;

    private final LogFiles files;
    private final SignedTree tree;
    private final String treeFile;
    private final @Nullable SignedTree older;
    private final Faults faults;
    private final Digests digests = new Digests();
    private final List<Level> levels = new ArrayList<>();

    TreeCheck(LogFiles files, SignedTree tree, String treeFile, @Nullable SignedTree older, Faults faults) {
        this.files = files;
        this.tree = tree;
        this.treeFile = treeFile;
        this.older = older;
        this.faults = faults;
        for (long hashes = tree.size; hashes > 0; hashes >>>= 8) {
            levels.add(new Level(levels.size()));
        }
    }

    void run() throws IOException {
        long full = tree.size / WIDTH;
        int rest = (int) (tree.size % WIDTH);
        for (long index = 0; index < full && !faults.isFull(); index++) {
            leaves(index, WIDTH);
        }
        if (faults.isFull()) {
            return;
        }
        Bundle edge = rest == 0 ? null : leaves(full, rest);
        rightEdge(edge);
        if (older != null && older.size == tree.size && !tree.isRoot(older.root())) {
            exclude();
        }
    }

    /** Takes one bundle and its leaf tile. At the right edge the tile is left open. */
    private @Nullable Bundle leaves(long index, int width) throws IOException {
        Level level = levels.getFirst();
        level.index = index;
        Bundle bundle = bundle(index, width);
        for (int i = 0; i < width; i++) {
            level.derived.add(bundle == null ? null : bundle.leafHashes.get(i));
        }
        List<byte[]> stored = tile(0, index, width);
        if (width < WIDTH) {
            level.stored = stored;
            olderRoot(index, level.filled(stored));
        } else {
            List<byte[]> agreed = agree(level, stored, bundle);
            olderRoot(index, agreed);
            close(level, agreed);
        }
        return bundle;
    }

    private @Nullable Bundle bundle(long index, int width) throws IOException {
        String name = LogFiles.name(LogFiles.ENTRIES, index, width);
        byte[] bytes = files.read(name, LogFiles.BUNDLE_BYTES);
        boolean exact = bytes != null;
        if (bytes == null && width < WIDTH) {
            // A partial bundle may go once the full one is there.
            name = LogFiles.name(LogFiles.ENTRIES, index, WIDTH);
            bytes = files.read(name, LogFiles.BUNDLE_BYTES);
        }
        if (bytes == null) {
            faults.add("RF-LDG-070", LogFiles.name(LogFiles.ENTRIES, index, width), 0, "the entry bundle is missing");
            return null;
        }
        Bundle bundle = Bundle.read(name, bytes, width, exact, digests, faults);
        if (bundle != null) {
            outdated(LogFiles.ENTRIES, index, width, bundle::prefix);
        }
        return bundle;
    }

    private @Nullable List<byte[]> tile(int level, long index, int width) throws IOException {
        String name = LogFiles.name(level, index, width);
        byte[] bytes = files.read(name, LogFiles.TILE_BYTES);
        if (bytes == null && width < WIDTH) {
            byte[] full = files.read(LogFiles.name(level, index, WIDTH), LogFiles.TILE_BYTES);
            bytes = full == null ? null : Arrays.copyOf(full, Math.min(full.length, width * Digests.BYTES));
        }
        if (bytes == null) {
            faults.add("RF-LDG-070", name, 0, "the tile is missing");
            return null;
        }
        if (bytes.length != width * Digests.BYTES) {
            faults.add(
                    "RF-LDG-071",
                    name,
                    Math.min(bytes.length, width * Digests.BYTES),
                    "the tile has not the " + width * Digests.BYTES + " bytes of its width");
            return null;
        }
        byte[] sound = bytes;
        outdated(level, index, width, entries -> Arrays.copyOf(sound, entries * Digests.BYTES));
        List<byte[]> hashes = new ArrayList<>(width);
        for (int at = 0; at < bytes.length; at += Digests.BYTES) {
            hashes.add(Arrays.copyOfRange(bytes, at, at + Digests.BYTES));
        }
        return hashes;
    }

    /** Gives the bytes that a partial file of a width must have. */
    private interface Prefix {
        byte[] of(int width);
    }

    private void outdated(int level, long index, int width, Prefix prefix) throws IOException {
        for (int partial : files.partialWidths(level, index)) {
            if (partial >= width) {
                return;
            }
            String name = LogFiles.name(level, index, partial);
            int limit = level == LogFiles.ENTRIES ? LogFiles.BUNDLE_BYTES : LogFiles.TILE_BYTES;
            byte[] bytes = files.read(name, limit);
            int at = bytes == null ? -1 : Digests.difference(bytes, prefix.of(partial));
            if (at >= 0) {
                faults.add(
                        "RF-LDG-079", name, at, "it differs from the start of " + LogFiles.name(level, index, width));
            }
        }
    }

    /** Ends a full tile: its root goes to the level above. */
    private void close(Level level, @Nullable List<byte[]> hashes) throws IOException {
        byte[] root = hashes == null ? parentHash(level) : digests.root(hashes);
        level.derived.clear();
        Level above = levels.get(level.number + 1);
        above.index = level.index / WIDTH;
        above.derived.add(root);
        if (above.derived.size() == WIDTH) {
            close(above, agree(above, tile(above.number, above.index, WIDTH), null));
        }
    }

    /** The hashes of a full tile on which most agree: what was derived, the file, and the tile above. */
    private @Nullable List<byte[]> agree(Level level, @Nullable List<byte[]> stored, @Nullable Bundle bundle)
            throws IOException {
        List<byte[]> derived = level.filled(stored);
        int at = stored == null || derived == null ? -1 : mismatch(derived, stored);
        if (at < 0 || stored == null || derived == null) {
            return derived;
        }
        byte[] above = parentHash(level);
        boolean storedFits = above != null && Arrays.equals(above, digests.root(stored));
        boolean derivedFits = above != null && Arrays.equals(above, digests.root(derived));
        if (storedFits) {
            belowIsWrong(level, at, bundle);
            return stored;
        }
        tileIsWrong(level, WIDTH, at, derived.get(at), stored.get(at));
        if (!derivedFits) {
            belowIsWrong(level, at, bundle);
        }
        return derived;
    }

    private static int mismatch(List<byte[]> one, List<byte[]> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!Arrays.equals(one.get(i), other.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private void tileIsWrong(Level level, int width, int at, byte[] derived, byte[] stored) {
        long offset = (long) at * Digests.BYTES + Digests.difference(derived, stored);
        String what = level.number == 0 ? "the entry" : "the tile below";
        faults.add(
                "RF-LDG-073",
                LogFiles.name(level.number, level.index, width),
                offset,
                "hash " + at + " is not that of " + what);
    }

    private void belowIsWrong(Level level, int at, @Nullable Bundle bundle) {
        if (level.number > 0) {
            long below = level.index * WIDTH + at;
            faults.add(
                    "RF-LDG-073",
                    LogFiles.name(level.number - 1, below, WIDTH),
                    0,
                    "the tile and what lies below it are not what the tile above says");
        } else if (bundle != null) {
            faults.add(
                    "RF-LDG-074",
                    LogFiles.name(LogFiles.ENTRIES, level.index, bundle.leafHashes.size()),
                    bundle.offset(at),
                    "entry " + at + ", leaf " + (level.index * WIDTH + at) + ", is not what its hash in the tree says");
        }
    }

    /** What the file of the level above says of the last full tile of a level; null if it cannot be had. */
    private byte @Nullable [] parentHash(Level level) throws IOException {
        int number = level.number + 1;
        long hashes = tree.size >>> (8 * number);
        long index = level.index / WIDTH;
        int width = (int) Math.min(WIDTH, hashes - index * WIDTH);
        byte[] bytes = files.read(LogFiles.name(number, index, width), LogFiles.TILE_BYTES);
        int at = (int) (level.index % WIDTH) * Digests.BYTES;
        return bytes == null || bytes.length < at + Digests.BYTES
                ? null
                : Arrays.copyOfRange(bytes, at, at + Digests.BYTES);
    }

    /** Checks the partial tiles at the right edge and the root. */
    private void rightEdge(@Nullable Bundle bundle) throws IOException {
        List<@Nullable List<byte[]>> derived = new ArrayList<>();
        for (Level level : levels) {
            int width = level.derived.size();
            if (width > 0 && level.number > 0) {
                level.index = level.index(tree.size);
                level.stored = tile(level.number, level.index, width);
            }
            derived.add(level.filled(level.stored));
        }
        byte[] root = root(derived);
        boolean sound = root != null && tree.isRoot(root);
        boolean explained = sound;
        for (Level level : levels) {
            List<byte[]> own = derived.get(level.number);
            List<byte[]> stored = level.stored;
            int at = own == null || stored == null ? -1 : mismatch(own, stored);
            if (at < 0 || own == null || stored == null) {
                continue;
            }
            List<@Nullable List<byte[]>> other = new ArrayList<>(derived);
            other.set(level.number, stored);
            byte[] otherRoot = root(other);
            if (!sound && otherRoot != null && tree.isRoot(otherRoot)) {
                belowIsWrong(level, at, bundle);
                explained = true;
            } else {
                tileIsWrong(level, own.size(), at, own.get(at), stored.get(at));
            }
        }
        if (root == null) {
            faults.add("RF-LDG-077", treeFile, 0, "too much is missing to derive the signed root");
        } else if (!explained) {
            faults.add("RF-LDG-077", treeFile, 0, "the entries make another tree than the signed one");
        }
    }

    private byte @Nullable [] root(List<? extends @Nullable List<byte[]>> partials) {
        byte[] right = null;
        for (List<byte[]> partial : partials) {
            if (partial == null) {
                return null;
            }
            List<byte[]> all = new ArrayList<>(partial);
            if (right != null) {
                all.add(right);
            }
            right = all.isEmpty() ? null : digests.root(all);
        }
        return right == null ? digests.emptyRoot() : right;
    }

    /** When the leaves of this tile are in, compares the older signed tree, if it ends among them. */
    private void olderRoot(long index, @Nullable List<byte[]> leaves) {
        if (older == null || older.size >= tree.size || older.size / WIDTH != index || leaves == null) {
            return;
        }
        List<@Nullable List<byte[]>> partials = new ArrayList<>();
        partials.add(leaves.subList(0, (int) (older.size % WIDTH)));
        for (Level level : levels.subList(1, levels.size())) {
            partials.add(level.known());
        }
        byte[] root = root(partials);
        if (root != null && !older.isRoot(root)) {
            exclude();
        }
    }

    private void exclude() {
        faults.add(
                "RF-LDG-078",
                treeFile,
                0,
                "it and the other signed checkpoint are of two trees, neither of which continues the other");
    }
}
