package dev.ringfence.formats.sshd;

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

class SshdFileTest {
    private static final String SAMPLE = """
            Include /etc/ssh/sshd_config.d/*.conf
            #PermitRootLogin prohibit-password
            PermitRootLogin yes   # for now
            permitrootlogin no
            Banner = "/etc/issue net"
            KbdInteractiveAuthentication\tno

            Match User anoncvs
                PasswordAuthentication no
                X11Forwarding no
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SshdFile parsed(String text) {
        return value(SshdFile.parse(bytes(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLE, "", "\n", "A b", "A b\r\n#c\r\n", "\"A\" b\n"})
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
    }

    @Test
    void setChangesTheLineThatSshdUses() {
        SshdFile changed = value(parsed(SAMPLE).set("PermitRootLogin", "prohibit-password"));
        assertThat(changed.text()).isEqualTo(SAMPLE.replace("yes   #", "prohibit-password   #"));
        assertThat(value(changed.set("PermitRootLogin", "yes")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed(SAMPLE).set("banner", "none")).text()).contains("Banner = none\n");
        assertThat(value(parsed("A b\r\n").set("a", "c")).text()).isEqualTo("A c\r\n");
    }

    @Test
    void whatIsNewGoesBeforeTheFirstMatchAndComesOffAgain() {
        SshdFile added = value(parsed(SAMPLE).set("PasswordAuthentication", "no"));
        assertThat(added.text()).contains("\n\nPasswordAuthentication no\nMatch User anoncvs\n");
        assertThat(added.config().global("passwordauthentication").map(Directive::value))
                .contains("no");
        assertThat(value(added.remove("PasswordAuthentication")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed("").set("PasswordAuthentication", "no")).text())
                .isEqualTo("PasswordAuthentication no\n");
        assertThat(value(parsed("A b").set("C", "d e")).text()).isEqualTo("A b\nC d e\n");
    }

    @Test
    void removeLeavesMatchBlocksAlone() {
        assertThat(value(parsed(SAMPLE).remove("PasswordAuthentication")).text())
                .isEqualTo(SAMPLE);
        assertThat(value(parsed(SAMPLE).remove("PermitRootLogin")).text())
                .isEqualTo(
                        SAMPLE.replace("PermitRootLogin yes   # for now\n", "").replace("permitrootlogin no\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HostKey", "match", "Include", "AllowUsers", "Port"})
    void refusesKeywordsThatAddUp(String keyword) {
        assertThat(code(parsed(SAMPLE).set(keyword, "x"))).isEqualTo("RF-SHD-004");
        assertThat(code(parsed(SAMPLE).remove(keyword))).isEqualTo("RF-SHD-004");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"A B|x", "#A|x", "Banner|~~", "Banner| \"x", "Banner|# x", "Banner|~ x~"})
    void refusesWhatALineCannotHold(String keyword, String value) {
        assertThat(code(parsed(SAMPLE).set(keyword, value == null ? "" : value)))
                .isEqualTo("RF-SHD-005");
    }

    @Test
    void refusesASecondLine() {
        assertThat(code(parsed(SAMPLE).set("Banner", "none\nPermitRootLogin yes")))
                .isEqualTo("RF-SHD-005");
        assertThat(code(SshdFile.parse(bytes("A \"b\nC d")))).isEqualTo("RF-SHD-002");
    }

    @Test
    void anyTextPrintsAsItWasAndEditsChangeOneKeyword() {
        Fuzz.text(List.of(SAMPLE), 3_000, text -> {
            if (!(SshdFile.parse(bytes(text)) instanceof Decoded.Value<SshdFile>(SshdFile file))) {
                return;
            }
            assertThat(file.bytes()).isEqualTo(bytes(text));
            for (String keyword : List.of("PermitRootLogin", "PasswordAuthentication")) {
                if (file.set(keyword, "never") instanceof Decoded.Value<SshdFile>(SshdFile set)) {
                    assertThat(set.config().global(keyword).map(Directive::value))
                            .contains("never");
                    assertThat(others(set, keyword)).isEqualTo(others(file, keyword));
                }
                assertThat(others(value(file.remove(keyword)), keyword)).isEqualTo(others(file, keyword));
            }
        });
    }

    private static List<String> others(SshdFile file, String keyword) {
        return file.config().directives().stream()
                .filter(d -> !d.keyword().equalsIgnoreCase(keyword))
                .map(d -> d.match() + d.keyword() + d.args())
                .toList();
    }
}
