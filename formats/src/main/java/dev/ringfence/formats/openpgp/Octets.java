package dev.ringfence.formats.openpgp;

import java.util.Arrays;
import java.util.HexFormat;

/** A run of octets that never changes. */
final class Octets {
    static final Octets NONE = new Octets(new byte[0]);

    private final byte[] bytes;

    Octets(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    byte[] copy() {
        return bytes.clone();
    }

    int length() {
        return bytes.length;
    }

    String hex() {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
