package dev.ringfence.formats.libvirtconf;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.libvirtconf.LibvirtConf.Entry;
import dev.ringfence.formats.libvirtconf.LibvirtValue.Items;
import dev.ringfence.formats.libvirtconf.LibvirtValue.Number;
import dev.ringfence.formats.libvirtconf.LibvirtValue.Text;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibvirtConfTest {
    private static final String SAMPLE = """
            # Network
            #listen_tls = 0
            listen_tls = 1   # as the policy asks
              tcp_port="16509"
            user = 'qemu'; group = "qemu"

            cgroup_device_acl = [
                "/dev/null", '/dev/full',
                "/dev/zero"
            ]
            #namespaces = [
            #   "mount"
            #]
            offset = -5
            plus = +7
            none = [ ]
            nested = [ [ 1, 2 ], "a" ]
            long_text = \"""first
            #user = "no comment"
            last"end\"""
            tcp_port = "1"
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static LibvirtConf parsed(String text) {
        return value(LibvirtConf.parse(bytes(text)));
    }

    @Test
    void readsEveryKindOfValueWithItsLine() {
        assertThat(parsed(SAMPLE).settings().values())
                .containsExactly(
                        new Entry("listen_tls", new Number(1), 3),
                        new Entry("tcp_port", new Text("16509"), 4),
                        new Entry("user", new Text("qemu"), 5),
                        new Entry("group", new Text("qemu"), 5),
                        new Entry(
                                "cgroup_device_acl",
                                LibvirtValue.texts(List.of("/dev/null", "/dev/full", "/dev/zero")),
                                7),
                        new Entry("offset", new Number(-5), 14),
                        new Entry("plus", new Number(7), 15),
                        new Entry("none", new Items(List.of()), 16),
                        new Entry(
                                "nested",
                                new Items(List.of(new Items(List.of(new Number(1), new Number(2))), new Text("a"))),
                                17),
                        new Entry("long_text", new Text("first\n#user = \"no comment\"\nlast\"end"), 18));
    }

    @Test
    void theFirstOfTwoEqualNamesCounts() {
        LibvirtConf conf = parsed(SAMPLE);
        assertThat(conf.entry("tcp_port").map(Entry::value)).contains(new Text("16509"));
        assertThat(conf.entries()).hasSize(11).contains(new Entry("tcp_port", new Text("1"), 21));
        assertThat(conf.entry("absent")).isEmpty();
    }

    @Test
    void plainValuesAreJavaValues() {
        assertThat(parsed(SAMPLE).entry("nested").orElseThrow().value().plain())
                .isEqualTo(List.of(List.of(1L, 2L), "a"));
    }

    @Test
    void commentedLinesAreNoSettings() {
        assertThat(parsed("#user = \"root\"\n").settings()).isEmpty();
        assertThat(parsed("# a\ruser = 'root'").settings()).containsKey("user");
    }

    @Test
    void aPasswordIsNotPrinted() {
        assertThat(parsed("vnc_password = \"XYZ12345\"\nvnc_tls = 1\n")
                        .entries()
                        .toString())
                .isEqualTo("[vnc_password = [redacted] (line 1), vnc_tls = 1 (line 2)]");
    }

    @Test
    void printsWhatItParsed() {
        for (String text : List.of(SAMPLE, "", "\r\n", "a=1", "a = 1\r\n# \u20ac\r\nb='\u00e9'")) {
            assertThat(parsed(text).text()).isEqualTo(text);
            assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
        }
        byte[] latin = "a = \"caf\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(value(LibvirtConf.parse(latin)).bytes()).isEqualTo(latin);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_a = 1|RF-LVC-002",
                "= 1|RF-LVC-002",
                ";|RF-LVC-002",
                "\ufeffa = 1|RF-LVC-002",
                "a|RF-LVC-003",
                "a-b = 1|RF-LVC-003",
                "a : 1|RF-LVC-003",
                "a =|RF-LVC-004",
                "a = yes|RF-LVC-004",
                "a = [ # c|RF-LVC-004",
                "a = \"x|RF-LVC-005",
                "a = 'x\"|RF-LVC-005",
                "a = \"\"\"xyz\"\"|RF-LVC-005",
                "a = -|RF-LVC-006",
                "a = 9223372036854775808|RF-LVC-006",
                "a = [ 1 2 ]|RF-LVC-007",
                "a = [ 1,|RF-LVC-007",
                "a = [|RF-LVC-007",
                "a = 1 b = 2|RF-LVC-008",
                "a = \"x\"y|RF-LVC-008",
                "a = 1x|RF-LVC-008"
            })
    void refusesWhatLibvirtRefuses(String text, String code) {
        assertThat(code(LibvirtConf.parse(bytes(text)))).isEqualTo(code);
    }

    @Test
    void refusesAValueInTheNextLine() {
        assertThat(code(LibvirtConf.parse(bytes("a =\n1")))).isEqualTo("RF-LVC-004");
        assertThat(code(LibvirtConf.parse(bytes("a = \"x\ny\"")))).isEqualTo("RF-LVC-005");
    }

    @Test
    void refusesDeepListsAndLargeFiles() {
        String deep = "a = " + "[".repeat(16) + "]".repeat(16);
        assertThat(parsed(deep).settings()).hasSize(1);
        assertThat(code(LibvirtConf.parse(bytes("a = " + "[".repeat(17) + "]".repeat(17)))))
                .isEqualTo("RF-LVC-009");
        assertThat(code(LibvirtConf.parse(new byte[(4 << 20) + 1]))).isEqualTo("RF-LVC-001");
    }

    @Test
    void theReasonNamesTheLine() {
        Decoded<LibvirtConf> refused = LibvirtConf.parse(bytes("a = 1\n\nb\n"));
        assertThat(refused).isInstanceOf(Decoded.Refused.class);
        assertThat(((Decoded.Refused<LibvirtConf>) refused).refusal().reason()).endsWith("in line 3");
    }

    @Test
    void setChangesTheValueInPlace() {
        LibvirtConf changed = value(parsed(SAMPLE).set("listen_tls", new Number(0)));
        assertThat(changed.text()).isEqualTo(SAMPLE.replace("listen_tls = 1   #", "listen_tls = 0   #"));
        LibvirtConf list = value(parsed(SAMPLE).set("cgroup_device_acl", LibvirtValue.texts(List.of("/dev/null"))));
        assertThat(list.text()).contains("\ncgroup_device_acl = [ \"/dev/null\" ]\n#namespaces = [\n");
    }

    @Test
    void setChangesTheSettingThatCounts() {
        LibvirtConf changed = value(parsed(SAMPLE).set("tcp_port", new Text("2")));
        assertThat(changed.text()).contains("  tcp_port=\"2\"\n").contains("\ntcp_port = \"1\"\n");
    }

    @Test
    void aNewSettingGoesBelowItsCommentedDefault() {
        assertThat(value(parsed("# x\n#vnc_tls = 1\n\n# y\n").set("vnc_tls", new Number(1)))
                        .text())
                .isEqualTo("# x\n#vnc_tls = 1\nvnc_tls = 1\n\n# y\n");
        assertThat(value(parsed(SAMPLE).set("namespaces", LibvirtValue.texts(List.of("mount"))))
                        .text())
                .contains("#   \"mount\"\n#]\nnamespaces = [ \"mount\" ]\noffset = -5\n");
    }

    @Test
    void aNewSettingWithoutADefaultGoesToTheEnd() {
        assertThat(value(parsed("a = 1").set("b", new Text("x"))).text()).isEqualTo("a = 1\nb = \"x\"\n");
        assertThat(value(parsed("a = 1\r\n").set("b", new Number(2))).text()).isEqualTo("a = 1\r\nb = 2\r\n");
        assertThat(value(parsed("").set("b", new Number(2))).text()).isEqualTo("b = 2\n");
    }

    @Test
    void whatLooksLikeACommentInsideATextIsNoPlaceForASetting() {
        String text = "t = \"\"\"a\n#user = 1\nb\"\"\"\n";
        assertThat(value(parsed(text).set("user", new Text("q"))).text()).isEqualTo(text + "user = \"q\"\n");
    }

    @Test
    void removeTakesEveryOccurrenceAndLeavesComments() {
        String text = "# a\na = 1\n  b = 2 # why\na = [\n 3\n] ; c = 4\nd = 5; a = 6\n";
        assertThat(value(parsed(text).remove("a")).text()).isEqualTo("# a\n  b = 2 # why\nc = 4\nd = 5; \n");
        assertThat(value(parsed(text).remove("b")).text())
                .isEqualTo("# a\na = 1\n  # why\na = [\n 3\n] ; c = 4\nd = 5; a = 6\n");
        assertThat(value(parsed(text).remove("z")).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with 'one'", "with \"two\"", "'\"both", "", "line\nbreak", "a\rb"})
    void textsComeBackThroughSet(String text) {
        LibvirtConf conf = value(parsed(SAMPLE).set("user", new Text(text)));
        assertThat(conf.entry("user").map(Entry::value)).isEqualTo(Optional.of(new Text(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'\"\"\"", "'\"both'\"", "nul\0"})
    void refusesTextsThatHaveNoNotation(String text) {
        assertThat(code(parsed(SAMPLE).set("user", new Text(text)))).isEqualTo("RF-LVC-010");
        assertThat(code(parsed(SAMPLE).set("acl", LibvirtValue.texts(List.of("ok", text)))))
                .isEqualTo("RF-LVC-010");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a=1\nb", "_x"})
    void refusesNamesThatCannotBeSet(String name) {
        assertThat(code(parsed(SAMPLE).set(name, new Number(1)))).isEqualTo("RF-LVC-010");
    }

    @Test
    void refusesTextThatTheFileCannotHold() {
        LibvirtConf latin = value(LibvirtConf.parse("a = '\u00e9'".getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(code(latin.set("a", new Text("\u20ac")))).isEqualTo("RF-LVC-010");
    }

    @Test
    void truncationAtEveryPositionNeverThrows() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            String cut = SAMPLE.substring(0, length);
            switch (LibvirtConf.parse(bytes(cut))) {
                case Decoded.Value<LibvirtConf> value ->
                    assertThat(value.value().text()).isEqualTo(cut);
                case Decoded.Refused<LibvirtConf> refused ->
                    assertThat(refused.refusal().code()).startsWith("RF-LVC-");
            }
        }
    }

    @Test
    void mutatedFilesPrintAsTheyWereAndTakeEdits() {
        Fuzz.bytes(List.of(bytes(SAMPLE), bytes("a=1;b=2\r\n#c = 1\n")), 5_000, bytes -> {
            if (LibvirtConf.parse(bytes) instanceof Decoded.Value<LibvirtConf>(LibvirtConf conf)) {
                assertThat(conf.bytes()).isEqualTo(bytes);
                for (String key : List.of("user", "listen_tls", "new_key")) {
                    LibvirtConf set = value(conf.set(key, new Text("v")));
                    assertThat(set.entry(key).map(Entry::value)).contains(new Text("v"));
                    LibvirtConf removed = value(set.remove(key));
                    assertThat(removed.entry(key)).isEmpty();
                    assertThat(others(removed, key)).isEqualTo(others(conf, key));
                }
            }
        });
    }

    private static List<LibvirtValue> others(LibvirtConf conf, String key) {
        return conf.entries().stream()
                .filter(e -> !e.key().equals(key))
                .map(Entry::value)
                .toList();
    }
}
