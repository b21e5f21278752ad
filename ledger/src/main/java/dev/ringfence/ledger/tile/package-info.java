/**
 * The files of C2SP tlog-tiles: their paths ({@link dev.ringfence.ledger.tile.TilePath}), hash tiles, entry bundles, and
 * which of them a tree of a given size has ({@link dev.ringfence.ledger.tile.TreeTiles}). No I/O: bytes come from a
 * {@link dev.ringfence.ledger.tile.TileSource}. Parsers are total.
 */
@NullMarked
package dev.ringfence.ledger.tile;

import org.jspecify.annotations.NullMarked;
