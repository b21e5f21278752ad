package dev.ringfence.wire.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.wire.json.Schemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OscalResultsTest {
    /** As published, but for five properties whose schema is wrapped in their own name (schemas/README.md). */
    private static final Schema OFFICIAL =
            Schemas.draft7("/schemas/oscal-assessment-results-1.1.3.schema.json", OscalResultsTest::unwrapped);

    private static String unwrapped(String schema) {
        return schema.replaceAll(
                "\"(id|identifier|number|value)\" : \\{\\s*\"\\1\" : (\\{\\s*\"\\$ref\" : \"[^\"]+\"\\s*})\\s*}",
                "\"$1\" : $2");
    }

    private static JsonNode result() {
        return Written.json(OscalResults::write, SampleReports.typical()).at("/assessment-results/results/0");
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> out = new ArrayList<>();
        array.forEach(out::add);
        return out;
    }

    private static JsonNode about(JsonNode array, String control) {
        return elements(array).stream()
                .filter(n -> n.at("/title").asString().startsWith(control))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isValidByTheOfficialSchema() {
        for (AuditReport report : List.of(SampleReports.typical(), SampleReports.empty())) {
            assertThat(Schemas.problems(OFFICIAL, Written.text(OscalResults::write, report)))
                    .isEmpty();
        }
    }

    @Test
    void theOfficialSchemaRefusesWhatIsNotOscal() {
        String valid = Written.text(OscalResults::write, SampleReports.typical());
        for (Map.Entry<String, String> damage : Map.of(
                        "\"state\": \"satisfied\"", "\"state\": \"passed\"",
                        "\"uuid\": \"", "\"uuid\": \"x",
                        "\"collected\"", "\"seen\"",
                        "\"last-modified\": \"2026", "\"last-modified\": \"26")
                .entrySet()) {
            String damaged = valid.replace(damage.getKey(), damage.getValue());
            assertThat(damaged).isNotEqualTo(valid);
            assertThat(Schemas.problems(OFFICIAL, damaged))
                    .as(damage.getValue())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void staysValidWhateverTheTextsHold(long seed) {
        assertThat(Schemas.problems(OFFICIAL, Written.text(OscalResults::write, SampleReports.hostile(seed))))
                .isEmpty();
    }

    @Test
    void givesTheSameBytesAgain() {
        assertThat(Written.bytes(OscalResults::write, SampleReports.typical()))
                .isEqualTo(Written.bytes(OscalResults::write, SampleReports.typical()));
    }

    @Test
    void refersOnlyToWhatItDefines() {
        String text = Written.text(OscalResults::write, SampleReports.typical());
        Set<String> defined = all(text, "\"uuid\": \"([^\"]+)\"");
        assertThat(all(text, "\"(?:subject|observation|risk|actor|component)-uuid\": \"([^\"]+)\""))
                .isNotEmpty()
                .isSubsetOf(defined);
        assertThat(all(text, "\"href\": \"#([^\"]+)\"")).isNotEmpty().isSubsetOf(defined);
    }

    private static Set<String> all(String text, String pattern) {
        Set<String> out = new HashSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            out.add(matcher.group(1));
        }
        return out;
    }

    @Test
    void definesEveryIdentifierOnce() {
        String text = Written.text(OscalResults::write, SampleReports.typical());
        Matcher matcher = Pattern.compile("\"uuid\": \"([^\"]+)\"").matcher(text);
        List<String> defined = new ArrayList<>();
        while (matcher.find()) {
            defined.add(matcher.group(1));
        }
        assertThat(defined).doesNotHaveDuplicates();
    }

    @Test
    void callsOnlyWhatPassedSatisfied() {
        assertThat(elements(result().at("/findings")))
                .extracting(f -> f.at("/title").asString().substring(0, 7) + " "
                        + f.at("/target/status/state").asString() + " "
                        + f.at("/target/status/reason").asString())
                .containsExactly(
                        "MEM-001 not-satisfied fail",
                        "LVT-002 not-satisfied fail",
                        "GST-003 not-satisfied fail",
                        "NET-004 not-satisfied fail",
                        "FRM-001 not-satisfied other",
                        "KRN-001 satisfied pass");
    }

    @Test
    void opensARiskForAFailureAndApprovesAWaivedOneUntilItsEnd() {
        assertThat(about(result().at("/risks"), "MEM-001").at("/status").asString())
                .isEqualTo("open");
        JsonNode waived = about(result().at("/risks"), "NET-004");
        assertThat(waived.at("/status").asString()).isEqualTo("deviation-approved");
        assertThat(waived.at("/deadline").asString()).isEqualTo("2027-01-31T00:00:00Z");
        assertThat(waived.at("/risk-log/entries/0/title").asString()).isEqualTo("Waived by a.ngata");
        assertThat(elements(result().at("/risks"))).hasSize(4);
    }

    @Test
    void keepsARiskOpenWhoseWaiverHasRunOut() {
        JsonNode risk = about(result().at("/risks"), "LVT-002");
        assertThat(risk.at("/status").asString()).isEqualTo("open");
        assertThat(risk.has("deadline")).isFalse();
    }

    @Test
    void saysWhichControlsWereReviewedAndWhichWereNot() {
        JsonNode selection = result().at("/reviewed-controls/control-selections/0");
        assertThat(elements(selection.at("/include-controls"))).hasSize(7);
        assertThat(elements(selection.at("/exclude-controls")))
                .extracting(c -> c.at("/control-id").asString())
                .containsExactly("ACC-002", "SSH-009");
        assertThat(selection.at("/remarks").asString()).contains("bastion only");
    }

    @Test
    void observesEveryControlAndEverySubjectThatDidNotPass() {
        assertThat(elements(result().at("/observations"))).hasSize(7 + 3);
    }

    @Test
    void escapesMarkup() {
        assertThat(OscalText.markup("<b>*x*</b> [a](b) {{ insert: param, x }}"))
                .isEqualTo("&lt;b&gt;\\*x\\*&lt;/b&gt; \\[a\\](b) \\{\\{ insert: param, x \\}\\}");
    }
}
