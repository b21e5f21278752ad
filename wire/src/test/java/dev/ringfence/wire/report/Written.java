package dev.ringfence.wire.report;

import dev.ringfence.core.audit.AuditReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a writer of reports writes. */
final class Written {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Written() {}

    @FunctionalInterface
    interface Writer {
        void write(AuditReport report, String toolVersion, OutputStream out) throws IOException;
    }

    static byte[] bytes(Writer writer, AuditReport report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(report, "0.1.0", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Fails unless it is well-formed UTF-8. */
    static String text(Writer writer, AuditReport report) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(writer, report)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Writer writer, AuditReport report) {
        return MAPPER.readTree(text(writer, report));
    }
}
