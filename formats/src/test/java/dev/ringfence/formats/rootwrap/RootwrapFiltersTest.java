package dev.ringfence.formats.rootwrap;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootwrapFiltersTest {
    private static final String SAMPLE = """
            # filters of a service
            [DEFAULT]
            common: CommandFilter, common, root

            [Filters]
            Stop = KillFilter, root, /usr/sbin/dnsmasq, -9, -HUP
            read: ReadFileFilter, /etc/iscsi/initiatorname.iscsi
            lvs: EnvFilter, env, root, LC_ALL=C, LVM_X=, lvs
            privsep: PathFilter, privsep-helper, root,
             --config-file, /etc,
                # a comment does not end it
             pass
            bare: EnvFilter, env, root, LC_ALL=C
            short: CommandFilter, x
            strange: NoSuchFilter, y, root
            twice: CommandFilter, first, root
            twice: CommandFilter, second, nova

            [Other]
            ignored: CommandFilter, z, root
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsEveryClassOfFilter() {
        assertThat(value(RootwrapFilters.parse(bytes(SAMPLE))).filters())
                .containsExactly(
                        new Filter("common", "CommandFilter", "common", "root", List.of(), List.of(), 3),
                        new Filter(
                                "stop",
                                "KillFilter",
                                "/bin/kill",
                                "root",
                                List.of("/usr/sbin/dnsmasq", "-9", "-HUP"),
                                List.of(),
                                6),
                        new Filter(
                                "read",
                                "ReadFileFilter",
                                "/bin/cat",
                                "root",
                                List.of("/etc/iscsi/initiatorname.iscsi"),
                                List.of(),
                                7),
                        new Filter(
                                "lvs",
                                "EnvFilter",
                                "lvs",
                                "root",
                                List.of("LC_ALL=C", "LVM_X=", "lvs"),
                                List.of("LC_ALL", "LVM_X"),
                                8),
                        new Filter(
                                "privsep",
                                "PathFilter",
                                "privsep-helper",
                                "root",
                                List.of("--config-file", "/etc", "pass"),
                                List.of(),
                                9),
                        new Filter("bare", "EnvFilter", "env", "root", List.of("LC_ALL=C"), List.of("LC_ALL"), 13),
                        new Filter("short", "CommandFilter", "x", "", List.of(), List.of(), 14),
                        new Filter("strange", "NoSuchFilter", "y", "root", List.of(), List.of(), 15),
                        new Filter("twice", "CommandFilter", "second", "nova", List.of(), List.of(), 17));
    }

    @Test
    void refusesWhatRootwrapCannotLoad() {
        assertThat(code(RootwrapFilters.parse(bytes("[Other]\na: b\n")))).isEqualTo("RF-RWF-004");
        assertThat(code(RootwrapFilters.parse(bytes("a: b\n[Filters]\n")))).isEqualTo("RF-RWF-002");
        assertThat(code(RootwrapFilters.parse(bytes("[Filters]\nword\n")))).isEqualTo("RF-RWF-003");
        assertThat(code(RootwrapFilters.parse(bytes("[Filters]\n= x\n")))).isEqualTo("RF-RWF-003");
        assertThat(code(RootwrapFilters.parse(new byte[(4 << 20) + 1]))).isEqualTo("RF-RWF-001");
    }

    @Test
    void readsRootwrapConf() {
        RootwrapConf conf = value(RootwrapConf.parse(bytes("""
                [DEFAULT]
                filters_path=/etc/nova/rootwrap.d, /usr/share/nova/rootwrap
                exec_dirs=/sbin,/usr/bin
                Use_Syslog=True
                syslog_log_facility=local0
                syslog_log_level=ERROR
                daemon_timeout=600
                rlimit_nofile=1024
                """)));
        assertThat(conf)
                .isEqualTo(new RootwrapConf(
                        List.of("/etc/nova/rootwrap.d", "/usr/share/nova/rootwrap"),
                        List.of("/sbin", "/usr/bin"),
                        "True",
                        "local0",
                        "ERROR",
                        "600",
                        "1024"));
        assertThat(value(RootwrapConf.parse(bytes("[DEFAULT]\n"))).filtersPath())
                .isEmpty();
        assertThat(code(RootwrapConf.parse(bytes("filters_path=/x\n")))).isEqualTo("RF-RWF-002");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            assertThat(RootwrapFilters.parse(bytes(SAMPLE.substring(0, length))))
                    .isNotNull();
        }
        Fuzz.bytes(List.of(bytes(SAMPLE)), 4_000, bytes -> {
            assertThat(RootwrapConf.parse(bytes)).isNotNull();
            if (RootwrapFilters.parse(bytes) instanceof Decoded.Value<RootwrapFilters>(RootwrapFilters filters)) {
                filters.filters().forEach(f -> assertThat(FilterLint.judge(f)).isNotNull());
            }
        });
    }
}
