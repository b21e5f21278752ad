package dev.ringfence.formats.tar;

/**
 * One member of an archive.
 *
 * @param name relative path of 1 to 4,096 bytes, its parts separated by single slashes, without {@code .} and {@code
 *     ..}; empty for the archive's own root directory
 * @param kind what the member is
 * @param linkTarget what a symbolic link points to, as it is written; for a hard link the name of another member, in
 *     the form of {@code name}; otherwise empty
 * @param mode the lower twelve permission bits
 * @param uid owner, at least 0
 * @param gid group, at least 0
 * @param sizeBytes length of the content; 0 for all but {@link Kind#FILE} and {@link Kind#OTHER}
 */
public record TarEntry(String name, Kind kind, String linkTarget, int mode, long uid, long gid, long sizeBytes) {
    /** Type of a member. */
    public enum Kind {
        /** A regular file. */
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        /** A second name of an earlier member. */
        HARD_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO,
        /** A type that this reader does not know. Its content, if any, can be skipped. */
        OTHER
    }
}
