package dev.ringfence.ledger.note;

import java.util.Base64;
import java.util.Optional;

/** Standard base64 with padding (RFC 4648 section 4), where every value has exactly one text. */
public final class Base64Text {
    private Base64Text() {}

    /** The bytes, or empty if the text is not what {@link #encode} gives for them. Never throws. */
    public static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // The JDK takes missing padding and stray bits in the last character.
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The text of these bytes. */
    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
