package dev.ringfence.formats.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The text of a file, with the character set that turns it back into the same bytes. Immutable and thread-safe.
 *
 * @param charset UTF-8 for valid UTF-8, else ISO-8859-1, which accepts every byte
 */
public record SourceText(String text, Charset charset) {

    /** Decodes any bytes; {@link #bytes()} gives the same bytes again. */
    public static SourceText decode(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new SourceText(text, StandardCharsets.UTF_8);
        } catch (CharacterCodingException notUtf8) {
            return new SourceText(new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        }
    }

    /** The text as bytes. */
    public byte[] bytes() {
        return text.getBytes(charset);
    }

    /** The same text with another content, in the same character set. */
    public SourceText with(String changed) {
        return new SourceText(changed, charset);
    }

    /** Whether the character set can hold this text, so that {@link #with} loses nothing. */
    public boolean canHold(String changed) {
        return charset.newEncoder().canEncode(changed);
    }

    /** The line separator that the text uses first, {@code "\n"} for a text of one line. */
    public String separator() {
        int feed = text.indexOf('\n');
        return feed > 0 && text.charAt(feed - 1) == '\r' ? "\r\n" : "\n";
    }
}
