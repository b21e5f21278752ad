package dev.ringfence.formats.modprobe;

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

class ModprobeConfTest {
    private static final String SAMPLE = """
            # comment
            options kvm_intel nested=1 ept=Y
            options kvm-intel  vmentry_l1d_flush=never\tnested=0
            blacklist firewire-core
            install usb_storage /bin/false
            alias net-pf-31 off
            softdep snd pre: \\
              snd_seq
            options snd index="1 2" slots=a,b
            options bare parameter

            remove iwlwifi /sbin/rmmod iwlwifi; true
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ModprobeConf parsed(String text) {
        return value(ModprobeConf.parse(bytes(text)));
    }

    @Test
    void readsDirectivesInTheKernelsSpelling() {
        ModprobeConf conf = parsed(SAMPLE);
        assertThat(conf.directives().stream().map(d -> d.line() + " " + d.command() + " " + d.module()))
                .containsExactly(
                        "2 options kvm_intel",
                        "3 options kvm_intel",
                        "4 blacklist firewire_core",
                        "5 install usb_storage",
                        "6 alias net_pf_31",
                        "7 softdep snd",
                        "9 options snd",
                        "10 options bare",
                        "12 remove iwlwifi");
        assertThat(conf.option("kvm-intel", "nested")).contains("0");
        assertThat(conf.option("kvm_intel", "ept")).contains("Y");
        assertThat(conf.option("kvm_intel", "absent")).isEmpty();
        assertThat(conf.option("bare", "parameter")).contains("");
        assertThat(conf.option("snd", "index")).contains("\"1 2\"");
        assertThat(conf.blacklisted("firewire_core")).isTrue();
        assertThat(conf.blacklisted("usb-storage")).isFalse();
        assertThat(conf.install("usb-storage")).contains("/bin/false");
        assertThat(conf.directives().get(5).rest(2)).isEqualTo("pre: snd_seq");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {SAMPLE, "", "\n", "blacklist", "blacklist x", "options a b=\"c", "\\", "a\\\n", "#a\\\nb\n"})
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
    }

    @Test
    void setChangesTheValueThatCountsInPlace() {
        ModprobeConf changed = value(parsed(SAMPLE).setOption("kvm_intel", "nested", "1"));
        assertThat(changed.text()).isEqualTo(SAMPLE.replace("\tnested=0", "\tnested=1"));
        assertThat(value(changed.setOption("kvm_intel", "nested", "0")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed(SAMPLE).setOption("bare", "parameter", "1")).text())
                .contains("options bare parameter=1\n");
    }

    @Test
    void whatIsNewGoesToTheEndAndComesOffAgain() {
        ModprobeConf conf = parsed(SAMPLE);
        assertThat(value(conf.setOption("kvm", "nx_huge_pages", "auto")).text())
                .isEqualTo(SAMPLE + "options kvm nx_huge_pages=auto\n");
        assertThat(value(value(conf.setOption("kvm", "nx_huge_pages", "auto")).removeOption("kvm", "nx_huge_pages"))
                        .text())
                .isEqualTo(SAMPLE);
        assertThat(value(value(conf.blacklist("sctp")).removeBlacklist("sctp")).text())
                .isEqualTo(SAMPLE);
        assertThat(value(value(conf.setInstall("sctp", "/bin/false")).removeInstall("sctp"))
                        .text())
                .isEqualTo(SAMPLE);
        assertThat(value(conf.blacklist("firewire-core")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed("blacklist a").blacklist("b")).text()).isEqualTo("blacklist a\nblacklist b\n");
    }

    @Test
    void aCarriageReturnIsAPartOfTheWordAndIsNotWritten() {
        assertThat(parsed("blacklist a\r\n").blacklisted("a")).isFalse();
        assertThat(value(parsed("# x\r\n").blacklist("a")).text()).isEqualTo("# x\r\nblacklist a\n");
    }

    @Test
    void removeTakesOneParameterOrAWholeLine() {
        assertThat(value(parsed(SAMPLE).removeOption("kvm_intel", "nested")).text())
                .isEqualTo(SAMPLE.replace(" nested=1", "").replace("\tnested=0", ""));
        assertThat(value(parsed(SAMPLE).removeOption("bare", "parameter")).text())
                .isEqualTo(SAMPLE.replace("options bare parameter\n", ""));
        assertThat(value(parsed(SAMPLE).removeBlacklist("firewire_core")).text())
                .isEqualTo(SAMPLE.replace("blacklist firewire-core\n", ""));
        assertThat(value(parsed(SAMPLE).removeInstall("usb_storage")).text())
                .isEqualTo(SAMPLE.replace("install usb_storage /bin/false\n", ""));
        assertThat(value(parsed(SAMPLE).removeOption("kvm", "absent")).text()).isEqualTo(SAMPLE);
    }

    @Test
    void setInstallReplacesTheCommand() {
        assertThat(value(parsed("install a /bin/x --y  $CMDLINE\n").setInstall("a", "/bin/false"))
                        .text())
                .isEqualTo("install a /bin/false\n");
    }

    @ParameterizedTest
    @CsvSource({"a b,c,1", "a,b c,1", "a,b,1 2", "a,b,''", "#a,b,1", "a,b,1\\", "a,b=c,1"})
    void refusesWhatALineCannotHold(String module, String parameter, String value) {
        assertThat(code(parsed(SAMPLE).setOption(module, parameter, value))).isEqualTo("RF-MPD-003");
    }

    @Test
    void refusesCommandsWithLineEnds() {
        assertThat(code(parsed("").setInstall("a", "/bin/x\nblacklist b"))).isEqualTo("RF-MPD-003");
        assertThat(code(parsed("").blacklist("a\nb"))).isEqualTo("RF-MPD-003");
    }

    @Test
    void refusesLinesThatOnlyKmodCouldRead() {
        assertThat(code(parsed("options a b=\\\n1\n").setOption("a", "b", "2"))).isEqualTo("RF-MPD-004");
        assertThat(code(parsed("options a b=\"1\n").removeOption("a", "b"))).isEqualTo("RF-MPD-004");
        assertThat(code(parsed("blacklist a\\").blacklist("b"))).isEqualTo("RF-MPD-004");
        assertThat(value(parsed("options a b=1\n").setOption("a", "b", "2")).text())
                .isEqualTo("options a b=2\n");
    }

    @Test
    void refusesLargeFilesAndNul() {
        assertThat(code(ModprobeConf.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-MPD-001");
        assertThat(code(ModprobeConf.parse(new byte[1]))).isEqualTo("RF-MPD-002");
        assertThat(code(parsed("#".repeat(1 << 20)).blacklist("a"))).isEqualTo("RF-MPD-001");
    }

    @Test
    void anyTextPrintsAsItWasAndEditsHold() {
        Fuzz.text(List.of(SAMPLE), 3_000, text -> {
            if (!(ModprobeConf.parse(bytes(text)) instanceof Decoded.Value<ModprobeConf>(ModprobeConf conf))) {
                return;
            }
            assertThat(conf.bytes()).isEqualTo(bytes(text));
            if (conf.setOption("kvm_intel", "nested", "7") instanceof Decoded.Value<ModprobeConf>(ModprobeConf set)) {
                assertThat(set.option("kvm_intel", "nested")).contains("7");
                assertThat(others(set)).isEqualTo(others(conf));
            }
            if (conf.removeOption("kvm_intel", "nested") instanceof Decoded.Value<ModprobeConf>(ModprobeConf removed)) {
                assertThat(removed.option("kvm_intel", "nested")).isEmpty();
                assertThat(others(removed)).isEqualTo(others(conf));
            }
            conf.blacklist("sctp");
            conf.setInstall("usb_storage", "/bin/true");
            conf.removeBlacklist("firewire_core");
        });
    }

    private static List<String> others(ModprobeConf conf) {
        return conf.directives().stream()
                .filter(d -> !d.module().equals("kvm_intel"))
                .map(d -> d.command() + " " + d.rest(1))
                .toList();
    }

    @Test
    void everyTruncationIsReadWithoutAThrow() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            String text = SAMPLE.substring(0, length);
            assertThat(parsed(text).text()).isEqualTo(text);
        }
    }
}
