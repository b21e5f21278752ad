package dev.ringfence.formats.image;

import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The image as numbers: a cache of pages over a {@link ByteSource}, which counts reads, bytes and memory and refuses to go
 * beyond {@link ImageLimits}. Not thread-safe.
 */
final class ImageInput {
    /** The largest piece that {@link #bytes} returns. */
    static final int PIECE_LIMIT_BYTES = 2 << 20;

    private static final int PAGE_BITS = 12;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int SLOTS = 64;

    private final ByteSource source;
    private final ImageLimits limits;
    private final long sizeBytes;
    private final byte[][] pages = new byte[SLOTS][];
    private final long[] tags = new long[SLOTS];
    private long memoryBytes = (long) SLOTS * PAGE_BYTES + PIECE_LIMIT_BYTES;
    private long readBytes;
    private int readCount;

    ImageInput(ByteSource source, ImageLimits limits) {
        this.source = source;
        this.limits = limits;
        this.sizeBytes = source.sizeBytes();
        Arrays.fill(tags, -1);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    ImageLimits limits() {
        return limits;
    }

    /** Reads of the source so far. */
    int readCount() {
        return readCount;
    }

    /** Bytes read from the source so far. */
    long readBytes() {
        return readBytes;
    }

    /** Whether a range of the file exists; offsets and lengths above 2^63 read as negative and do not. */
    boolean holds(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= sizeBytes && length <= sizeBytes - offset;
    }

    /** Ends the inspection unless a range of the file exists. */
    void require(long offset, long length, ImageCode code, String what) throws Malformed {
        if (!holds(offset, length)) {
            throw new Malformed(code, what + " lies outside the file");
        }
    }

    /**
     * Counts memory that a reader keeps, such as a list of extents. Nothing is given back before the inspection ends. The
     * one piece of {@link #bytes} that is in use is already counted.
     */
    void reserve(long bytes) throws Malformed {
        if (bytes < 0 || bytes > limits.memoryBytes() - memoryBytes) {
            throw new Malformed(ImageCode.LIMIT, "the tables need more memory than an inspection may take");
        }
        memoryBytes += bytes;
    }

    int u8(long at) throws IOException, Malformed {
        if (at < 0 || at >= sizeBytes) {
            throw new Malformed(ImageCode.TRUNCATED, "the file ends at byte " + sizeBytes + ", inside a structure");
        }
        return page(at)[(int) at & (PAGE_BYTES - 1)] & 0xff;
    }

    int u16be(long at) throws IOException, Malformed {
        return u8(at) << 8 | u8(at + 1);
    }

    int u16le(long at) throws IOException, Malformed {
        return u8(at + 1) << 8 | u8(at);
    }

    /** Unsigned, 0 to 2^32 - 1. */
    long u32be(long at) throws IOException, Malformed {
        return (long) u16be(at) << 16 | u16be(at + 2);
    }

    /** Unsigned, 0 to 2^32 - 1. */
    long u32le(long at) throws IOException, Malformed {
        return (long) u16le(at + 2) << 16 | u16le(at);
    }

    /** From 2^63 on it reads as negative. */
    long u64be(long at) throws IOException, Malformed {
        return u32be(at) << 32 | u32be(at + 4);
    }

    /** From 2^63 on it reads as negative. */
    long u64le(long at) throws IOException, Malformed {
        return u32le(at + 4) << 32 | u32le(at);
    }

    /** Whether these ASCII characters (U+0000 to U+00FF, one byte each) stand at an offset; false beyond the end. */
    boolean matches(long at, String latin1) throws IOException, Malformed {
        if (!holds(at, latin1.length())) {
            return false;
        }
        for (int i = 0; i < latin1.length(); i++) {
            if (u8(at + i) != latin1.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Text of a fixed length up to the first NUL, as UTF-8; at most 64 KiB. */
    String text(long at, int length) throws IOException, Malformed {
        byte[] bytes = bytes(at, Math.min(length, 1 << 16));
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /**
     * A piece of the file, read past the cache unless it is small. Use one piece at a time; what is kept longer is to be
     * {@linkplain #reserve reserved}.
     *
     * @param length at most {@link #PIECE_LIMIT_BYTES}, else the image is refused
     */
    byte[] bytes(long at, int length) throws IOException, Malformed {
        if (length > PIECE_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, "a structure of " + length + " bytes");
        }
        require(at, length, ImageCode.TRUNCATED, "a structure of " + length + " bytes at " + at);
        byte[] out = new byte[length];
        copy(at, out, length);
        return out;
    }

    /** As {@link #bytes}, into an array that the caller uses again for the next piece. */
    void copy(long at, byte[] into, int length) throws IOException, Malformed {
        require(at, length, ImageCode.TRUNCATED, "a structure of " + length + " bytes at " + at);
        if (length > PAGE_BYTES) {
            charge(length);
            source.read(at, into, 0, length);
            return;
        }
        for (int done = 0; done < length; ) {
            int within = (int) (at + done) & (PAGE_BYTES - 1);
            int count = Math.min(length - done, PAGE_BYTES - within);
            System.arraycopy(page(at + done), within, into, done, count);
            done += count;
        }
    }

    private byte[] page(long at) throws IOException, Malformed {
        long tag = at >>> PAGE_BITS;
        int slot = (int) tag & (SLOTS - 1);
        byte[] page = pages[slot];
        if (page != null && tags[slot] == tag) {
            return page;
        }
        if (page == null) {
            page = new byte[PAGE_BYTES];
            pages[slot] = page;
        }
        long start = tag << PAGE_BITS;
        int length = (int) Math.min(PAGE_BYTES, sizeBytes - start);
        charge(length);
        // Forget the old page first: a failed read must not leave a page that is half of each.
        tags[slot] = -1;
        source.read(start, page, 0, length);
        tags[slot] = tag;
        return page;
    }

    private void charge(int length) throws Malformed {
        if (readCount >= limits.readCount() || length > limits.readBytes() - readBytes) {
            throw new Malformed(ImageCode.LIMIT, "the tables need more reads than an inspection may take");
        }
        readCount++;
        readBytes += length;
    }
}
