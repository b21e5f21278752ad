package dev.ringfence.linux.fix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a fix asks of a file system: few operations, none of which follows a symbolic link in the last name, each either
 * done or not, and none lasting before it is synced.
 *
 * <p>What lasts through a loss of power: the bytes and metadata of a file as of its last {@link #sync}, the names in a
 * directory as of its last {@link #syncDirectory}. A rename is seen whole or not at all. Every method throws {@link
 * IOException} naming the path where the file system refuses.
 */
public interface Storage {
    /** What a name stands for; links are not followed. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        OTHER
    }

    /** What is there; empty where nothing is. */
    Optional<Kind> kind(Path path) throws IOException;

    /** The bytes of a regular file of at most {@code limitBytes}; anything else is refused. */
    byte[] read(Path path, int limitBytes) throws IOException;

    /** Owner, mode and attributes. */
    Metadata metadata(Path path) throws IOException;

    /** Makes owner, mode and attributes of a file or directory those given; attributes that are not given go. */
    void setMetadata(Path path, Metadata metadata) throws IOException;

    /** A new file that only its owner may read, with these bytes; refused where the name is taken. */
    void create(Path path, byte[] content) throws IOException;

    /** More bytes at the end of a file. */
    void append(Path path, byte[] content) throws IOException;

    /** Cuts a file. */
    void truncate(Path path, long lengthBytes) throws IOException;

    /** A new directory that only its owner may enter; refused where the name is taken. */
    void createDirectory(Path path) throws IOException;

    /** Gives a file another name, in place of a file that has it. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a name of a file, or an empty directory. */
    void delete(Path path) throws IOException;

    /** Names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /** Returns when bytes and metadata of a file last. */
    void sync(Path file) throws IOException;

    /** Returns when the names in a directory last. */
    void syncDirectory(Path directory) throws IOException;
}
