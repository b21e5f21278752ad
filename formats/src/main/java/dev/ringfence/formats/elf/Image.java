package dev.ringfence.formats.elf;

import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The file as numbers: a small page cache over a {@link ByteSource}, so that only the pages which hold a table are read.
 * At most one mebibyte of pages is held, whatever the file claims. Not thread-safe.
 */
final class Image {
    private static final int PAGE_BITS = 13;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int SLOTS = 128;

    private final ByteSource source;
    private final long sizeBytes;
    private final byte[][] pages = new byte[SLOTS][];
    private final long[] tags = new long[SLOTS];
    private boolean wide;
    private boolean bigEndian;

    Image(ByteSource source) {
        this.source = source;
        this.sizeBytes = source.sizeBytes();
        Arrays.fill(tags, -1);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Whether addresses and offsets have 64 bits. */
    boolean wide() {
        return wide;
    }

    boolean bigEndian() {
        return bigEndian;
    }

    /** Fixes class and byte order, read from the file's first bytes. */
    void layout(boolean is64Bit, boolean isBigEndian) {
        wide = is64Bit;
        bigEndian = isBigEndian;
    }

    /** Whether a range of the file exists; offsets and lengths above 2^63 read as negative and do not. */
    boolean holds(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= sizeBytes && length <= sizeBytes - offset;
    }

    void require(long offset, long length, String code, String what) throws Malformed {
        if (!holds(offset, length)) {
            throw new Malformed(code, what + " lies outside the file");
        }
    }

    int u8(long at) throws IOException, Malformed {
        if (at < 0 || at >= sizeBytes) {
            throw new Malformed(Malformed.CONTENTS, "a table runs past the end of the file");
        }
        return page(at)[(int) at & (PAGE_BYTES - 1)] & 0xff;
    }

    int u16(long at) throws IOException, Malformed {
        int a = u8(at);
        int b = u8(at + 1);
        return bigEndian ? a << 8 | b : b << 8 | a;
    }

    /** An unsigned 32-bit number. */
    long u32(long at) throws IOException, Malformed {
        int a = u16(at);
        int b = u16(at + 2);
        return (bigEndian ? a << 16 | b : b << 16 | a) & 0xffff_ffffL;
    }

    /** A 64-bit number; from 2^63 on it reads as negative. */
    long u64(long at) throws IOException, Malformed {
        long a = u32(at);
        long b = u32(at + 4);
        return bigEndian ? a << 32 | b : b << 32 | a;
    }

    /** An address, offset or size in the width of the file's class. */
    long word(long at) throws IOException, Malformed {
        return wide ? u64(at) : u32(at);
    }

    /** Whether the NUL-terminated string at an offset is exactly this one. */
    boolean matches(long at, long end, byte[] ascii) throws IOException, Malformed {
        if (at < 0 || ascii.length >= end - at) {
            return false;
        }
        for (int i = 0; i < ascii.length; i++) {
            if (u8(at + i) != ascii[i]) {
                return false;
            }
        }
        return u8(at + ascii.length) == 0;
    }

    /**
     * A NUL-terminated string.
     *
     * @param end first offset after the table that holds it
     * @param limitBytes longest string that is accepted
     */
    String text(long at, long end, int limitBytes, String what) throws IOException, Malformed {
        if (at < 0 || at >= end) {
            throw new Malformed(Malformed.STRING, what + " lies outside its string table");
        }
        long stop = Math.min(end, at + limitBytes + 1L);
        long nul = at;
        while (nul < stop && u8(nul) != 0) {
            nul++;
        }
        if (nul == end) {
            throw new Malformed(Malformed.STRING, what + " has no end");
        }
        if (nul == stop) {
            throw new Malformed(Malformed.LIMIT, what + " is longer than " + limitBytes + " bytes");
        }
        byte[] bytes = new byte[(int) (nul - at)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) u8(at + i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads straight from the source, past the cache: for scans that read a range once. */
    void copy(long at, byte[] into, int length) throws IOException {
        source.read(at, into, 0, length);
    }

    private byte[] page(long at) throws IOException {
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
        // Forget the old page first: a failed read must not leave a page that is half of each.
        tags[slot] = -1;
        source.read(start, page, 0, (int) Math.min(PAGE_BYTES, sizeBytes - start));
        tags[slot] = tag;
        return page;
    }
}
