package dev.ringfence.ledger.log;

import java.util.List;
import java.util.Optional;

/**
 * The few things that a log asks of a file system, and what each guarantees when the machine stops right after it. Paths
 * are relative, with {@code /}; the empty path is the root.
 *
 * <p>A failed operation leaves open what reached the disk, so the caller must not repeat it and go on: a second sync of
 * the same file may succeed although the data of the first is lost. Writes come from one thread at a time or go to
 * different files; reads may come from any thread.
 */
public interface LogStorage {
    /**
     * Makes a directory whose parent exists; no harm if it is there already. Durable once the parent is synced.
     *
     * @throws StorageException if that cannot be done
     */
    void makeDirectory(String path) throws StorageException;

    /**
     * Writes a file, in place of what has that name. Nothing of it is durable before {@link #sync}; until then a stop of the
     * machine leaves anything in it.
     *
     * @param parts the content, in order
     * @throws StorageException if writing fails
     */
    void write(String path, List<byte[]> parts) throws StorageException;

    /**
     * Makes a file's content durable; its name is once the directory is synced.
     *
     * @throws StorageException if syncing fails; the content may be lost then, whatever a second call says
     */
    void sync(String path) throws StorageException;

    /**
     * Writes a file and makes its content durable.
     *
     * @param parts the content, in order
     * @throws StorageException if writing or syncing fails
     */
    default void writeSynced(String path, List<byte[]> parts) throws StorageException {
        write(path, parts);
        sync(path);
    }

    /**
     * Replaces a file by another of the same directory, in one step that readers see whole or not at all. Durable once the
     * directory is synced; until then either is found after a stop.
     *
     * @throws StorageException if that cannot be done
     */
    void rename(String from, String to) throws StorageException;

    /**
     * Makes the names in a directory durable: files made, renamed and removed, and directories made.
     *
     * @throws StorageException if that cannot be done
     */
    void syncDirectory(String path) throws StorageException;

    /**
     * A regular file's whole content; empty if there is none of that name.
     *
     * @param limitBytes a longer file is a broken world
     * @throws StorageException if it cannot be read, or is longer
     */
    Optional<byte[]> read(String path, int limitBytes) throws StorageException;

    /**
     * Names in a directory, sorted; none if there is no such directory.
     *
     * @throws StorageException if it cannot be read
     */
    List<String> list(String path) throws StorageException;

    /**
     * Removes a file or an empty directory. Durable once the parent is synced.
     *
     * @return whether it was there
     * @throws StorageException if that cannot be done
     */
    boolean delete(String path) throws StorageException;

    /** The place as a person can find it. */
    String place(String path);
}
