package dev.ringfence.linux.image;

import dev.ringfence.core.image.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The digests of a file.
 *
 * @param sha256 of all bytes; null if it was not asked for
 * @param veritySha256 what {@code fsverity digest} prints; null if it was not asked for
 * @param sizeBytes length of the file
 */
public record FileDigests(@Nullable Sha256 sha256, @Nullable Sha256 veritySha256, long sizeBytes) {
    /** What is to be computed. */
    public enum Wanted {
        /** Both, of one reading. */
        BOTH,
        /** Only the SHA-256 of all bytes, which no second thread can speed up. */
        SHA256,
        /** Only the digest of fs-verity. */
        VERITY
    }
}
