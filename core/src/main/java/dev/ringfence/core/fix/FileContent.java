package dev.ringfence.core.fix;

import dev.ringfence.formats.text.SourceText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of a file, at most {@link #LIMIT_BYTES}. Immutable and thread-safe; equal when the bytes are. */
public final class FileContent {
    /** What a plan carries of one file; as base64 it still fits one JSON text. */
    public static final int LIMIT_BYTES = 700 << 10;

    private final byte[] bytes;

    private FileContent(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * These bytes.
     *
     * @throws IllegalArgumentException for more than {@link #LIMIT_BYTES}
     */
    public static FileContent of(byte[] bytes) {
        if (bytes.length > LIMIT_BYTES) {
            throw new IllegalArgumentException("larger than " + LIMIT_BYTES + " bytes");
        }
        return new FileContent(bytes.clone());
    }

    /** A text in UTF-8. */
    public static FileContent of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes as text: UTF-8 where they are, ISO-8859-1 otherwise. */
    public String text() {
        return SourceText.decode(bytes).text();
    }

    /** How many bytes. */
    public int sizeBytes() {
        return bytes.length;
    }

    /** SHA-256 in 64 lower-case hexadecimal digits. */
    public String sha256() {
        return sha256(bytes);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileContent content && Arrays.equals(bytes, content.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Size and digest; the content may hold secrets. */
    @Override
    public String toString() {
        return sizeBytes() + " bytes, SHA-256 " + sha256();
    }
}
