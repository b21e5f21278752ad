package dev.ringfence.formats.oslo;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OsloFileTest {
    private static final String SAMPLE = """
            [DEFAULT]
            # Debug output
            #debug = false
            debug = True
            transport_url = rabbit://nova:s3cret@mq1:5672,nova:s3cret@mq2:5672/
            enabled_filters = A,
                B,
            \tC
            quoted = "  padded  "
            single='x'
            colon : value = with equals
            alias = {"name": "a"}
            alias = {"name": "b"}

            [libvirt]
            virt_type = kvm
            [Placement]
            password = hunter2
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static OsloFile parsed(String text) {
        return value(OsloFile.parse("nova.conf", bytes(text)));
    }

    private static List<String> texts(OsloFile file, String group, String key) {
        return file.values(group, key).stream().map(OsloValue::text).toList();
    }

    @Test
    void readsValuesWithGroupAndLine() {
        OsloFile file = parsed(SAMPLE);
        assertThat(file.values("DEFAULT", "debug"))
                .containsExactly(new OsloValue("nova.conf", "DEFAULT", "debug", "True", 4));
        assertThat(texts(file, "DEFAULT", "enabled_filters")).containsExactly("A,\nB,\nC");
        assertThat(texts(file, "DEFAULT", "quoted")).containsExactly("  padded  ");
        assertThat(texts(file, "DEFAULT", "single")).containsExactly("x");
        assertThat(texts(file, "DEFAULT", "colon")).containsExactly("value = with equals");
        assertThat(texts(file, "DEFAULT", "alias")).containsExactly("{\"name\": \"a\"}", "{\"name\": \"b\"}");
        assertThat(file.groups()).containsExactly("DEFAULT", "libvirt", "Placement");
        assertThat(file.values("DEFAULT", "absent")).isEmpty();
    }

    @Test
    void groupsHaveNoCaseExceptTheDefault() {
        OsloFile file = parsed(SAMPLE);
        assertThat(texts(file, "LIBVIRT", "virt_type")).containsExactly("kvm");
        assertThat(texts(file, "placement", "password")).containsExactly("hunter2");
        assertThat(texts(file, "default", "debug")).isEmpty();
        assertThat(texts(file, "DEFAULT", "Debug")).isEmpty();
    }

    @Test
    void aCommentEndsAValueAndABlankLineToo() {
        assertThat(texts(parsed("[a]\nk = 1\n# c\n"), "a", "k")).containsExactly("1");
        assertThat(code(OsloFile.parse("f", bytes("[a]\nk = 1\n# c\n  2\n")))).isEqualTo("RF-OSL-004");
        assertThat(code(OsloFile.parse("f", bytes("[a]\nk = 1\n\n  2\n")))).isEqualTo("RF-OSL-004");
        assertThat(texts(parsed("[a]\nk = 1\n  # part of the value\n"), "a", "k"))
                .containsExactly("1\n# part of the value");
    }

    @Test
    void aCarriageReturnAloneEndsALineAsInPython() {
        assertThat(texts(parsed("[a]\n# c\rk = 1\n"), "a", "k")).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'[a]\nword\n'|RF-OSL-002",
                "'[a]\n= 1\n'|RF-OSL-003",
                "' x\n'|RF-OSL-004",
                "'[a\n'|RF-OSL-005",
                "'[]\n'|RF-OSL-005",
                "'[a] ; c\n'|RF-OSL-005",
                "'k = 1\n'|RF-OSL-006"
            })
    void refusesWhatOsloRefuses(String text, String code) {
        assertThat(code(OsloFile.parse("f", bytes(text)))).isEqualTo(code);
    }

    @Test
    void refusesLargeFiles() {
        assertThat(code(OsloFile.parse("f", new byte[(4 << 20) + 1]))).isEqualTo("RF-OSL-001");
    }

    @Test
    void printsWhatItParsed() {
        for (String text : List.of(SAMPLE, "", "[a]\r\nk=v\r\n", "[a]\nk = v")) {
            assertThat(parsed(text).text()).isEqualTo(text);
            assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
        }
        byte[] latin = "[a]\nk = caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(value(OsloFile.parse("f", latin)).bytes()).isEqualTo(latin);
    }

    @Test
    void setChangesTheValueInPlace() {
        assertThat(value(parsed(SAMPLE).set("DEFAULT", "debug", "False")).text())
                .isEqualTo(SAMPLE.replace("debug = True", "debug = False"));
        assertThat(value(parsed(SAMPLE).set("DEFAULT", "enabled_filters", "Z")).text())
                .contains("\nenabled_filters = Z\nquoted =");
        assertThat(value(parsed(SAMPLE).set("DEFAULT", "alias", "{}")).text())
                .contains("alias = {\"name\": \"a\"}\nalias = {}\n");
    }

    @Test
    void aNewOptionGoesBelowItsCommentedDefaultOrToTheEndOfItsSection() {
        assertThat(value(parsed("[a]\n#k = 0\n\n[b]\n").set("a", "k", "1")).text())
                .isEqualTo("[a]\n#k = 0\nk = 1\n\n[b]\n");
        assertThat(value(parsed("[a]\nx = 1\n\n[b]\n#k = 0\n").set("a", "k", "1"))
                        .text())
                .isEqualTo("[a]\nx = 1\nk = 1\n\n[b]\n#k = 0\n");
        assertThat(value(parsed("[a]\nx = 1").set("A", "k", "1")).text()).isEqualTo("[a]\nx = 1\nk = 1\n");
        assertThat(value(parsed("[a]\nx = 1\n").set("c", "k", "1")).text()).isEqualTo("[a]\nx = 1\n\n[c]\nk = 1\n");
        assertThat(value(parsed("").set("c", "k", "1")).text()).isEqualTo("[c]\nk = 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "a\nb", "  padded ", "\"quoted\"", "'", "\"", "a = b : c", "#x", "[x]"})
    void valuesComeBackThroughSet(String text) {
        assertThat(texts(value(parsed(SAMPLE).set("libvirt", "virt_type", text)), "libvirt", "virt_type"))
                .containsExactly(text);
        assertThat(texts(value(parsed(SAMPLE).set("new", "k", text)), "new", "k"))
                .containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n\nb", "a\n  b", "a\r[evil]\rk = 1", "a \nb"})
    void refusesValuesThatWouldNotComeBack(String text) {
        assertThat(code(parsed(SAMPLE).set("libvirt", "virt_type", text))).isEqualTo("RF-OSL-007");
    }

    @ParameterizedTest
    @CsvSource({"'',k", "'a]b',k", "a,''", "a,'k = 1'", "a,'#k'", "a,'[k'", "a,' k'", "'a\nb',k"})
    void refusesNamesThatCannotBeSet(String group, String key) {
        assertThat(code(parsed(SAMPLE).set(group, key, "1"))).isEqualTo("RF-OSL-007");
    }

    @Test
    void removeTakesEveryOccurrenceWithItsContinuedLines() {
        assertThat(value(parsed(SAMPLE).remove("DEFAULT", "alias")).text())
                .isEqualTo(SAMPLE.replaceAll("alias = .*\n", ""));
        assertThat(value(parsed("[a]\nk = 1\n 2\n# c\nx = 1\n").remove("A", "k"))
                        .text())
                .isEqualTo("[a]\n# c\nx = 1\n");
        assertThat(value(parsed(SAMPLE).remove("libvirt", "absent")).text()).isEqualTo(SAMPLE);
    }

    @Test
    void nothingPrintedShowsASecret() {
        OsloFile file = parsed(SAMPLE);
        String printed = file + " " + file.values();
        assertThat(printed).doesNotContain("hunter2").doesNotContain("s3cret").contains("rabbit://nova:[redacted]@mq2");
    }

    @Test
    void truncationAtEveryPositionNeverThrows() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            String cut = SAMPLE.substring(0, length);
            switch (OsloFile.parse("f", bytes(cut))) {
                case Decoded.Value<OsloFile> value ->
                    assertThat(value.value().text()).isEqualTo(cut);
                case Decoded.Refused<OsloFile> refused ->
                    assertThat(refused.refusal().code()).startsWith("RF-OSL-");
            }
        }
    }

    @Test
    void mutatedFilesPrintAsTheyWereAndTakeEdits() {
        Fuzz.bytes(List.of(bytes(SAMPLE), bytes("[a]\r\nk = 1\r\n\t2\r\n")), 5_000, bytes -> {
            if (OsloFile.parse("f", bytes) instanceof Decoded.Value<OsloFile>(OsloFile file)) {
                assertThat(file.bytes()).isEqualTo(bytes);
                OsloFile set = value(file.set("libvirt", "virt_type", "qemu"));
                assertThat(texts(set, "libvirt", "virt_type").getLast()).isEqualTo("qemu");
                OsloFile removed = value(set.remove("libvirt", "virt_type"));
                assertThat(texts(removed, "libvirt", "virt_type")).isEmpty();
                assertThat(others(removed)).isEqualTo(others(file));
            }
        });
    }

    private static List<String> others(OsloFile file) {
        return file.values().stream()
                .filter(v -> !v.key().equals("virt_type"))
                .map(v -> v.group() + " " + v.key() + " " + v.text())
                .toList();
    }
}
