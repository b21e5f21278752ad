package dev.ringfence.ledger.merkle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** A SHA-256 hash: 32 bytes. Immutable; equality takes the same time wherever two hashes differ. */
public final class Hash {
    /** Length in bytes. */
    public static final int SIZE_BYTES = 32;

    private static final int BASE64_LENGTH = 44;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    // Four words instead of an array: a frontier, a tile or a proof holds many, and none can be changed from outside.
    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private Hash(long first, long second, long third, long fourth) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    /**
     * The hash in exactly 32 bytes.
     *
     * @throws IllegalArgumentException for another length
     */
    public static Hash of(byte[] bytes) {
        if (bytes.length != SIZE_BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return at(bytes, 0);
    }

    /** The hash in the 32 bytes from {@code offset}. */
    public static Hash at(byte[] bytes, int offset) {
        Objects.checkFromIndexSize(offset, SIZE_BYTES, bytes.length);
        return new Hash(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    /** The hash in its one standard base64 form (44 characters), or empty for anything else. Never throws. */
    public static Optional<Hash> fromBase64(String text) {
        if (text.length() != BASE64_LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        // The JDK's decoder takes stray bits in the last character; one hash must have one text.
        return bytes.length == SIZE_BYTES
                        && Base64.getEncoder().encodeToString(bytes).equals(text)
                ? Optional.of(of(bytes))
                : Optional.empty();
    }

    /** The hash in 64 hexadecimal digits, or empty for anything else. Never throws. */
    public static Optional<Hash> fromHex(String text) {
        if (text.length() != 2 * SIZE_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(HexFormat.of().parseHex(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A new array of the 32 bytes. */
    public byte[] bytes() {
        byte[] out = new byte[SIZE_BYTES];
        copyTo(out, 0);
        return out;
    }

    /** Writes the 32 bytes from {@code offset}. */
    public void copyTo(byte[] target, int offset) {
        Objects.checkFromIndexSize(offset, SIZE_BYTES, target.length);
        LONG.set(target, offset, first);
        LONG.set(target, offset + 8, second);
        LONG.set(target, offset + 16, third);
        LONG.set(target, offset + 24, fourth);
    }

    /** Standard base64 with padding, 44 characters. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes());
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash
                && ((first ^ hash.first) | (second ^ hash.second) | (third ^ hash.third) | (fourth ^ hash.fourth)) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    @Override
    public String toString() {
        return base64();
    }
}
