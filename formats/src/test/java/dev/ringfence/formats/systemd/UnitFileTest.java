package dev.ringfence.formats.systemd;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.systemd.UnitFile.Entry;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {
    private static final String SAMPLE = """
            # comment
            Early=ignored
            [Unit]
            Description=A \\
            # a comment in between
              daemon
            ; another

            [Service]
            ExecStart=/usr/sbin/libvirtd $ARGS
            LimitNOFILE = 8192
            Environment=A=1
            Environment=
            Environment="B=2"
            not an assignment

            [Install]
            WantedBy=multi-user.target
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UnitFile parsed(String text) {
        return value(UnitFile.parse(bytes(text)));
    }

    @Test
    void readsAssignmentsWithTheirSections() {
        assertThat(parsed(SAMPLE).entries())
                .containsExactly(
                        new Entry("", "Early", "ignored", 2),
                        new Entry("Unit", "Description", "A  daemon", 4),
                        new Entry("Service", "ExecStart", "/usr/sbin/libvirtd $ARGS", 10),
                        new Entry("Service", "LimitNOFILE", "8192", 11),
                        new Entry("Service", "Environment", "A=1", 12),
                        new Entry("Service", "Environment", "", 13),
                        new Entry("Service", "Environment", "\"B=2\"", 14),
                        new Entry("Install", "WantedBy", "multi-user.target", 18));
        assertThat(parsed(SAMPLE).values("Service", "Environment")).containsExactly("\"B=2\"");
        assertThat(parsed(SAMPLE).values("Unit", "Environment")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLE, "", "\n", "[A]", "[A]\r\nB=1\r\n", "\ufeff[A]\nB=1", "A=\\\n", "[]\n=\n"})
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
    }

    @Test
    void aDropInIsMadeFromNothing() {
        UnitFile dropIn = value(parsed("").set("Service", "LimitNOFILE", "1024"));
        assertThat(dropIn.text()).isEqualTo("[Service]\nLimitNOFILE=1024\n");
        assertThat(value(dropIn.add("Service", "Environment", "A=1")).text())
                .isEqualTo("[Service]\nLimitNOFILE=1024\nEnvironment=A=1\n");
    }

    @Test
    void setChangesTheLastAssignmentInPlace() {
        UnitFile changed = value(parsed(SAMPLE).set("Service", "LimitNOFILE", "1"));
        assertThat(changed.text()).isEqualTo(SAMPLE.replace("= 8192", "= 1"));
        assertThat(value(changed.set("Service", "LimitNOFILE", "8192")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed(SAMPLE).set("Unit", "Description", "B")).text())
                .contains("[Unit]\nDescription=B\n; another\n");
        assertThat(value(parsed(SAMPLE).set("Service", "Environment", "C=3")).text())
                .contains("Environment=\nEnvironment=C=3\n");
    }

    @Test
    void whatIsNewGoesToTheEndOfItsSectionAndComesOffAgain() {
        UnitFile added = value(parsed(SAMPLE).set("Service", "NoNewPrivileges", "yes"));
        assertThat(added.text()).contains("not an assignment\nNoNewPrivileges=yes\n\n[Install]");
        assertThat(value(added.remove("Service", "NoNewPrivileges")).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed("[A]\nB=1").set("C", "D", "2")).text()).isEqualTo("[A]\nB=1\n\n[C]\nD=2\n");
        assertThat(value(parsed("[A]\r\nB=1\r\n").set("A", "C", "2")).text()).isEqualTo("[A]\r\nB=1\r\nC=2\r\n");
    }

    @Test
    void removeTakesContinuedLinesAsWell() {
        assertThat(value(parsed(SAMPLE).remove("Unit", "Description")).text())
                .contains("[Unit]\n; another\n\n[Service]\n");
        assertThat(value(parsed(SAMPLE).remove("Service", "Environment")).entries())
                .hasSize(5);
        assertThat(value(parsed(SAMPLE).remove("Service", "Absent")).text()).isEqualTo(SAMPLE);
    }

    @ParameterizedTest
    @CsvSource({"A]B,C,1", "A,B=C,1", "A,#B,1", "A,B,' x'", "A,B,x\\", "'',B,1"})
    void refusesWhatALineCannotHold(String section, String key, String value) {
        assertThat(code(parsed(SAMPLE).set(section, key, value))).isEqualTo("RF-SDU-004");
    }

    @Test
    void refusesASecondLineInAValue() {
        assertThat(code(parsed(SAMPLE).add("A", "B", "1\n[C]"))).isEqualTo("RF-SDU-004");
    }

    @Test
    void refusesToAddBehindALineThatGoesOn() {
        assertThat(code(parsed("[A]\nB=1 \\").add("A", "C", "2"))).isEqualTo("RF-SDU-004");
        assertThat(value(parsed("[A]\nB=1 \\").set("A", "B", "2")).text()).isEqualTo("[A]\nB=2");
    }

    @Test
    void refusesFilesThatSystemdRefuses() {
        assertThat(code(UnitFile.parse(bytes("[A\nB=1\n")))).isEqualTo("RF-SDU-003");
        assertThat(code(UnitFile.parse(new byte[1]))).isEqualTo("RF-SDU-002");
        assertThat(code(UnitFile.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-SDU-001");
        assertThat(code(parsed("#".repeat(1 << 20)).add("A", "B", "1"))).isEqualTo("RF-SDU-001");
    }

    @Test
    void anyTextPrintsAsItWasAndEditsChangeOneKey() {
        Fuzz.text(List.of(SAMPLE, SAMPLE.replace("\n", "\r\n")), 3_000, text -> {
            if (!(UnitFile.parse(bytes(text)) instanceof Decoded.Value<UnitFile>(UnitFile unit))) {
                return;
            }
            assertThat(unit.bytes()).isEqualTo(bytes(text));
            for (String key : List.of("LimitNOFILE", "NoNewPrivileges")) {
                if (unit.set("Service", key, "7") instanceof Decoded.Value<UnitFile>(UnitFile set)) {
                    assertThat(set.values("Service", key)).endsWith("7");
                    assertThat(others(set, key)).isEqualTo(others(unit, key));
                }
                if (unit.remove("Service", key) instanceof Decoded.Value<UnitFile>(UnitFile removed)) {
                    assertThat(removed.values("Service", key)).isEmpty();
                    assertThat(others(removed, key)).isEqualTo(others(unit, key));
                }
            }
        });
    }

    private static List<String> others(UnitFile unit, String key) {
        return unit.entries().stream()
                .filter(e -> !e.key().equals(key))
                .map(e -> e.section() + "/" + e.key() + "=" + e.value())
                .toList();
    }

    @Test
    void everyTruncationIsReadOrRefused() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            String text = SAMPLE.substring(0, length);
            if (UnitFile.parse(bytes(text)) instanceof Decoded.Value<UnitFile>(UnitFile unit)) {
                assertThat(unit.text()).isEqualTo(text);
            }
        }
    }
}
