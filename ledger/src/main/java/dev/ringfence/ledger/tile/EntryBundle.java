package dev.ringfence.ledger.tile;

import dev.ringfence.ledger.Parsed;
import java.util.Arrays;
import java.util.List;

/**
 * An entry bundle: 1 to 256 entries, each after its length as a big-endian uint16 (C2SP tlog-tiles). Immutable.
 * Refusals: RF-LDG-012 the bundle ends inside an entry, RF-LDG-013 bytes follow the last entry.
 */
public final class EntryBundle {
    /** Longest entry in bytes. */
    public static final int ENTRY_LIMIT_BYTES = 65_535;

    private static final int PREFIX_BYTES = 2;

    private final byte[] bytes;
    /** Where each entry starts, and after them the end of the last one plus a prefix. */
    private final int[] starts;

    private EntryBundle(byte[] bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
    }

    /**
     * The bundle of these entries.
     *
     * @throws IllegalArgumentException unless there are 1 to 256, each at most {@link #ENTRY_LIMIT_BYTES} long
     */
    public static EntryBundle of(List<byte[]> entries) {
        int sizeBytes = 0;
        for (byte[] entry : entries) {
            if (entry.length > ENTRY_LIMIT_BYTES) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
            }
            sizeBytes += PREFIX_BYTES + entry.length;
        }
        byte[] bytes = new byte[sizeBytes];
        int at = 0;
        for (byte[] entry : entries) {
            bytes[at] = (byte) (entry.length >>> 8);
            bytes[at + 1] = (byte) entry.length;
            System.arraycopy(entry, 0, bytes, at + PREFIX_BYTES, entry.length);
            at += PREFIX_BYTES + entry.length;
        }
        return parse(bytes, entries.size()).orThrow();
    }

    /** The bundle of exactly {@code width} entries in these bytes. Never throws for what the bytes say. */
    public static Parsed<EntryBundle> parse(byte[] bytes, int width) {
        if (width < 1 || width > TilePath.FULL_WIDTH) {
            throw new IllegalArgumentException("a bundle of " + width + " entries");
        }
        int[] starts = new int[width + 1];
        int at = 0;
        for (int i = 0; i < width; i++) {
            if (bytes.length - at < PREFIX_BYTES) {
                return cut(i, width);
            }
            int length = Byte.toUnsignedInt(bytes[at]) << 8 | Byte.toUnsignedInt(bytes[at + 1]);
            at += PREFIX_BYTES;
            if (bytes.length - at < length) {
                return cut(i, width);
            }
            starts[i] = at;
            at += length;
        }
        starts[width] = at + PREFIX_BYTES;
        return at == bytes.length
                ? Parsed.of(new EntryBundle(bytes.clone(), starts))
                : Parsed.refused("RF-LDG-013", (bytes.length - at) + " bytes follow the last of " + width + " entries");
    }

    /** Number of entries, 1 to 256. */
    public int width() {
        return starts.length - 1;
    }

    /** A new array of one entry, from 0. */
    public byte[] entry(int position) {
        return Arrays.copyOfRange(bytes, starts[position], starts[position + 1] - PREFIX_BYTES);
    }

    /** A new array of all bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    private static Parsed<EntryBundle> cut(int position, int width) {
        return Parsed.refused("RF-LDG-012", "the bundle ends inside entry " + position + " of " + width);
    }
}
