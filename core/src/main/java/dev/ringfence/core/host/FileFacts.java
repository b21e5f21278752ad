package dev.ringfence.core.host;

/**
 * What {@code lstat} says of one file.
 *
 * @param kind {@code file}, {@code directory}, {@code symlink}, {@code socket}, {@code character-device}, {@code
 *     block-device}, {@code fifo}
 * @param mode permission bits as four octal digits, {@code 0640}
 * @param othersRead whether others may read; so for the rest
 * @param acl whether a POSIX access list widens the mode, where that could be seen
 * @param label security.selinux, empty when none
 */
public record FileFacts(
        String path,
        String kind,
        String owner,
        String group,
        String mode,
        boolean setuid,
        boolean groupWrite,
        boolean othersRead,
        boolean othersWrite,
        Fact<Boolean> acl,
        Fact<String> label) {}
