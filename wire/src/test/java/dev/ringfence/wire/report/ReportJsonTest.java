package dev.ringfence.wire.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.networknt.schema.Schema;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Stride;
import dev.ringfence.core.audit.Threat;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.testkit.Fuzz;
import dev.ringfence.wire.json.MalformedDocumentException;
import dev.ringfence.wire.json.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportJsonTest {
    private static final Schema PUBLISHED = Schemas.draft2020("/schema/audit-report-1.schema.json");

    private static AuditDocument read(String text) throws MalformedDocumentException {
        try {
            return ReportJson.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "report.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typical() {
        return Written.text(ReportJson::write, SampleReports.typical());
    }

    @Test
    void fitsThePublishedSchema() {
        for (AuditReport report : List.of(SampleReports.typical(), SampleReports.empty())) {
            assertThat(Schemas.problems(PUBLISHED, Written.text(ReportJson::write, report)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"verdict\": \"pass\"|\"verdict\": \"passed\"",
                "\"severity\": \"low\"|\"severity\": \"info\"",
                "\"reach\": \"daemon\"|\"reach\": \"DAEMON\"",
                "\"kind\": \"libvirt-conf\"|\"kind\": \"LIBVIRT_CONF\"",
                "\"host\": |\"hostname\": ",
                "\"fail\": 3|\"fail\": -3",
                "\"owner\": |\"who\": "
            })
    void theSchemaRefusesWhatIsNotTheFormat(String part, String damage) {
        assertThat(typical()).contains(part);
        assertThat(Schemas.problems(PUBLISHED, typical().replace(part, damage))).isNotEmpty();
    }

    @Test
    void theSchemaNamesEveryConstant() {
        JsonNode schema = JsonMapper.shared().readTree(Schemas.text("/schema/audit-report-1.schema.json"));
        assertThat(texts(schema.at("/$defs/verdict/enum"))).containsExactlyInAnyOrder(constants(Verdict.values()));
        assertThat(texts(schema.at("/$defs/severity/enum"))).containsExactly(constants(Severity.values()));
        JsonNode control = schema.at("/$defs/control/properties");
        assertThat(texts(control.at("/threats/items/enum"))).containsExactly(constants(Threat.values()));
        assertThat(texts(control.at("/stride/items/enum"))).containsExactly(constants(Stride.values()));
        JsonNode fix = schema.at("/$defs/fix/properties");
        assertThat(texts(fix.at("/reach/enum"))).containsExactly(constants(Fix.Reach.values()));
        assertThat(texts(fix.at("/changes/items/properties/kind/enum"))).containsExactly(constants(Fix.Kind.values()));
    }

    private static String[] constants(Enum<?>[] values) {
        return Arrays.stream(values).map(FactSchema::constantText).toArray(String[]::new);
    }

    private static List<String> texts(JsonNode array) {
        List<String> out = new ArrayList<>();
        array.forEach(n -> out.add(n.asString()));
        return out;
    }

    @Test
    void hasExactlyTheKeysOfTheFormatInOrder() {
        JsonNode document = Written.json(ReportJson::write, SampleReports.typical());
        assertThat(document.propertyNames())
                .containsExactly(
                        "schema",
                        "version",
                        "host",
                        "observer",
                        "observedAt",
                        "profile",
                        "controls",
                        "leftOut",
                        "summary");
        JsonNode control = document.at("/controls/3");
        assertThat(control.propertyNames())
                .containsExactly(
                        "id",
                        "title",
                        "severity",
                        "verdict",
                        "evidence",
                        "subjects",
                        "threats",
                        "stride",
                        "rationale",
                        "fix",
                        "references",
                        "sources",
                        "waiver");
        assertThat(control.at("/subjects/0").propertyNames()).containsExactly("subject", "verdict", "evidence");
        assertThat(control.at("/fix").propertyNames()).containsExactly("reach", "summary", "changes", "cost");
        assertThat(control.at("/fix/changes/0").propertyNames()).containsExactly("kind", "target", "value");
        assertThat(control.at("/sources/0").propertyNames()).containsExactly("where", "how");
        assertThat(control.at("/waiver").propertyNames())
                .containsExactly("owner", "reason", "expires", "ticket", "subject", "underlying", "expired");
        assertThat(document.at("/controls/0/waiver").isNull()).isTrue();
        assertThat(document.at("/leftOut/0").propertyNames()).containsExactly("id", "reason");
        assertThat(document.at("/summary").toString())
                .isEqualTo("{\"pass\":1,\"fail\":3,\"notApplicable\":1,\"notCovered\":1,\"waived\":1}");
    }

    @Test
    void readsBackWhatItWrote() throws MalformedDocumentException {
        assertThat(read(typical())).isEqualTo(AuditDocument.of(SampleReports.typical(), "0.1.0"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void readsBackHostileTextsButForHalvesOfCharacters(long seed) throws MalformedDocumentException {
        AuditReport report = SampleReports.hostile(seed);
        assertThat(Schemas.problems(PUBLISHED, Written.text(ReportJson::write, report)))
                .isEmpty();
        AuditDocument expected = AuditDocument.of(report, "0.1.0");
        AuditDocument found = read(Written.text(ReportJson::write, report));
        assertThat(found.controls().toString())
                .isEqualTo(whole(expected.controls().toString()));
        assertThat(new TreeMap<>(found.leftOut()).toString())
                .isEqualTo(whole(new TreeMap<>(expected.leftOut()).toString()));
        assertThat(found.host() + found.observer() + found.profile())
                .isEqualTo(whole(expected.host()) + whole(expected.observer()) + whole(expected.profile()));
    }

    private static String whole(String text) {
        return text.replaceAll("(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])", "\ufffd");
    }

    @Test
    void toleratesAdditions() throws MalformedDocumentException {
        String later = typical()
                .replace("\"host\": ", "\"region\": {\"a\": [1, 2.5, null, true, 123456789012345678901]}, \"host\": ")
                .replace("\"title\": ", "\"since\": \"2.0\", \"title\": ")
                .replace("\"owner\": ", "\"approvers\": [], \"owner\": ");
        assertThat(read(later)).isEqualTo(AuditDocument.of(SampleReports.typical(), "0.1.0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ringfence-audit-report-1|ringfence-audit-report-2|RF-REP-001 refused report.json: its schema is 'ringfence-audit-report-2'.",
                "\"schema\": |\"format\": |RF-REP-001 refused report.json: it names no schema.",
                "\"verdict\": \"pass\"|\"verdict\": \"maybe\"|RF-REP-002 refused report.json: controls[2].subjects[2].verdict: this version does not know 'maybe'.",
                "\"id\": \"KRN-001\"|\"id\": null|RF-REP-002 refused report.json: controls[6].id: expected a text.",
                "\"observedAt\": \"2026-11|\"observedAt\": \"2026-13|RF-REP-002 refused report.json: observedAt: not an instant: 2026-13-20T09:41:27.500Z.",
                "\"expired\": true|\"expired\": 1|RF-REP-002 refused report.json: controls[1].waiver.expired: expected true or false.",
                "\"leftOut\": |\"left\": |RF-REP-002 refused report.json: leftOut: expected a list.",
                "\"ACC-002\"|\"SSH-009\"|RF-REP-002 refused report.json: leftOut[1].id: given twice.",
                "\"profile\": |\"host\": \"x\", \"profile\": |RF-DOC-003 refused report.json: line 7: the key 'host' is given twice."
            })
    void refusesWhatDoesNotFit(String part, String damage, String message) {
        assertThat(typical()).contains(part);
        assertThatExceptionOfType(MalformedDocumentException.class)
                .isThrownBy(() -> read(typical().replace(part, damage)))
                .withMessageStartingWith(message)
                .satisfies(e -> assertThat(message).startsWith(e.code()));
    }

    @Test
    void refusesOrReadsWhateverTheBytesAre() {
        Fuzz.bytes(List.of(typical().getBytes(StandardCharsets.UTF_8)), 1500, bytes -> {
            try {
                ReportJson.read(new ByteArrayInputStream(bytes), "fuzzed");
            } catch (MalformedDocumentException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void givesTheSameBytesAgain() {
        assertThat(Written.bytes(ReportJson::write, SampleReports.typical()))
                .isEqualTo(Written.bytes(ReportJson::write, SampleReports.typical()));
    }
}
