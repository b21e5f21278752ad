package dev.ringfence.ledger.fsck;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last tile of one level while the hashes of the level come in, left to right. An unknown hash is null. */
final class Level {
    final int number;
    long index;
    final List<byte @Nullable []> derived = new ArrayList<>(256);
    /** At the right edge: what the file says, once the level has ended. */
    @Nullable
    List<byte[]> stored;

    Level(int number) {
        this.number = number;
    }

    /** Index of the partial tile at the right edge of a tree. */
    long index(long treeSize) {
        return number >= 7 ? 0 : treeSize >>> (8 * (number + 1));
    }

    /** All hashes, if all are known. */
    @Nullable
    List<byte[]> known() {
        List<byte[]> known = new ArrayList<>(derived.size());
        for (byte[] hash : derived) {
            if (hash == null) {
                return null;
            }
            known.add(hash);
        }
        return known;
    }

    /** What is derived, with what the file says where nothing could be derived; null if that is not enough. */
    @Nullable
    List<byte[]> filled(@Nullable List<byte[]> file) {
        List<byte[]> filled = new ArrayList<>(derived.size());
        for (int i = 0; i < derived.size(); i++) {
            byte[] hash = derived.get(i);
            if (hash == null) {
                if (file == null) {
                    return null;
                }
                hash = file.get(i);
            }
            filled.add(hash);
        }
        return filled;
    }
}
