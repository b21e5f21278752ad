package dev.ringfence.formats.tar;

/**
 * How much of an archive is taken before it is refused.
 *
 * @param entries members and extension headers, at least 1
 * @param totalBytes sum of the members' content and of extension headers, at least 0
 */
public record TarLimits(int entries, long totalBytes) {
    public TarLimits {
        if (entries < 1 || totalBytes < 0) {
            throw new IllegalArgumentException("limits below zero");
        }
    }
}
