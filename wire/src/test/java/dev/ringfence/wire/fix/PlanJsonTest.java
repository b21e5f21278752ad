package dev.ringfence.wire.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.networknt.schema.Schema;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.testkit.Fuzz;
import dev.ringfence.wire.json.MalformedDocumentException;
import dev.ringfence.wire.json.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanJsonTest {
    private static final String RESOURCE = "/schema/fix-plan-1.schema.json";

    private static final class Published {
        static final Schema SCHEMA = Schemas.draft2020(RESOURCE);
    }

    private static FixPlan read(byte[] bytes) throws MalformedDocumentException {
        try {
            return PlanJson.read(new ByteArrayInputStream(bytes), "plan.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FixPlan read(String text) throws MalformedDocumentException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException, MalformedDocumentException {
        FixPlan plan = SamplePlans.whole();
        assertThat(read(SamplePlans.json(plan))).isEqualTo(plan);
        FixPlan empty = SamplePlans.plan(List.of(), List.of());
        assertThat(read(SamplePlans.json(empty))).isEqualTo(empty);
    }

    @Test
    void equalPlansGiveEqualBytes() throws IOException {
        assertThat(SamplePlans.json(SamplePlans.whole())).isEqualTo(SamplePlans.json(SamplePlans.whole()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"after\": \"2\"|\"after\": \"1\"|RF-FIX-003",
                "\"mode\": \"0600\"|\"mode\": \"0666\"|RF-FIX-003",
                "\"host\": \"hv1\"|\"host\": \"hv2\"|RF-FIX-003",
                "\"title\": \"Do something\"|\"title\": \"Do nothing\"|RF-FIX-003",
                "\"ringfence-fix-plan-1\"|\"ringfence-fix-plan-2\"|RF-FIX-001",
                "\"type\": \"run-command\"|\"type\": \"run-shell\"|RF-FIX-002",
                "\"verb\": \"mask\"|\"verb\": \"unmask\"|RF-FIX-002",
                "\"verb\": \"mask\"|\"verb\": \"mask\", \"now\": true|RF-FIX-002",
                "\"number\": 1,|\"number\": 1.5,|RF-FIX-002",
                "\"number\": 2,|\"number\": 3,|RF-FIX-003",
                "\"profile\": \"multi-tenant\",||RF-FIX-002",
                "\"profile\": \"multi-tenant\"|\"profile\": null|RF-FIX-002",
                "\"mode\": \"0600\"|\"mode\": \"600\"|RF-FIX-002",
                "/sys/kernel/mm/ksm/run|/etc/shadow|RF-FIX-002",
                "\"createdAt\": \"2026|\"createdAt\": \"x026|RF-FIX-002",
                "\"manual\"|\"manuals\"|RF-FIX-002"
            })
    void refusesWhatWasChanged(String from, String to, String code) throws IOException {
        String text = SamplePlans.json(SamplePlans.whole());
        assertThat(text).contains(from);
        int at = text.indexOf(from);
        String changed = text.substring(0, at) + (to == null ? "" : to) + text.substring(at + from.length());
        assertThatExceptionOfType(MalformedDocumentException.class)
                .isThrownBy(() -> read(changed))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageStartingWith(code + " refused plan.json: ");
    }

    @Test
    void anyChangeOfAnyByteIsRefusedOrMeansTheSame() throws IOException {
        FixPlan plan = SamplePlans.whole();
        byte[] good = SamplePlans.json(plan).getBytes(StandardCharsets.UTF_8);
        Fuzz.bytes(List.of(good), 3_000, bytes -> {
            try {
                assertThat(read(bytes)).isEqualTo(plan);
            } catch (MalformedDocumentException e) {
                assertThat(e.code()).startsWith("RF-");
            }
        });
    }

    @Test
    void aTruncatedPlanIsRefusedAtEveryPosition() throws IOException {
        byte[] good =
                SamplePlans.json(SamplePlans.plan(List.of(), List.of())).strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(good, length);
            assertThatExceptionOfType(MalformedDocumentException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> read(cut));
        }
    }

    @Test
    void thePublishedSchemaDescribesTheRecordsOfToday() throws IOException {
        if (Boolean.getBoolean("schema.write")) {
            Files.writeString(Path.of("src/main/resources" + RESOURCE), PlanSchema.text());
            return;
        }
        assertThat(PlanSchema.text().equals(Schemas.text(RESOURCE)))
                .as("fix-plan-1.schema.json fits the records; if not, run this test alone with -Dschema.write=true")
                .isTrue();
    }

    @Test
    void theSchemaDescribesWhatIsWrittenAndNothingElse() throws IOException {
        String text = SamplePlans.json(SamplePlans.whole());
        assertThat(Schemas.problems(Published.SCHEMA, text)).isEmpty();
        for (String[] change : List.of(
                new String[] {"\"verb\": \"mask\"", "\"verb\": \"unmask\""},
                new String[] {"\"type\": \"run-command\"", "\"type\": \"run-shell\""},
                new String[] {"\"title\": \"Do something\",", ""},
                new String[] {"\"manual\"", "\"manuals\""},
                new String[] {"\"mode\": \"0600\"", "\"mode\": 600"})) {
            assertThat(Schemas.problems(
                            Published.SCHEMA, text.replaceFirst(java.util.regex.Pattern.quote(change[0]), change[1])))
                    .as(change[1])
                    .isNotEmpty();
        }
    }
}
