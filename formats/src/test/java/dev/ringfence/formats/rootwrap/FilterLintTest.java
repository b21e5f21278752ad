package dev.ringfence.formats.rootwrap;

import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.rootwrap.FilterLint.Reach;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterLintTest {
    private static FilterLint.Verdict judged(String line) {
        byte[] bytes = ("[Filters]\nf: " + line + "\n").getBytes(StandardCharsets.UTF_8);
        return FilterLint.judge(value(RootwrapFilters.parse(bytes)).filters().getFirst());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "CommandFilter, sh, root;ROOT",
                "CommandFilter, /usr/bin/python3.11, root;ROOT",
                "CommandFilter, mkfs.ext4, root;ROOT",
                "CommandFilter, dd, 0;ROOT",
                "CommandFilter, mount, root;ROOT",
                "CommandFilter, tee, root;ROOT",
                "CommandFilter, chmod, root;ROOT",
                "CommandFilter, chown, root;ROOT",
                "CommandFilter, cat, root;ROOT",
                "CommandFilter, ip, root;ROOT",
                "CommandFilter, privsep-helper, root;ROOT",
                "CommandFilter, sh, nova;NARROW",
                "CommandFilter, sh;NARROW",
                "CommandFilter, ovs-vsctl, root;WIDE",
                "IpFilter, ip, root;WIDE",
                "IpNetnsExecFilter, ip, root;NARROW",
                "ChainingRegExpFilter, ionice, root, ionice, -c[0-3];NARROW",
                "EnvFilter, env, root, LC_ALL=C;ROOT",
                "EnvFilter, env, root, LC_ALL=C, lvs;WIDE",
                "EnvFilter, env, root, LC_ALL=C, dd;ROOT",
                "EnvFilter, env, root, LD_PRELOAD=, lvs;ROOT",
                "RegExpFilter, cat, root, cat, /sys/.*;ROOT",
                "RegExpFilter, cat, root, cat, /sys/class/net/eth0;NARROW",
                "RegExpFilter, sleep, root, sleep, \\d+;NARROW",
                "RegExpFilter, haproxy, root, haproxy, -f, .*;WIDE",
                "RegExpFilter, find, root, find, [^/]+, -name;ROOT",
                "RegExpFilter, tee, root, tee, (a|.)+;ROOT",
                "RegExpFilter, tee, root, tee, \\S+;ROOT",
                "RegExpFilter, tee, root, tee, \\.\\*;NARROW",
                "RegExpFilter, tee, root, tee, [.*]+;NARROW",
                "RegExpFilter, tee, root, tee, a.b;NARROW",
                "RegExpFilter, tee, root, tee, (x.y)+;ROOT",
                "RegExpFilter, tee, root, tee, x\\\\.*;ROOT",
                "PathFilter, chown, root, nova, /var/lib/images;NARROW",
                "PathFilter, chown, root, pass, /x;ROOT",
                "PathFilter, cp, root, /etc, /;ROOT",
                "PathFilter, foo, root, pass;WIDE",
                "RegExpFilter, privsep-helper, root, privsep-helper, --config-file, /etc/.*, --privsep_context, a.b.c, --privsep_sock_path, /tmp/.*;WIDE",
                "RegExpFilter, privsep-helper, root, privsep-helper, --privsep_context, .*, --privsep_sock_path, /tmp/.*;ROOT",
                "KillFilter, root, python, -9;NARROW",
                "KillFilter, root, python;WIDE",
                "ReadFileFilter, /etc/shadow;ROOT",
                "ReadFileFilter, /etc/iscsi/initiatorname.iscsi;NARROW",
                "NoSuchFilter, sh, root;NARROW"
            })
    void judges(String line, Reach reach) {
        assertThat(judged(line).reach()).as(line).isEqualTo(reach);
    }

    @Test
    void saysWhy() {
        assertThat(judged("CommandFilter, dd, root").reason()).isEqualTo("any arguments: writes any file");
        assertThat(judged("EnvFilter, env, root, LD_PRELOAD=, lvs").reason()).contains("LD_PRELOAD");
    }

    @Test
    void oddPatternsEnd() {
        for (String pattern : new String[] {"", "\\", "[", "[^", "(((", ")))*", "[]]+", "(.)", "(.)*", "[\\]]*"}) {
            boolean open = ArgumentPattern.isOpen(pattern);
            assertThat(open).as(pattern).isEqualTo(pattern.equals("(.)*"));
        }
    }
}
