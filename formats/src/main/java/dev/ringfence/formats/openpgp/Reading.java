package dev.ringfence.formats.openpgp;

import java.math.BigInteger;
import java.util.Arrays;

/** Reads fields from octets, front to back; what ends early is malformed. */
final class Reading {
    /** Twice the largest RSA modulus that anybody uses. */
    private static final int MPI_LIMIT_BITS = 32_768;

    private final byte[] bytes;
    private final int end;
    private int at;

    Reading(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Reading(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean atEnd() {
        return at == end;
    }

    int left() {
        return end - at;
    }

    int u8() throws Malformed {
        need(1);
        return bytes[at++] & 0xff;
    }

    int u16() throws Malformed {
        return u8() << 8 | u8();
    }

    long u32() throws Malformed {
        return (long) u16() << 16 | u16();
    }

    byte[] bytes(int count) throws Malformed {
        need(count);
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    /** The next octets as a reading of their own. */
    Reading part(int count) throws Malformed {
        need(count);
        at += count;
        return new Reading(bytes, at - count, at);
    }

    byte[] rest() throws Malformed {
        return bytes(left());
    }

    /** A multiprecision integer (section 3.2). Leading zeros are accepted, as by others; its value is all that counts. */
    BigInteger mpi() throws Malformed {
        int bits = u16();
        if (bits > MPI_LIMIT_BITS) {
            throw new Malformed(Malformed.PACKET, "a number of " + bits + " bits");
        }
        return new BigInteger(1, bytes((bits + 7) / 8));
    }

    private void need(int count) throws Malformed {
        if (count < 0 || count > end - at) {
            throw new Malformed(Malformed.PACKET, "it ends inside a packet");
        }
    }
}
