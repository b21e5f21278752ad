package dev.ringfence.formats.image;

/**
 * What an inspection may cost, and what an image may claim.
 *
 * @param memoryBytes memory for pages and tables, at most 16 MiB
 * @param readBytes bytes that are read in all
 * @param readCount reads of the source in all
 * @param virtualSizeBytes largest virtual disk
 */
public record ImageLimits(long memoryBytes, long readBytes, int readCount, long virtualSizeBytes) {
    /** The most memory that any inspection takes. */
    public static final long MEMORY_LIMIT_BYTES = 16 << 20;

    /** 16 MiB of memory, 256 MiB in 16,384 reads, disks of up to 64 TiB. */
    public static final ImageLimits STANDARD = new ImageLimits(MEMORY_LIMIT_BYTES, 256L << 20, 16_384, 64L << 40);

    public ImageLimits {
        if (memoryBytes < 2 << 20 || memoryBytes > MEMORY_LIMIT_BYTES) {
            throw new IllegalArgumentException("memory for an inspection: " + memoryBytes);
        }
        if (readBytes < 1 || readCount < 1 || virtualSizeBytes < 1) {
            throw new IllegalArgumentException("limits below one");
        }
    }
}
