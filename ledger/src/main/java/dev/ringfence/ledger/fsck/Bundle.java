package dev.ringfence.ledger.fsck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry bundle, with the leaf hashes of its entries. */
final class Bundle {
    final List<byte[]> leafHashes;
    private final byte[] bytes;
    /** Where each entry starts with its length, and the end of the last. */
    private final int[] offsets;

    private Bundle(byte[] bytes, int[] offsets, List<byte[]> leafHashes) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.leafHashes = leafHashes;
    }

    /**
     * Reads the first {@code width} entries; null after a fault was reported.
     *
     * @param exact whether nothing may follow them
     */
    static @Nullable Bundle read(String file, byte[] bytes, int width, boolean exact, Digests digests, Faults faults) {
        int[] offsets = new int[width + 1];
        List<byte[]> hashes = new ArrayList<>(width);
        int at = 0;
        for (int i = 0; i < width; i++) {
            offsets[i] = at;
            int end = at + 2;
            if (end <= bytes.length) {
                end += (bytes[at] & 0xff) * 256 + (bytes[at + 1] & 0xff);
            }
            if (end > bytes.length) {
                faults.add("RF-LDG-072", file, at, "the bundle ends inside entry " + i + " of " + width);
                return null;
            }
            hashes.add(digests.leaf(bytes, at + 2, end));
            at = end;
        }
        offsets[width] = at;
        if (exact && at != bytes.length) {
            faults.add("RF-LDG-072", file, at, "bytes follow the last of " + width + " entries");
            return null;
        }
        return new Bundle(bytes, offsets, hashes);
    }

    /** Where an entry starts, with its length before it. */
    int offset(int entry) {
        return offsets[entry];
    }

    /** The bytes of the first entries. */
    byte[] prefix(int entries) {
        return Arrays.copyOf(bytes, offsets[entries]);
    }
}
