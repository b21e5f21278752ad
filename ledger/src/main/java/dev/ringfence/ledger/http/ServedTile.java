package dev.ringfence.ledger.http;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.ringfence.ledger.log.StorageException;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.tile.TilePath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * An open tile or bundle, and how much of it is asked for: a partial one that has been removed is the beginning of the full
 * one. Copied in small pieces, since a bundle can have 16 MiB and readers can be slow.
 */
final class ServedTile implements AutoCloseable {
    private static final int PIECE_BYTES = 32 * 1024;
    private static final int PREFIX_BYTES = 2;

    /** There is no such tile. */
    static final class AbsentException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final FileChannel channel;
    private final Path path;
    private final long sizeBytes;

    private ServedTile(FileChannel channel, Path path, long sizeBytes) {
        this.channel = channel;
        this.path = path;
        this.sizeBytes = sizeBytes;
    }

    static ServedTile open(Path root, TilePath tile) throws AbsentException, StorageException {
        Path exact = root.resolve(tile.path());
        try {
            return open(exact, FileChannel::size);
        } catch (NoSuchFileException e) {
            return beginning(root.resolve(tile.full().path()), tile);
        } catch (IOException e) {
            throw new StorageException("read", exact.toString(), e);
        }
    }

    private static ServedTile beginning(Path full, TilePath tile) throws AbsentException, StorageException {
        if (tile.isFull()) {
            throw new AbsentException();
        }
        try {
            return open(full, channel -> Math.min(channel.size(), beginningBytes(channel, tile)));
        } catch (NoSuchFileException e) {
            throw new AbsentException();
        } catch (IOException e) {
            throw new StorageException("read", full.toString(), e);
        }
    }

    /** How much of a file is asked for. */
    private interface Size {
        long of(FileChannel channel) throws IOException;
    }

    private static ServedTile open(Path path, Size size) throws IOException {
        FileChannel channel = FileChannel.open(path, READ, NOFOLLOW_LINKS);
        boolean kept = false;
        try {
            ServedTile tile = new ServedTile(channel, path, size.of(channel));
            kept = true;
            return tile;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static long beginningBytes(FileChannel channel, TilePath tile) throws IOException {
        return tile.isEntries() ? entriesBytes(channel, tile.width()) : (long) tile.width() * Hash.SIZE_BYTES;
    }

    /** Length of the first entries with their length prefixes. */
    private static long entriesBytes(FileChannel channel, int entries) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES);
        long at = 0;
        for (int i = 0; i < entries; i++) {
            prefix.clear();
            while (prefix.hasRemaining() && channel.read(prefix, at + prefix.position()) >= 0) {
                // Reads until both bytes are there, or the file ends.
            }
            if (prefix.hasRemaining()) {
                return at;
            }
            at += PREFIX_BYTES + Short.toUnsignedInt(prefix.getShort(0));
        }
        return at;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void copyTo(OutputStream out) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long at = 0;
        while (at < sizeBytes) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, sizeBytes - at));
            int read = channel.read(piece, at);
            if (read <= 0) {
                throw new IOException(path + " became shorter while it was served");
            }
            out.write(piece.array(), 0, read);
            at += read;
        }
    }

    @Override
    public void close() throws StorageException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException("close", path.toString(), e);
        }
    }
}
