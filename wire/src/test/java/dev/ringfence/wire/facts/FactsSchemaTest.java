package dev.ringfence.wire.facts;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.wire.json.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schema is a copy of the records. After they changed, write it again:
 * {@code mvn -pl wire test -Dtest='FactsSchemaTest#thePublishedSchema*' -Dschema.write=true}.
 */
class FactsSchemaTest {
    private static final String RESOURCE = "/schema/facts-1.schema.json";

    /** Loaded when first used, so that the file can be written where it is missing. */
    private static final class Published {
        static final Schema SCHEMA = Schemas.draft2020(RESOURCE);
    }

    static String json(HostFacts facts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FactsJson.write(facts, "0.1.0", out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void thePublishedSchemaDescribesTheRecordsOfToday() throws IOException {
        if (Boolean.getBoolean("schema.write")) {
            Files.writeString(Path.of("src/main/resources" + RESOURCE), FactsSchema.text());
            return;
        }
        // Not isEqualTo: its message would hold both texts.
        assertThat(FactsSchema.text().equals(Schemas.text(RESOURCE)))
                .as(
                        "facts-1.schema.json fits the records; if not, run this test alone with -Dschema.write=true, and commit the file")
                .isTrue();
    }

    @Test
    void definesEveryRecordUnderANameOfItsOwn() {
        List<FactSchema.Struct> besidesTheRoot =
                FactSchema.reachable(HostFacts.class).stream().skip(1).toList();
        long defined = FactsSchema.text()
                .lines()
                .filter(l -> l.matches("    \"[a-z]+\\.[A-Z][A-Za-z.]*\" : \\{"))
                .count();
        assertThat(besidesTheRoot).hasSize((int) defined);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void describesWhatIsWritten(long seed) throws IOException {
        assertThat(Schemas.problems(Published.SCHEMA, json(FactsGenerator.mixed(seed))))
                .isEmpty();
        assertThat(Schemas.problems(Published.SCHEMA, json(FactsGenerator.complete(seed))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"absent\":true|\"absent\":false",
                "\"absent\":true|\"absent\":true,\"value\":1",
                "\"notObserved\":\"why|\"notobserved\":\"why",
                "\"kernel\":{|\"kernel\":{\"relaese\":1,",
                "\"files\":{|\"filez\":{",
                "\"method\":|\"how\":",
                "\"from\":|\"where\":"
            })
    void refusesWhatTheReaderRefuses(String part, String damage) throws IOException {
        String valid = json(FactsGenerator.mixed(11));
        assertThat(valid).contains(part);
        assertThat(Schemas.problems(Published.SCHEMA, valid.replace(part, damage)))
                .isNotEmpty();
    }
}
