package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Network;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkProbeTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
    private static final String RULESET = "/.ringfence/nft-ruleset.json";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root)
                .file("/proc/net/tcp", HEAD)
                .file("/proc/net/udp", HEAD)
                .file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0\n");
    }

    @Test
    void findsListenersAndWhoHoldsThem() {
        tree.file(
                        "/proc/net/tcp",
                        HEAD
                                + row("0100007F:0277", "0A", 11)
                                + row("00000000:4075", "0A", 12)
                                + row("0A000002:01BB", "01", 13))
                .file("/proc/net/tcp6", HEAD + row("00000000000000000000000000000000:170C", "0A", 14))
                .file("/proc/net/udp", HEAD + row("020010AC:0043", "07", 15) + row("020010AC:0044", "01", 16))
                .link("/proc/1/fd/5", "socket:[12]")
                .link("/proc/77/fd/3", "socket:[12]")
                .link("/proc/77/fd/4", "socket:[14]")
                .link("/proc/78/fd/4", "socket:[14]")
                .link("/proc/78/fd/9", "socket:[11]")
                .file("/proc/77/comm", "libvirtd\n")
                .file("/proc/78/comm", "sshd\n");
        assertThat(value(observe().listeners()))
                .containsExactly(
                        new Network.Listener("tcp", "127.0.0.1", 631, "loopback", "sshd", 78),
                        new Network.Listener("tcp", "::", 5900, "any", "libvirtd", 77),
                        new Network.Listener("tcp", "0.0.0.0", 16501, "any", "libvirtd", 77),
                        new Network.Listener("udp", "172.16.0.2", 67, "address", "", -1));
    }

    @Test
    void processOneOwnsWhatNobodyElseHolds() {
        tree.file("/proc/net/tcp", HEAD + row("00000000:0016", "0A", 7))
                .link("/proc/1/fd/3", "socket:[7]")
                .file("/proc/1/comm", "systemd\n");
        assertThat(value(observe().listeners()).getFirst().process()).isEqualTo("systemd");
    }

    @Test
    void listenersAreNotObservedWithoutTheirTable() {
        tree.delete("/proc/net/udp");
        assertThat(reason(observe().listeners())).contains("not there");
        tree.fifo("/proc/net/udp");
        assertThat(reason(observe().listeners())).contains("fifo");
    }

    @ParameterizedTest
    @CsvSource({
        "0100007F:0016, true, 127.0.0.1, 22, loopback",
        "7F000001:0016, false, 127.0.0.1, 22, loopback",
        "00000000:FFFF, true, 0.0.0.0, 65535, any",
        "00000000000000000000000001000000:0016, true, ::1, 22, loopback",
        "00000000000000000000000000000001:0016, false, ::1, 22, loopback",
        "0000000000000000FFFF00000100007F:0016, true, 127.0.0.1, 22, loopback",
        "000080FE00000000FF00FC000100FEFF:0016, true, fe80::fc:ff:fffe:1, 22, address",
        "B80D01200000000000000000010000FF:0001, true, 2001:db8::ff00:1, 1, address",
        "00000100000003000000000000000000:0001, true, 1:0:3::, 1, address",
        "00000100000000000000000000000300:0001, true, 1::3:0, 1, address",
        "00000100000000000000010000000000:0001, true, 1::1:0:0:0, 1, address",
    })
    void decodesAddresses(String text, boolean littleEndian, String address, int port, String exposure) {
        SocketAddress decoded = SocketAddress.decode(text, littleEndian).orElseThrow();
        assertThat(decoded.address()).isEqualTo(address);
        assertThat(decoded.port()).isEqualTo(port);
        assertThat(decoded.exposure()).isEqualTo(exposure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "0100007F", "0100007F:16", "0100007G:0016", "0100007F:001G", "01:0016", "0100007F:00160"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(SocketAddress.decode(text, true)).isEmpty();
    }

    @Test
    void readsKindsOfInterfaces() {
        tree.file("/sys/class/net/br0/flags", "0x1003\n")
                .file("/sys/class/net/br0/uevent", "DEVTYPE=bridge\nINTERFACE=br0\n")
                .file("/proc/sys/net/ipv6/conf/br0/disable_ipv6", "1\n")
                .file("/sys/class/net/vnet3/flags", "0x1103\n")
                .file("/sys/class/net/vnet3/tun_flags", "0x1002\n")
                .link("/sys/class/net/vnet3/brport/bridge", "../../br0")
                .file("/sys/class/net/tun0/flags", "0x1002\n")
                .file("/sys/class/net/tun0/tun_flags", "0x1001\n")
                .file("/sys/class/net/ens1/flags", "0x1003\n")
                .file("/sys/class/net/ens1/type", "1\n")
                .directory("/sys/class/net/ens1/device")
                .link("/sys/class/net/ens1/master", "../ovs-system")
                .file("/sys/class/net/lo/flags", "0x9\n")
                .file("/sys/class/net/lo/type", "772\n")
                .file("/sys/class/net/bonding_masters", "\n");
        assertThat(value(observe().interfaces()))
                .extracting(
                        Network.Interface::name,
                        Network.Interface::kind,
                        Network.Interface::bridge,
                        Network.Interface::promiscuous,
                        Network.Interface::up)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("br0", "bridge", "", false, true),
                        org.assertj.core.groups.Tuple.tuple("ens1", "physical", "ovs-system", false, true),
                        org.assertj.core.groups.Tuple.tuple("lo", "loopback", "", false, true),
                        org.assertj.core.groups.Tuple.tuple("tun0", "other", "", false, false),
                        org.assertj.core.groups.Tuple.tuple("vnet3", "tap", "br0", true, true));
        assertThat(value(value(observe().interfaces()).getFirst().ipv6Disabled()))
                .isTrue();
        assertThat(isAbsent(value(observe().interfaces()).get(1).ipv6Disabled()))
                .isTrue();
    }

    @Test
    void interfaceThatCannotBeReadHidesAll() {
        tree.file("/sys/class/net/a/flags", "0x1\n").file("/sys/class/net/b/flags", "up\n");
        assertThat(reason(observe().interfaces())).contains("not a number");
    }

    @Test
    void kernelWithoutIpv6HasItDisabled() {
        tree = new HostTree(root.resolve("other")).file("/sys/class/net/a/flags", "0x1\n");
        assertThat(value(value(observe().interfaces()).getFirst().ipv6Disabled()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAIN inet input drop | drop | accept",
                "CHAIN inet input accept | accept | accept",
                "CHAIN ip input drop | accept | accept",
                "CHAIN ip input drop; CHAIN ip6 input drop | drop | accept",
                "CHAIN inet input accept; CHAIN ip input drop; CHAIN ip6 input drop; CHAIN inet forward drop | drop | drop",
                "CHAIN bridge input drop | accept | accept",
            })
    void judgesPolicyOfBothFamilies(String chains, String input, String forward) {
        ruleset(chains, "");
        assertThat(value(observe().inputPolicy())).isEqualTo(input);
        assertThat(value(observe().forwardPolicy())).isEqualTo(forward);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"counter\":{}},{\"log\":{}},{\"reject\":null} | drop",
                "{\"drop\":null} | drop",
                "{\"match\":{\"op\":\"==\"}},{\"drop\":null} | accept",
                "{\"limit\":{}},{\"drop\":null} | accept",
                "{\"counter\":{}} | accept",
                "{\"accept\":null} | accept",
                "{\"xt\":null} | accept",
            })
    void ruleThatDropsEverythingIsAPolicy(String statements, String policy) {
        ruleset(
                "CHAIN inet input accept",
                rule("input", "{\"match\":{\"op\":\"==\"}},{\"accept\":null}") + rule("input", statements));
        assertThat(value(observe().inputPolicy())).isEqualTo(policy);
    }

    @Test
    void firstRuleWithoutConditionDecidesOverThePolicy() {
        ruleset("CHAIN inet input accept", rule("input", "{\"drop\":null}") + rule("input", "{\"accept\":null}"));
        assertThat(value(observe().inputPolicy())).isEqualTo("drop");
        ruleset("CHAIN inet input drop", rule("input", "{\"counter\":{}},{\"accept\":null}"));
        assertThat(value(observe().inputPolicy())).isEqualTo("accept");
    }

    @Test
    void ipv4AloneCountsWhereThereIsNoIpv6() {
        tree.file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1\n");
        ruleset("CHAIN ip input drop", "");
        assertThat(value(observe().inputPolicy())).isEqualTo("drop");
    }

    @Test
    void nothingLoadedIsNoFirewall() {
        tree.file(RULESET, "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\"}}]}");
        assertThat(value(observe().inputPolicy())).isEqualTo("none");
    }

    @Test
    void legacyTableCountsAsWell() {
        tree.file(RULESET, "{\"nftables\": []}").file("/proc/net/ip_tables_names", "nat\nfilter\n");
        assertThat(reason(observe().inputPolicy())).contains("not there to ask");
        tree.file("/.ringfence/iptables-legacy.txt", """
                        *filter
                        :INPUT ACCEPT [0:0]
                        :FORWARD DROP [0:0]
                        -A INPUT -i lo -j ACCEPT
                        -A INPUT -j REJECT --reject-with icmp-port-unreachable
                        COMMIT
                        """).file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1\n");
        assertThat(value(observe().inputPolicy())).isEqualTo("drop");
        assertThat(value(observe().forwardPolicy())).isEqualTo("drop");
        tree.file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0\n");
        assertThat(value(observe().inputPolicy())).isEqualTo("accept");
    }

    @Test
    void legacyRuleWithoutConditionDecidesOverThePolicy() {
        LegacyFirewall accepting = LegacyFirewall.parse(":INPUT DROP [0:0]\n-A INPUT -j ACCEPT\n-A INPUT -j DROP\n");
        assertThat(accepting.drops("input")).isFalse();
        assertThat(LegacyFirewall.parse(":INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n")
                        .drops("input"))
                .isTrue();
    }

    @Test
    void saysNothingOfFirewallWithoutAnAnswer() {
        assertThat(reason(observe().inputPolicy())).contains("nft(8) is not there");
        tree.file(RULESET, "{\"nftables\": [");
        assertThat(reason(observe().inputPolicy())).contains("RF-JSN-003");
        tree.file(RULESET, "{}");
        assertThat(reason(observe().forwardPolicy())).contains("not a list of nftables rules");
    }

    @Test
    void observesLiveHost() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Network network = NetworkProbe.observe(HostFiles.live());
            assertThat(value(network.listeners()))
                    .filteredOn(l ->
                            l.port() == socket.getLocalPort() && l.protocol().equals("tcp"))
                    .singleElement()
                    .satisfies(l -> {
                        assertThat(l.exposure()).isEqualTo("loopback");
                        assertThat(l.pid()).isEqualTo(ProcessHandle.current().pid());
                        assertThat(l.process()).isNotEmpty();
                    });
            assertThat(value(network.interfaces()))
                    .filteredOn(i -> i.kind().equals("loopback"))
                    .extracting(Network.Interface::name)
                    .containsExactly("lo");
        }
    }

    private static String row(String local, String state, long inode) {
        return "   0: " + local + " 00000000:0000 " + state + " 00000000:00000000 00:00000000 00000000     0        0 "
                + inode + " 1 0000000000000000 100 0 0 10 0\n";
    }

    private void ruleset(String chains, String rules) {
        StringBuilder text = new StringBuilder("{\"nftables\": [{\"table\": {\"family\": \"inet\", \"name\": \"t\"}}");
        for (String chain : List.of(chains.split("; "))) {
            String[] words = chain.split(" ");
            text.append(
                    ",{\"chain\":{\"family\":\"%s\",\"table\":\"t\",\"name\":\"%s\",\"type\":\"filter\",\"hook\":\"%s\",\"policy\":\"%s\"}}"
                            .formatted(words[1], words[2], words[2], words[3]));
        }
        tree.file(RULESET, text.append(rules).append("]}").toString());
    }

    private static String rule(String chain, String statements) {
        return ",{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"%s\",\"expr\":[%s]}}"
                .formatted(chain, statements);
    }

    private Network observe() {
        return NetworkProbe.observe(tree.files());
    }
}
