package dev.ringfence.ledger.log;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A log in a directory of a local POSIX file system, which must exist. No symbolic link is followed at a file's name. */
public final class DirectoryStorage implements LogStorage {
    /** Larger heap buffers would make the JDK keep direct buffers of that size for every thread. */
    private static final int PIECE_BYTES = 64 * 1024;

    private final Path root;

    /** Storage under an existing directory. */
    public DirectoryStorage(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The directory. */
    public Path root() {
        return root;
    }

    @Override
    public void makeDirectory(String path) throws StorageException {
        try {
            Files.createDirectory(at(path));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(at(path), NOFOLLOW_LINKS)) {
                throw new StorageException("make directory", place(path), e);
            }
        } catch (IOException e) {
            throw new StorageException("make directory", place(path), e);
        }
    }

    @Override
    public void write(String path, List<byte[]> parts) throws StorageException {
        String step = "open";
        try (FileChannel channel = FileChannel.open(at(path), CREATE, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS)) {
            step = "write";
            ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
            for (byte[] part : parts) {
                int done = 0;
                while (done < part.length) {
                    int now = Math.min(piece.remaining(), part.length - done);
                    piece.put(part, done, now);
                    done += now;
                    if (!piece.hasRemaining()) {
                        drain(channel, piece);
                    }
                }
            }
            drain(channel, piece);
            step = "close";
        } catch (IOException e) {
            throw new StorageException(step, place(path), e);
        }
    }

    @Override
    public void sync(String path) throws StorageException {
        // Linux tells a failed write-back to the next sync, of whatever descriptor, so none is lost by closing in
        // between.
        try (FileChannel channel = FileChannel.open(at(path), WRITE, NOFOLLOW_LINKS)) {
            channel.force(true);
        } catch (IOException e) {
            throw new StorageException("sync", place(path), e);
        }
    }

    private static void drain(FileChannel channel, ByteBuffer piece) throws IOException {
        piece.flip();
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
        piece.clear();
    }

    @Override
    public void rename(String from, String to) throws StorageException {
        try {
            Files.move(at(from), at(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StorageException("rename to", place(to), e);
        }
    }

    @Override
    public void syncDirectory(String path) throws StorageException {
        try (FileChannel channel = FileChannel.open(at(path), READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new StorageException("sync directory", place(path), e);
        }
    }

    @Override
    public Optional<byte[]> read(String path, int limitBytes) throws StorageException {
        try (FileChannel channel = FileChannel.open(at(path), READ, NOFOLLOW_LINKS)) {
            long size = channel.size();
            if (size > limitBytes) {
                throw new IOException(size + " bytes, at most " + limitBytes + " expected");
            }
            byte[] content = new byte[(int) size];
            int done = 0;
            while (done < content.length) {
                int read = channel.read(ByteBuffer.wrap(content, done, Math.min(PIECE_BYTES, content.length - done)));
                if (read < 0) {
                    throw new IOException("became shorter while it was read");
                }
                done += read;
            }
            return Optional.of(content);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StorageException("read", place(path), e);
        }
    }

    @Override
    public List<String> list(String path) throws StorageException {
        try (Stream<Path> entries = Files.list(at(path))) {
            List<String> names = new ArrayList<>();
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
            names.sort(null);
            return names;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new StorageException("list", place(path), e);
        }
    }

    @Override
    public boolean delete(String path) throws StorageException {
        try {
            return Files.deleteIfExists(at(path));
        } catch (IOException e) {
            throw new StorageException("remove", place(path), e);
        }
    }

    @Override
    public String place(String path) {
        return at(path).toString();
    }

    private Path at(String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }
}
