package dev.ringfence.wire.json;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/**
 * Writes and reads JSON (RFC 8259) in UTF-8. Thread-safe.
 *
 * <p>Refusals: {@code RF-DOC-001} not a JSON object, or damaged; {@code RF-DOC-002} larger or deeper than the limits;
 * {@code RF-DOC-003} a key that is given twice.
 */
public final class JsonDocument {
    /** The largest document that is read. */
    public static final long SIZE_LIMIT_BYTES = 64L << 20;

    /** The deepest nesting that is read; facts need about a dozen levels. */
    public static final int DEPTH_LIMIT = 64;

    /** The longest text value that is read. */
    public static final int TEXT_LIMIT_CHARS = 1 << 20;

    private static final int NAME_LIMIT_CHARS = 1 << 16;
    private static final int NUMBER_LIMIT_CHARS = 40;
    private static final long TOKEN_LIMIT = 4_000_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // A document that could not be finished must not look finished.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(SIZE_LIMIT_BYTES)
                    .maxNestingDepth(DEPTH_LIMIT)
                    .maxStringLength(TEXT_LIMIT_CHARS)
                    .maxNameLength(NAME_LIMIT_CHARS)
                    .maxNumberLength(NUMBER_LIMIT_CHARS)
                    .maxTokenCount(TOKEN_LIMIT)
                    .build())
            .build();

    private JsonDocument() {}

    /** How a document is laid out. */
    public enum Layout {
        /** On one line; for what programs exchange. */
        COMPACT,
        /** Two spaces a level; for what people also read. */
        INDENTED
    }

    /** Writes the whole value of a document. */
    @FunctionalInterface
    public interface Body {
        /** Called once. */
        void write(JsonGenerator json);
    }

    /**
     * Writes one document and a line feed, as the body produces it. The stream is flushed and stays open.
     *
     * @throws IOException from the stream; what was written by then is not a complete document
     */
    public static void write(OutputStream out, Layout layout, Body body) throws IOException {
        try {
            Writer writer = Utf8Writer.over(out);
            try (JsonGenerator json = FACTORY.createGenerator(context(layout), writer)) {
                body.write(json);
            }
            writer.write('\n');
            writer.flush();
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private static ObjectWriteContext context(Layout layout) {
        return switch (layout) {
            case COMPACT -> ObjectWriteContext.empty();
            case INDENTED -> new IndentedContext();
        };
    }

    private static final class IndentedContext extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            // One for each document: it counts levels. The line feed is fixed, so that output is the same everywhere.
            return new DefaultPrettyPrinter(
                            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }

    /**
     * Reads a document whose value is an object: maps in document order, lists, texts, {@link Long} (larger whole numbers
     * as {@link java.math.BigInteger}), {@link Double}, {@link Boolean} and null. The stream stays open.
     *
     * @param name of the document, for the refusal
     * @throws IOException from the stream
     * @throws MalformedDocumentException if it is not such a document, or beyond the limits
     */
    public static Map<String, @Nullable Object> read(InputStream in, String name)
            throws IOException, MalformedDocumentException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw damaged(name, "not a JSON object");
            }
            Map<String, @Nullable Object> document = object(parser, name);
            if (parser.nextToken() != null) {
                throw damaged(name, "something follows the JSON object");
            }
            return document;
        } catch (StreamConstraintsException e) {
            throw new MalformedDocumentException(
                    "RF-DOC-002",
                    name,
                    reason(e),
                    "Documents may have " + (SIZE_LIMIT_BYTES >> 20) + " MiB, " + DEPTH_LIMIT + " levels and "
                            + TEXT_LIMIT_CHARS + " characters a text.");
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof CharConversionException broken) {
                throw damaged(name, "not UTF-8: " + broken.getMessage());
            }
            throw e.getCause();
        } catch (JacksonException e) {
            throw damaged(name, position(e) + reason(e));
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, String name)
            throws MalformedDocumentException {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (JsonToken token = parser.nextToken(); token == JsonToken.PROPERTY_NAME; token = parser.nextToken()) {
            String key = parser.currentName();
            if (out.containsKey(key)) {
                throw new MalformedDocumentException(
                        "RF-DOC-003",
                        name,
                        "line " + parser.currentTokenLocation().getLineNr() + ": the key '" + key + "' is given twice",
                        "Remove one of them.");
            }
            out.put(key, value(parser, parser.nextToken(), name));
        }
        return out;
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token, String name)
            throws MalformedDocumentException {
        if (token == null) {
            throw damaged(name, "it ends early");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, name);
            case START_ARRAY -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    out.add(value(parser, next, name));
                }
                yield out;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT, LONG -> (Object) parser.getLongValue();
                    case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getBigIntegerValue();
                };
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw damaged(name, "a value is missing");
        };
    }

    private static MalformedDocumentException damaged(String name, String cause) {
        return new MalformedDocumentException("RF-DOC-001", name, cause, "Write or copy the file again.");
    }

    private static String position(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ": ";
    }

    private static String reason(JacksonException e) {
        return String.valueOf(e.getOriginalMessage());
    }
}
