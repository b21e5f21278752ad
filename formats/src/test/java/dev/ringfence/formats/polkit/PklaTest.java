package dev.ringfence.formats.polkit;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PklaTest {
    private static final String SAMPLE = """
            # local rules
            [Operators manage libvirt]
            Identity=unix-group:libvirt;unix-user:ops;
            Action=org.libvirt.unix.manage;org.libvirt.unix.monitor
            ResultAny=no
            ResultInactive=no
            ResultActive=yes

            [Everybody]
            Identity = unix-user:*
            Action = org.libvirt.*
            ResultAny = yes
            """;

    private static Pkla parsed(String text) {
        return value(Pkla.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsEntries() {
        assertThat(parsed(SAMPLE).entries())
                .containsExactly(
                        new Pkla.Entry(
                                "Operators manage libvirt",
                                List.of("unix-group:libvirt", "unix-user:ops"),
                                List.of("org.libvirt.unix.manage", "org.libvirt.unix.monitor"),
                                "no",
                                "no",
                                "yes",
                                2),
                        new Pkla.Entry(
                                "Everybody", List.of("unix-user:*"), List.of("org.libvirt.*"), "yes", "", "", 9));
    }

    @Test
    void saysWhomItLetsIn() {
        Pkla.Entry operators = parsed(SAMPLE).entries().getFirst();
        Pkla.Entry everybody = parsed(SAMPLE).entries().getLast();
        assertThat(operators.allows()).isTrue();
        assertThat(operators.everybody()).isFalse();
        assertThat(everybody.everybody()).isTrue();
        assertThat(parsed("[a]\nIdentity=default\nResultAny=auth_admin\n")
                        .entries()
                        .getFirst()
                        .everybody())
                .isTrue();
        assertThat(parsed("[a]\nResultAny=auth_admin\n").entries().getFirst().allows())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "org.libvirt.unix.manage,true",
        "org.libvirt.*,true",
        "*,true",
        "org.*.manage,true",
        "org.*.monitor,false",
        "org.libvirt.unix.manag,false",
        "org.libvirt.unix.manage?,false",
        "org.libvirt.unix.manag?,true",
        "'',false"
    })
    void patternsCoverActions(String pattern, boolean covered) {
        Pkla pkla = parsed("[a]\nAction=" + pattern + "\n");
        assertThat(pkla.entries().getFirst().covers("org.libvirt.unix.manage")).isEqualTo(covered);
    }

    @Test
    void refusesOtherText() {
        assertThat(code(Pkla.parse("[a]\nword\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-PLK-002");
        assertThat(code(Pkla.parse("Action=x\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-PLK-003");
        assertThat(code(Pkla.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-PLK-001");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            assertThat(Pkla.parse(SAMPLE.substring(0, length).getBytes(StandardCharsets.UTF_8)))
                    .isNotNull();
        }
        Fuzz.bytes(
                List.of(SAMPLE.getBytes(StandardCharsets.UTF_8)),
                3_000,
                bytes -> assertThat(Pkla.parse(bytes)).isNotNull());
    }
}
