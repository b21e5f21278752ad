package dev.ringfence.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
    private static Map<String, @Nullable Object> read(byte[] bytes) throws MalformedDocumentException {
        try {
            return JsonDocument.read(new ByteArrayInputStream(bytes), "a.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, @Nullable Object> read(String text) throws MalformedDocumentException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String code, ThrowingCallable reading) {
        assertThatExceptionOfType(MalformedDocumentException.class)
                .isThrownBy(reading)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageStartingWith(code + " refused a.json: ");
    }

    @Test
    void readsEveryKindOfValue() throws MalformedDocumentException {
        assertThat(
                        read(
                                "{\"a\": [1, -9223372036854775808, 1.5, true, null, \"\\ud83d\\ude00\"], \"b\": {}, \"c\": 9223372036854775808}"))
                .isEqualTo(Map.of(
                        "a",
                        Arrays.asList(1L, Long.MIN_VALUE, 1.5, true, null, "\ud83d\ude00"),
                        "b",
                        Map.of(),
                        "c",
                        new BigInteger("9223372036854775808")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "null",
                "{",
                "{}{}",
                "{} x",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":[1,]}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":\"\\x\"}",
                "// c\n{}",
                "{\"a\":[1}"
            })
    void refusesWhatIsNotOneJsonObject(String text) {
        assertRefused("RF-DOC-001", () -> read(text));
    }

    @Test
    void refusesKeysThatAreGivenTwiceAtAnyDepth() {
        assertRefused("RF-DOC-003", () -> read("{\"a\": 1, \"a\": 1}"));
        assertRefused("RF-DOC-003", () -> read("{\"x\": [{\"a\": 1, \"\\u0061\": 2}]}"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        for (byte[] bad : List.of(
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xc3, '(', '"', ':', '1', '}'},
                new byte[] {0, 0, (byte) 0xff, (byte) 0xff, 1, 2, 3, 4})) {
            assertRefused("RF-DOC-001", () -> read(bad));
        }
    }

    @Test
    void readsUpToTheDepthLimitAndRefusesBeyond() throws MalformedDocumentException {
        int inner = JsonDocument.DEPTH_LIMIT - 1;
        assertThat(read("{\"a\":" + "[".repeat(inner) + "]".repeat(inner) + "}"))
                .hasSize(1);
        assertRefused("RF-DOC-002", () -> read("{\"a\":" + "[".repeat(inner + 1) + "]".repeat(inner + 1) + "}"));
        assertRefused("RF-DOC-002", () -> read("{\"a\":" + "[".repeat(1_000_000)));
    }

    @Test
    void readsUpToTheTextLimitAndRefusesBeyond() throws MalformedDocumentException {
        assertThat(read("{\"a\":\"" + "x".repeat(JsonDocument.TEXT_LIMIT_CHARS) + "\"}"))
                .hasSize(1);
        assertRefused(
                "RF-DOC-002", () -> read("{\"a\":\"" + "x".repeat(JsonDocument.TEXT_LIMIT_CHARS + 10_000) + "\"}"));
        assertRefused("RF-DOC-002", () -> read("{\"" + "x".repeat(200_000) + "\":1}"));
        assertRefused("RF-DOC-002", () -> read("{\"a\":" + "9".repeat(100) + "}"));
    }

    @Test
    void refusesADocumentThatNeverEnds() {
        assertRefused("RF-DOC-002", () -> JsonDocument.read(new Endless(), "a.json"));
    }

    /** An object whose only list goes on for ever. */
    private static final class Endless extends InputStream {
        private long at;

        @Override
        public int read() {
            long here = at++;
            return here < 5 ? "{\"a\":".charAt((int) here) : here == 5 ? '[' : here % 2 == 0 ? '1' : ',';
        }

        @Override
        public int read(byte[] into, int from, int length) {
            for (int i = 0; i < length; i++) {
                into[from + i] = (byte) read();
            }
            return length;
        }
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole =
                "{\"a\": [1, 2.5, true, null, \"x\\u00e9é\"], \"b\": {\"c\": -1}}".getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertRefused("RF-DOC-001", () -> read(cut));
        }
    }

    @Test
    void makesRefusalsSafeToPrint() {
        assertThatExceptionOfType(MalformedDocumentException.class)
                .isThrownBy(() -> read("{\"\\u001b[2J\\n\\u202e\": 1, \"\\u001b[2J\\n\\u202e\": 1}"))
                .withMessage("RF-DOC-003 refused a.json: line 1: the key ' [2J  ' is given twice. Remove one of them.");
    }

    @Test
    void writesLinesThatAreTheSameOnEverySystem() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeStringProperty("a", "\ud800 \u0000 \u2028 é");
            json.writeEndObject();
        });
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\n  \"a\": \"\ufffd \\u0000 \u2028 é\"\n}\n");
    }

    @Test
    void leavesStreamsOpen() throws IOException, MalformedDocumentException {
        boolean[] closed = new boolean[2];
        InputStream in = new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[1] = true;
            }
        };
        JsonDocument.read(in, "a.json");
        JsonDocument.write(
                out,
                JsonDocument.Layout.COMPACT,
                json -> json.writeStartObject().writeEndObject());
        assertThat(closed).containsExactly(false, false);
    }

    @Test
    void passesOnWhatStreamsThrow() {
        assertThatIOException()
                .isThrownBy(() -> JsonDocument.write(new Full(), JsonDocument.Layout.COMPACT, json -> {
                    json.writeStartArray();
                    for (int i = 0; i < 100_000; i++) {
                        json.writeNumber(i);
                    }
                    json.writeEndArray();
                }))
                .withMessage("disk full");
        assertThatIOException()
                .isThrownBy(() -> JsonDocument.read(new Broken(), "a.json"))
                .withMessage("connection reset");
    }

    private static final class Full extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("disk full");
        }
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return read();
        }
    }
}
