package dev.ringfence.formats.oslopolicy;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OsloPolicyTest {
    private static final String YAML = """
            ---
            # Decides who is an administrator.
            #"commented": "role:out"
            "os_compute_api:servers:create": "rule:project_member_api"
            'it''s': 'role:a and project_id:%(project_id)s'
            context_is_admin: role:admin  # why
            "quo\\"te": ""
            "twice": "@"
            "twice": "!"
            """;

    private static OsloPolicy parsed(String text) {
        return value(OsloPolicy.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String codeOf(String text) {
        return code(OsloPolicy.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsTheRulesOfASampleFile() {
        OsloPolicy policy = parsed(YAML);
        assertThat(policy.rules())
                .containsEntry("os_compute_api:servers:create", "rule:project_member_api")
                .containsEntry("it's", "role:a and project_id:%(project_id)s")
                .containsEntry("context_is_admin", "role:admin")
                .containsEntry("quo\"te", "")
                .containsEntry("twice", "!")
                .hasSize(5);
        assertThat(policy.repeated()).containsExactly("twice");
        assertThat(parsed("# all defaults\n").rules()).isEmpty();
    }

    @Test
    void readsJson() {
        assertThat(parsed("{\"a\": \"role:x\", \"b:c\": \"\"}").rules())
                .containsEntry("a", "role:x")
                .containsEntry("b:c", "")
                .hasSize(2);
        assertThat(parsed(" { } ").rules()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|RF-OPL-002",
                "a:|RF-OPL-002",
                "a:b|RF-OPL-002",
                "a: [x]|RF-OPL-002",
                "a: &x y|RF-OPL-002",
                "a: *x|RF-OPL-002",
                "a: !tag x|RF-OPL-002",
                "a: >|RF-OPL-002",
                "a: b: c|RF-OPL-002",
                "? a|RF-OPL-002",
                "- a|RF-OPL-002",
                "'  a: b'|RF-OPL-002",
                "a: \"b\" c|RF-OPL-002",
                "\"a\" : \"b\"|RF-OPL-002",
                "...|RF-OPL-002",
                "a: @|RF-OPL-002",
                "a: \"b|RF-OPL-003",
                "a: 'b|RF-OPL-003",
                "a: \"\\x41\"|RF-OPL-003",
                "a: true|RF-OPL-005",
                "a: 12|RF-OPL-005",
                "a: null|RF-OPL-005",
                "{\"a\": [[\"role:x\"]]}|RF-OPL-005",
                "{\"a\": true}|RF-OPL-005",
                "{\"a\": \"b\"} x|RF-OPL-004",
                "{\"a\"}|RF-OPL-004",
                "{a: b}|RF-OPL-004",
                "{\"a\": \"b\", \"a\": \"c\"}|RF-OPL-004"
            })
    void refusesWhatItDoesNotRead(String text, String code) {
        assertThat(codeOf(text)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:\tb", "a: b\n---\n", "a: \"b\n c\"", "a: b\n  c: d\n", "a: b\u0001"})
    void refusesTabsDocumentsAndSeveralLines(String text) {
        assertThat(codeOf(text)).isIn("RF-OPL-002", "RF-OPL-003");
    }

    @Test
    void refusesLargeFiles() {
        assertThat(code(OsloPolicy.parse(new byte[(4 << 20) + 1]))).isEqualTo("RF-OPL-001");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        String json = "{\"a\": \"role:x\", \"b\\u0041\": \"\"}";
        for (String sample : List.of(YAML, json)) {
            for (int length = 0; length < sample.length(); length++) {
                assertThat(OsloPolicy.parse(sample.substring(0, length).getBytes(StandardCharsets.UTF_8)))
                        .isNotNull();
            }
        }
        Fuzz.bytes(
                List.of(YAML.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8)),
                4_000,
                bytes -> assertThat(OsloPolicy.parse(bytes)).isNotNull());
    }
}
