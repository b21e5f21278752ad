package dev.ringfence.wire.json;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text to bytes for every report format. Thread-safe. */
public final class Utf8Writer {
    private static final byte[] REPLACEMENT_CHARACTER = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private Utf8Writer() {}

    /**
     * A buffered writer of UTF-8. Half a surrogate pair, which no UTF-8 text can hold, becomes U+FFFD instead of an
     * invalid byte sequence.
     */
    public static Writer over(OutputStream out) {
        return new OutputStreamWriter(
                out,
                StandardCharsets.UTF_8
                        .newEncoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .replaceWith(REPLACEMENT_CHARACTER));
    }
}
