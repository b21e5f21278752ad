package dev.ringfence.formats.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of one 512-byte header, as they are on the tape. */
final class HeaderBlock {
    static final int BYTES = 512;

    private static final int NAME = 0;
    private static final int MODE = 100;
    private static final int UID = 108;
    private static final int GID = 116;
    private static final int SIZE = 124;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int LINK = 157;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;
    private static final int NAME_BYTES = 100;
    private static final int PREFIX_BYTES = 155;

    private final byte[] block;

    /** Reads a header in place; the caller does not change the array before it is done with this object. */
    HeaderBlock(byte[] block) {
        this.block = block;
    }

    boolean isZero() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the checksum is that of the block, its own field counted as spaces. */
    boolean isWhole() {
        long sum = 0;
        for (int i = 0; i < BYTES; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : block[i] & 0xff;
        }
        try {
            return sum == number(CHECKSUM, 8, "checksum");
        } catch (Malformed e) {
            return false;
        }
    }

    char type() {
        return (char) (block[TYPE] & 0xff);
    }

    /** The name with its ustar prefix; GNU headers use the prefix's place for other things. */
    byte[] name() {
        byte[] name = text(NAME, NAME_BYTES);
        if (!isPosix() || block[PREFIX] == 0) {
            return name;
        }
        byte[] prefix = text(PREFIX, PREFIX_BYTES);
        byte[] out = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        out[prefix.length] = '/';
        System.arraycopy(name, 0, out, prefix.length + 1, name.length);
        return out;
    }

    byte[] linkTarget() {
        return text(LINK, NAME_BYTES);
    }

    int mode() throws Malformed {
        return (int) (number(MODE, 8, "mode") & 07777);
    }

    long uid() throws Malformed {
        return number(UID, 8, "owner");
    }

    long gid() throws Malformed {
        return number(GID, 8, "group");
    }

    long sizeBytes() throws Malformed {
        return number(SIZE, 12, "size");
    }

    private boolean isPosix() {
        return new String(block, MAGIC, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
    }

    private byte[] text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, at, end);
    }

    /** An octal number between spaces and NULs, or GNU's base-256 form, whose first bit is set. */
    private long number(int at, int length, String what) throws Malformed {
        if ((block[at] & 0x80) != 0) {
            return binary(at, length, what);
        }
        int i = at;
        int end = at + length;
        while (i < end && (block[i] == ' ' || block[i] == 0)) {
            i++;
        }
        long value = 0;
        while (i < end && block[i] >= '0' && block[i] <= '7') {
            value = value * 8 + (block[i] - '0');
            i++;
        }
        while (i < end) {
            if (block[i] != ' ' && block[i] != 0) {
                throw new Malformed(Malformed.NUMBER, "a header's " + what + " is not an octal number");
            }
            i++;
        }
        return value;
    }

    private long binary(int at, int length, String what) throws Malformed {
        // Two's complement below the marker bit.
        boolean negative = (block[at] & 0x40) != 0;
        long value = block[at] & 0x3f;
        for (int i = at + 1; i < at + length; i++) {
            if (negative || value >>> 55 != 0) {
                throw new Malformed(Malformed.NUMBER, "a header's " + what + " is negative or above 2^63");
            }
            value = value << 8 | (block[i] & 0xff);
        }
        return value;
    }
}
