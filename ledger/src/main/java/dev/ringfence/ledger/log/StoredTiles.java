package dev.ringfence.ledger.log;

import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import java.io.FileNotFoundException;
import java.util.Arrays;
import java.util.Optional;

/** The tiles and bundles of a log in its storage. Thread-safe; reads what is there at the moment. */
public final class StoredTiles implements TileSource {
    private static final int PREFIX_BYTES = 2;
    private static final int BUNDLE_LIMIT_BYTES = TilePath.FULL_WIDTH * (PREFIX_BYTES + EntryBundle.ENTRY_LIMIT_BYTES);

    private final LogStorage storage;

    /** The tiles below the root of a storage. */
    public StoredTiles(LogStorage storage) {
        this.storage = storage;
    }

    @Override
    public byte[] read(TilePath path) throws StorageException {
        int limitBytes = path.isEntries() ? BUNDLE_LIMIT_BYTES : TilePath.FULL_WIDTH * Hash.SIZE_BYTES;
        Optional<byte[]> exact = storage.read(path.path(), limitBytes);
        if (exact.isPresent()) {
            return exact.get();
        }
        if (!path.isFull()) {
            // A partial tile may go once the full one is there.
            Optional<byte[]> full = storage.read(path.full().path(), limitBytes);
            if (full.isPresent()) {
                return Arrays.copyOf(full.get(), prefixBytes(path, full.get()));
            }
        }
        throw new StorageException("read", storage.place(path.path()), new FileNotFoundException("is missing"));
    }

    private static int prefixBytes(TilePath path, byte[] full) {
        if (!path.isEntries()) {
            return Math.min(path.width() * Hash.SIZE_BYTES, full.length);
        }
        int at = 0;
        for (int i = 0; i < path.width() && full.length - at >= PREFIX_BYTES; i++) {
            int length = Byte.toUnsignedInt(full[at]) << 8 | Byte.toUnsignedInt(full[at + 1]);
            at += PREFIX_BYTES + length;
        }
        return Math.min(at, full.length);
    }
}
