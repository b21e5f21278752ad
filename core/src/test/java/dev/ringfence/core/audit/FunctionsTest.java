package dev.ringfence.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FunctionsTest {
    private static Verdict holds(String rule) {
        return Written.judge("rule: \"" + rule + "\"\nevidence: x", Map.of()).verdict();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'0640'.atMost('0640')",
                "'0600'.atMost('0640')",
                "'10.1.2.3'.inNetworks(['10.0.0.0/8'])",
                "'10.1.2.3'.inNetworks(['10.1.2.3'])",
                "'::1'.inNetworks(['127.0.0.0/8', '::1'])",
                "'fe80::1%eth0'.inNetworks(['fe80::/10'])",
                "'[::1]'.inNetworks(['::1/128'])",
                "{'a': 'x'}.value('a', 'y') == 'x'",
                "{'a': 'x'}.value('b', 'y') == 'y'",
                "{'a': ['x']}.values('a') == ['x']",
                "size({'a': ['x']}.values('b')) == 0",
                "'a,b'.split(',') == ['a', 'b']",
                "size(''.split(',')) == 0",
                "['a', 'b'].join('-') == 'a-b'",
                "'ABC'.lower() == 'abc'",
                "'42'.number(0) == 42",
                "'x'.number(7) == 7",
                "'1:1.0'.olderThan('1:1.1')",
                "text(dyn([])) == 'none'",
                "'/etc/nova/nova.conf'.matches('^/etc/nova/[^/]+$')",
                "matches('abc', 'b')",
            })
    void ruleHolds(String rule) {
        assertThat(holds(rule)).as(rule).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'0644'.atMost('0640')",
                "'4750'.atMost('0755')",
                "'rwx'.atMost('0777')",
                "'11.1.2.3'.inNetworks(['10.0.0.0/8'])",
                "'host.example'.inNetworks(['0.0.0.0/0'])",
                "'10.1.2.3'.inNetworks(['::/0'])",
                "'10.1.2.3'.inNetworks(['10.0.0.0/99', 'x/8', ''])",
                "''.inNetworks(['0.0.0.0/0'])",
                "'/etc/nova/d/nova.conf'.matches('^/etc/nova/[^/]+$')",
                "'1:1.1'.olderThan('1:1.0')",
            })
    void ruleDoesNotHold(String rule) {
        assertThat(holds(rule)).as(rule).isEqualTo(Verdict.FAIL);
    }
}
