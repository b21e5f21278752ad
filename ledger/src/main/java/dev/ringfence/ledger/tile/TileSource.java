package dev.ringfence.ledger.tile;

import java.io.IOException;

/**
 * Where the bytes of tiles and bundles come from: a directory or a server. Partial tiles may be gone once the full tile
 * is there, so a source that lacks a partial one answers with the first bytes of the full one.
 */
@FunctionalInterface
public interface TileSource {
    /**
     * The bytes of one tile or bundle, of exactly the width that the path asks for.
     *
     * @throws IOException naming the file, if it is not there or cannot be read
     */
    byte[] read(TilePath path) throws IOException;
}
