package dev.ringfence.wire.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.wire.json.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SarifTest {
    private static final Schema OFFICIAL = Schemas.draft7("/schemas/sarif-schema-2.1.0.json", UnaryOperator.identity());

    private static List<JsonNode> results(AuditReport report) {
        return elements(Written.json(Sarif::write, report).at("/runs/0/results"));
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> out = new ArrayList<>();
        array.forEach(out::add);
        return out;
    }

    private static JsonNode result(String rule, String subject) {
        return results(SampleReports.typical()).stream()
                .filter(r -> r.at("/ruleId").asString().equals(rule))
                .filter(r -> r.at("/properties/subject").asString("").equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isValidByTheOfficialSchema() {
        for (AuditReport report : List.of(SampleReports.typical(), SampleReports.empty())) {
            assertThat(Schemas.problems(OFFICIAL, Written.text(Sarif::write, report)))
                    .isEmpty();
            assertThat(Schemas.problems(OFFICIAL, Written.text(Sarif::writeProblems, report)))
                    .isEmpty();
        }
    }

    @Test
    void theOfficialSchemaRefusesWhatIsNotSarif() {
        String damaged = Written.text(Sarif::write, SampleReports.typical())
                .replace("\"kind\": \"open\"", "\"kind\": \"unknown\"");
        assertThat(Schemas.problems(OFFICIAL, damaged)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void staysValidWhateverTheTextsHold(long seed) {
        assertThat(Schemas.problems(OFFICIAL, Written.text(Sarif::write, SampleReports.hostile(seed))))
                .isEmpty();
    }

    @Test
    void givesTheSameBytesAgain() {
        assertThat(Written.bytes(Sarif::write, SampleReports.typical()))
                .isEqualTo(Written.bytes(Sarif::write, SampleReports.typical()));
    }

    @Test
    void namesOneResultForEachProblematicSubjectAndOneForEachOtherControl() {
        assertThat(results(SampleReports.typical()))
                .extracting(r -> r.at("/ruleId").asString() + " "
                        + r.at("/properties/subject").asString("-") + " "
                        + r.at("/kind").asString() + " " + r.at("/level").asString())
                .containsExactly(
                        "MEM-001 - fail error",
                        "LVT-002 - fail error",
                        "GST-003 web-7 fail error",
                        "GST-003 db-1 open none",
                        "NET-004 tap3 fail warning",
                        "FRM-001 - open none",
                        "OST-001 - notApplicable none",
                        "KRN-001 - pass none");
    }

    @Test
    void leavesOutWhatIsNoProblemOnRequest() {
        assertThat(elements(Written.json(Sarif::writeProblems, SampleReports.typical())
                        .at("/runs/0/results")))
                .extracting(r -> r.at("/kind").asString())
                .containsExactly("fail", "fail", "fail", "open", "fail", "open");
    }

    @Test
    void suppressesWhatIsWaivedAndNothingElse() {
        JsonNode suppression = result("NET-004", "tap3").at("/suppressions/0");
        assertThat(suppression.at("/kind").asString()).isEqualTo("external");
        assertThat(suppression.at("/status").asString()).isEqualTo("accepted");
        assertThat(suppression.at("/justification").asString())
                .isEqualTo("legacy switch until the move (owner a.ngata, until 2027-01-31T00:00:00Z, ticket OPS-112)");
        assertThat(results(SampleReports.typical()))
                .filteredOn(r -> r.has("suppressions"))
                .hasSize(1);
    }

    @Test
    void doesNotSuppressByAnExpiredWaiverButTellsOfIt() {
        JsonNode result = result("LVT-002", "");
        assertThat(result.has("suppressions")).isFalse();
        assertThat(result.at("/properties/expiredWaiver").asString()).contains("b.okafor");
    }

    @Test
    void placesASubjectInTheFileThatIsNamedLikeIt() {
        JsonNode location = result("GST-003", "web-7").at("/locations/0");
        assertThat(location.at("/physicalLocation/artifactLocation/uri").asString())
                .isEqualTo("etc/libvirt/qemu/web-7.xml");
        assertThat(location.at("/logicalLocations/0/fullyQualifiedName").asString())
                .isEqualTo("kvm-07/web-7");
        assertThat(location.at("/logicalLocations/0/kind").asString()).isEqualTo("guest");
    }

    @Test
    void takesCommandsForNoFiles() {
        JsonNode result = result("MEM-001", "");
        assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asString())
                .isEqualTo("sys/kernel/mm/ksm/run");
        assertThat(result.has("relatedLocations")).isFalse();
    }

    @Test
    void keepsFingerprintsWhileEvidenceChanges() {
        String before = result("GST-003", "web-7").at("/partialFingerprints").toString();
        assertThat(before)
                .isNotEqualTo(
                        result("GST-003", "db-1").at("/partialFingerprints").toString());
        assertThat(NamedUuid.of("finding", "kvm-07", "GST-003", "web-7").toString())
                .isSubstringOf(before);
    }

    @Test
    void ranksRulesForCodeScanners() {
        JsonNode rule = Written.json(Sarif::write, SampleReports.typical()).at("/runs/0/tool/driver/rules/0");
        assertThat(rule.at("/properties/security-severity").asString()).isEqualTo("9.5");
        assertThat(elements(rule.at("/properties/tags")))
                .extracting(JsonNode::asString)
                .contains("guest-to-host", "stride/elevation-of-privilege");
    }

    @Test
    void tellsWhatTheProfileLeavesOut() {
        assertThat(elements(Written.json(Sarif::write, SampleReports.typical())
                        .at("/runs/0/invocations/0/toolConfigurationNotifications")))
                .extracting(n -> n.at("/message/text").asString())
                .containsExactly(
                        "Control ACC-002 is left out by the profile: no local accounts here",
                        "Control SSH-009 is left out by the profile: bastion only");
    }

    @Test
    void escapesWhatMessagesWouldReadAsPlaceholderOrLink() {
        StringBuilder text = new StringBuilder();
        results(SampleReports.hostile(3))
                .forEach(r -> text.append(r.at("/message/text").asString()).append('\n'));
        for (long seed = 4; seed < 12; seed++) {
            results(SampleReports.hostile(seed))
                    .forEach(r -> text.append(r.at("/message/text").asString()).append('\n'));
        }
        assertThat(text.toString()).contains("{{0}}").contains("[here] (https").doesNotContain("](");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//host/share", "/a:b", "/a?b#c%41", "/\u0000\n", "/\ud800", "/ü"})
    void encodesPathsSoThatNothingElseIsRead(String path) {
        assertThat(SarifPlaces.relativeUri(path)).matches("[A-Za-z0-9._~%-]+(/[A-Za-z0-9._~%-]+)*");
    }
}
