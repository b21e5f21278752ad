package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <filesystem>}: a directory of the host in the guest.
 *
 * @param type {@code mount}, {@code template}, {@code file}, {@code block}, {@code ram}, {@code bind}, {@code volume}
 * @param accessmode {@code passthrough}, {@code mapped}, {@code squash}
 * @param driverType {@code path}, {@code handle}, {@code virtiofs}, …
 * @param binaryPath the virtiofsd program
 * @param sandboxMode {@code namespace} or {@code chroot}, of virtiofsd
 * @param sourceDir host directory
 * @param targetDir tag or path that the guest sees
 * @param uids user identifiers mapped into the guest
 */
public record Filesystem(
        String type,
        String accessmode,
        String model,
        String multidevs,
        String fmode,
        String dmode,
        String driverType,
        String driverFormat,
        String driverName,
        String wrpolicy,
        String binaryPath,
        String xattr,
        String cacheMode,
        String sandboxMode,
        String lockPosix,
        String lockFlock,
        String sourceDir,
        String sourceFile,
        String sourceDev,
        String sourceName,
        String sourceSocket,
        String sourcePool,
        String sourceVolume,
        String targetDir,
        boolean readonly,
        List<IdRange> uids,
        List<IdRange> gids,
        String alias,
        Address address) {
    public Filesystem {
        uids = List.copyOf(uids);
        gids = List.copyOf(gids);
    }

    /** {@code count} identifiers from {@code start} in the guest are {@code target} and up on the host. */
    public record IdRange(long start, long target, long count) {}
}
