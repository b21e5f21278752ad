package dev.ringfence.ledger.tile;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHashes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hashes of a tree of a fixed size, read from its tiles. The tiles are not trusted: a proof that is built from wrong
 * ones does not verify. The last few tiles are kept. Not thread-safe; make one for a proof or a batch of them.
 */
public final class TiledTree implements TreeHashes {
    private static final int KEPT_TILES = 64;

    private final TileSource source;
    private final TreeTiles tiles;
    private final Map<TilePath, Tile> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, Tile> eldest) {
            return size() > KEPT_TILES;
        }
    };

    /** The tree of the first {@code treeSize} leaves of a log. */
    public TiledTree(TileSource source, long treeSize) {
        this.source = source;
        this.tiles = new TreeTiles(treeSize);
    }

    @Override
    public Hash hash(int height, long index) throws IOException {
        int level = height / Tile.HEIGHT;
        int inside = height % Tile.HEIGHT;
        int tileShift = Tile.HEIGHT - inside;
        TilePath path = tiles.tile(level, index >> tileShift);
        int position = (int) (index & ((1L << tileShift) - 1));
        if ((position + 1) << inside > path.width()) {
            throw new IllegalArgumentException("subtree " + index + " of height " + height + " is not complete");
        }
        return tile(path).subtree(inside, position);
    }

    private Tile tile(TilePath path) throws IOException {
        Tile known = kept.get(path);
        if (known != null) {
            return known;
        }
        Tile tile = switch (Tile.parse(source.read(path), path.width())) {
            case Parsed.Value<Tile>(Tile value) -> value;
            case Parsed.Refused<Tile>(Refusal refusal) -> throw new IOException("cannot use " + path + ": " + refusal);
        };
        kept.put(path, tile);
        return tile;
    }
}
