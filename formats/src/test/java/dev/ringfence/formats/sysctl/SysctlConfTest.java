package dev.ringfence.formats.sysctl;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.sysctl.SysctlConf.Setting;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlConfTest {
    private static final String SAMPLE = """
            # Kernel
            ; also a comment = 1
            kernel.kptr_restrict = 1
              net/ipv4/conf/eth0.100/rp_filter=2\t
            net.ipv4.conf.eth0/100.log_martians = 1
            -net.ipv4.conf.*.accept_source_route = 0
            -net.ipv4.conf.all.rp_filter
            kernel.core_pattern = |/bin/false %p # no comment
            not an assignment
            #kernel.dmesg_restrict = 1

            kernel.kptr_restrict=0
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SysctlConf parsed(String text) {
        return value(SysctlConf.parse(bytes(text)));
    }

    @Test
    void readsSettingsInEitherSpelling() {
        assertThat(parsed(SAMPLE).settings())
                .containsExactly(
                        new Setting("kernel.kptr_restrict", "1", false, 3),
                        new Setting("net.ipv4.conf.eth0/100.rp_filter", "2", false, 4),
                        new Setting("net.ipv4.conf.eth0/100.log_martians", "1", false, 5),
                        new Setting("net.ipv4.conf.*.accept_source_route", "0", true, 6),
                        new Setting("kernel.core_pattern", "|/bin/false %p # no comment", false, 8),
                        new Setting("kernel.kptr_restrict", "0", false, 12));
    }

    @Test
    void theLastOfTwoCounts() {
        assertThat(parsed(SAMPLE).setting("kernel/kptr_restrict").map(Setting::line))
                .contains(12);
        assertThat(parsed(SAMPLE).setting("kernel.dmesg_restrict")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLE, "", "\n\n", "a.b=1", "a.b = 1\r\n#x\r\n", "= 1\n", "-\n-=\n=", "\ufeffa.b=1\n"})
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
        assertThat(parsed(text).text()).isEqualTo(text);
    }

    @Test
    void printsBytesThatAreNoUtf8() {
        byte[] latin = "# caf\u00e9\na.b=1".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(value(SysctlConf.parse(latin)).bytes()).isEqualTo(latin);
        assertThat(code(value(SysctlConf.parse(latin)).set("a.b", "\u20ac"))).isEqualTo("RF-SCT-003");
    }

    @Test
    void setChangesTheSettingThatCountsInPlace() {
        SysctlConf changed = value(parsed(SAMPLE).set("kernel.kptr_restrict", "2"));
        assertThat(changed.text()).isEqualTo(SAMPLE.replace("kptr_restrict=0", "kptr_restrict=2"));
        assertThat(value(changed.set("kernel.kptr_restrict", "0")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed(SAMPLE).set("net.ipv4.conf.eth0/100.rp_filter", "1"))
                        .text())
                .contains("eth0.100/rp_filter=1\t\n");
    }

    @Test
    void aNewSettingGoesBelowItsCommentOrToTheEnd() {
        SysctlConf below = value(parsed(SAMPLE).set("kernel.dmesg_restrict", "1"));
        assertThat(below.text()).contains("#kernel.dmesg_restrict = 1\nkernel.dmesg_restrict = 1\n\n");
        assertThat(value(below.remove("kernel.dmesg_restrict")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed("a.b=1").set("c.d", "2")).text()).isEqualTo("a.b=1\nc.d = 2\n");
        assertThat(value(parsed("a.b=1\r\n").set("c.d", "2")).text()).isEqualTo("a.b=1\r\nc.d = 2\r\n");
        assertThat(value(parsed("").set("c.d", "2")).text()).isEqualTo("c.d = 2\n");
    }

    @Test
    void removeTakesEveryLineOfTheSetting() {
        assertThat(value(parsed(SAMPLE).remove("kernel.kptr_restrict")).text())
                .isEqualTo(SAMPLE.replace("kernel.kptr_restrict = 1\n", "").replace("kernel.kptr_restrict=0\n", ""));
        assertThat(value(parsed(SAMPLE).remove("kernel.absent")).text()).isEqualTo(SAMPLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"kernel|1", "#a.b|1", "a.b=c|1", "a b.c|1", "-a.b|1", "a.|1", "../a.b|1", "a.b|' x'", "a.b|''"})
    void refusesWhatALineCannotHold(String name, String value) {
        assertThat(code(parsed(SAMPLE).set(name, value))).isEqualTo("RF-SCT-003");
    }

    @Test
    void refusesASecondLineInAValue() {
        assertThat(code(parsed(SAMPLE).set("a.b", "1\nc.d = 2"))).isEqualTo("RF-SCT-003");
        assertThat(value(parsed(SAMPLE).set("a.b", "1 c.d = 2")).setting("c.d")).isEmpty();
    }

    @Test
    void refusesLargeFilesAndNul() {
        assertThat(code(SysctlConf.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-SCT-001");
        assertThat(code(SysctlConf.parse(new byte[1]))).isEqualTo("RF-SCT-002");
        assertThat(value(SysctlConf.parse(bytes("#".repeat(1 << 20)))).settings())
                .isEmpty();
        assertThat(code(parsed("#".repeat(1 << 20)).set("a.b", "1"))).isEqualTo("RF-SCT-001");
    }

    @Test
    void anyTextPrintsAsItWasAndEditsChangeOneSetting() {
        Fuzz.text(List.of(SAMPLE, SAMPLE.replace("\n", "\r\n")), 3_000, text -> {
            if (!(SysctlConf.parse(bytes(text)) instanceof Decoded.Value<SysctlConf>(SysctlConf conf))) {
                return;
            }
            assertThat(conf.bytes()).isEqualTo(bytes(text));
            for (String name : List.of("kernel.kptr_restrict", "net.ipv4.ip_forward")) {
                if (conf.set(name, "7") instanceof Decoded.Value<SysctlConf>(SysctlConf set)) {
                    assertThat(set.setting(name).map(Setting::value)).isEqualTo(Optional.of("7"));
                    assertThat(others(set, name)).isEqualTo(others(conf, name));
                    assertThat(value(set.set(name, "7")).text()).isEqualTo(set.text());
                    conf.setting(name)
                            .filter(s -> s.value().matches("[!-~]([ -~]*[!-~])?"))
                            .ifPresent(was -> assertThat(undone(set, was)).isEqualTo(conf.text()));
                }
                assertThat(others(value(conf.remove(name)), name)).isEqualTo(others(conf, name));
            }
        });
    }

    private static String undone(SysctlConf set, Setting was) {
        Decoded<SysctlConf> back = set.set(was.name(), was.value());
        return back instanceof Decoded.Value<SysctlConf>(SysctlConf conf) ? conf.text() : "refused";
    }

    private static List<String> others(SysctlConf conf, String name) {
        return conf.settings().stream()
                .filter(s -> !s.name().equals(name))
                .map(s -> s.name() + "=" + s.value())
                .toList();
    }

    @Test
    void everyTruncationIsReadWithoutAThrow() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            String text = SAMPLE.substring(0, length);
            assertThat(parsed(text).text()).isEqualTo(text);
            assertThat(value(parsed(text).set("a.b", "1")).text()).contains("a.b = 1");
        }
    }
}
