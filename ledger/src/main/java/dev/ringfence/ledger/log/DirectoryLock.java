package dev.ringfence.ledger.log;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.ringfence.ledger.Parsed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One writer for a directory: an advisory lock on a file in it, which the kernel gives back when the process ends, however
 * it ends. The file holds the owner's process id, for people. Never on a network file system that has no locks.
 */
public final class DirectoryLock implements AutoCloseable {
    /** The file in the directory. It is not part of the log. */
    public static final String NAME = ".lock";

    private static final int NOTE_BYTES = 32;

    /**
     * Directories that this process holds. A POSIX lock belongs to the process, and is lost when the process closes any
     * descriptor of the file; so a second attempt from within must be refused before it opens the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the lock, or says who has it: RF-LDG-111 another process, RF-LDG-112 this one.
     *
     * @throws StorageException if the lock file cannot be made or locked
     */
    public static Parsed<DirectoryLock> take(Path directory) throws StorageException {
        Path real;
        try {
            real = directory.toRealPath();
        } catch (IOException e) {
            throw new StorageException("open", directory.toString(), e);
        }
        if (!HELD.add(real)) {
            return Parsed.refused("RF-LDG-112", real + " is already open for writing in this process");
        }
        boolean taken = false;
        try {
            Parsed<DirectoryLock> outcome = lock(real);
            taken = outcome instanceof Parsed.Value;
            return outcome;
        } finally {
            if (!taken) {
                HELD.remove(real);
            }
        }
    }

    private static Parsed<DirectoryLock> lock(Path real) throws StorageException {
        Path file = real.resolve(NAME);
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, CREATE, READ, WRITE);
            if (channel.tryLock() == null) {
                return Parsed.refused("RF-LDG-111", real + " is open for writing in process " + owner(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            taken = true;
            return Parsed.of(new DirectoryLock(real, channel));
        } catch (IOException e) {
            throw new StorageException("lock", file.toString(), e);
        } finally {
            if (!taken && channel != null) {
                abandon(channel, file);
            }
        }
    }

    private static void abandon(FileChannel channel, Path file) throws StorageException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException("close", file.toString(), e);
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES);
        channel.read(note, 0);
        String pid = new String(note.array(), 0, note.position(), StandardCharsets.US_ASCII).strip();
        return pid.matches("\\d{1,10}") ? pid : "(unknown)";
    }

    /** Gives the directory back. */
    @Override
    public void close() throws StorageException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException("unlock", directory.resolve(NAME).toString(), e);
        } finally {
            HELD.remove(directory);
        }
    }
}
