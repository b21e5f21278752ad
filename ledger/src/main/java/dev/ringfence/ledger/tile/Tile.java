package dev.ringfence.ledger.tile;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import java.util.List;

/**
 * A tile: 1 to 256 consecutive hashes of one tile level, 32 bytes each (C2SP tlog-tiles). Immutable. Refusal:
 * RF-LDG-010, a length that does not fit the width.
 */
public final class Tile {
    /** Tree levels that one tile spans. */
    public static final int HEIGHT = 8;

    private final byte[] hashes;

    private Tile(byte[] hashes) {
        this.hashes = hashes;
    }

    /**
     * A tile of these hashes.
     *
     * @throws IllegalArgumentException unless there are 1 to 256
     */
    public static Tile of(List<Hash> hashes) {
        if (hashes.isEmpty() || hashes.size() > TilePath.FULL_WIDTH) {
            throw new IllegalArgumentException("a tile of " + hashes.size() + " hashes");
        }
        byte[] bytes = new byte[hashes.size() * Hash.SIZE_BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).copyTo(bytes, i * Hash.SIZE_BYTES);
        }
        return new Tile(bytes);
    }

    /** The tile of exactly {@code width} hashes in these bytes. Never throws for what the bytes say. */
    public static Parsed<Tile> parse(byte[] bytes, int width) {
        if (width < 1 || width > TilePath.FULL_WIDTH || bytes.length != width * Hash.SIZE_BYTES) {
            return Parsed.refused("RF-LDG-010", "a tile of width " + width + " cannot have " + bytes.length + " bytes");
        }
        return Parsed.of(new Tile(bytes.clone()));
    }

    /** Number of hashes, 1 to 256. */
    public int width() {
        return hashes.length / Hash.SIZE_BYTES;
    }

    /** One hash, from 0. */
    public Hash hash(int position) {
        return Hash.at(hashes, position * Hash.SIZE_BYTES);
    }

    /**
     * Root of the complete subtree of {@code 1 << height} hashes of this tile that starts at {@code position << height}.
     *
     * @param height 0 to 8
     * @throws IndexOutOfBoundsException if the tile does not hold all of them
     */
    public Hash subtree(int height, int position) {
        return subtree(new TreeHasher(), height, position);
    }

    /** A new array of all bytes. */
    public byte[] bytes() {
        return hashes.clone();
    }

    private Hash subtree(TreeHasher hasher, int height, int position) {
        return height == 0
                ? hash(position)
                : hasher.node(subtree(hasher, height - 1, 2 * position), subtree(hasher, height - 1, 2 * position + 1));
    }
}
