package dev.ringfence.wire.json;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Validates documents against schemas on the class path; formats such as dates and URIs are asserted too. */
public final class Schemas {
    private Schemas() {}

    /** A schema of the draft that SARIF and OSCAL use. */
    public static Schema draft7(String resource, UnaryOperator<String> repair) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(repair.apply(text(resource)), InputFormat.JSON);
    }

    /** A schema of the draft that ours use. */
    public static Schema draft2020(String resource) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text(resource), InputFormat.JSON);
    }

    /** What is wrong with a document; empty when it is valid. */
    public static List<String> problems(Schema schema, String document) {
        Consumer<ExecutionContext> strict = context -> context.executionConfig(c -> c.formatAssertionsEnabled(true));
        return schema.validate(document, InputFormat.JSON, strict).stream()
                .map(Error::toString)
                .toList();
    }

    /** The text of a resource. */
    public static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Schemas.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
