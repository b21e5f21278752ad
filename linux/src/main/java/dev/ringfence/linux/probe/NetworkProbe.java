package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Network;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.Inquiry;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads listening sockets and their owners, network interfaces, and the firewall's policy. */
public final class NetworkProbe {
    /** The loaded rules; elements of sets are left out, they can be many and do not matter here. */
    public static final Inquiry RULESET =
            new Inquiry("nft-ruleset.json", List.of("nft", "-j", "-t", "list", "ruleset"));

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int SOCKETS_LIMIT_BYTES = 64 << 20;
    private static final String NET = "/sys/class/net";
    private static final String IPV6 = "/proc/sys/net/ipv6";
    private static final int UP = 0x1;
    private static final int PROMISCUOUS = 0x100;
    private static final int TAP = 0x2;

    private NetworkProbe() {}

    /** The host's network surface, as the network namespace of this process sees it. */
    public static Network observe(HostFiles files) {
        Fact<Firewall> firewall = firewall(files);
        return new Network(
                listeners(files),
                interfaces(files),
                firewall.map(f -> f.policy("input")),
                firewall.map(f -> f.policy("forward")));
    }

    /** Both kinds of firewall together; IPv6 must be covered as well where the host speaks it. */
    private record Firewall(FirewallPolicy nftables, LegacyFirewall ipv4, LegacyFirewall ipv6, boolean speaksIpv6) {
        String policy(String hook) {
            if (!nftables.anything() && !ipv4.loaded() && !ipv6.loaded()) {
                return "none";
            }
            boolean dropsIpv4 = nftables.drops("ip", hook) || ipv4.drops(hook);
            boolean dropsIpv6 = !speaksIpv6 || nftables.drops("ip6", hook) || ipv6.drops(hook);
            return dropsIpv4 && dropsIpv6 ? "drop" : "accept";
        }
    }

    private static Fact<Firewall> firewall(HostFiles files) {
        Fact<Json> ruleset = ruleset(files);
        return Readings.then(
                ruleset,
                json -> Readings.then(
                        LegacyFirewall.observe(files, LegacyFirewall.IPV4, "/proc/net/ip_tables_names"),
                        ipv4 -> Readings.then(
                                LegacyFirewall.observe(files, LegacyFirewall.IPV6, "/proc/net/ip6_tables_names"),
                                ipv6 -> Fact.of(
                                        new Firewall(FirewallPolicy.of(json), ipv4, ipv6, speaksIpv6(files)),
                                        ruleset.source().where(),
                                        "command"))));
    }

    private record Socket(String protocol, SocketAddress local, long inode) {}

    private static Fact<List<Network.Listener>> listeners(HostFiles files) {
        boolean littleEndian = littleEndian(files);
        List<Socket> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            String path = "/proc/net/" + table;
            switch (files.text(path, SOCKETS_LIMIT_BYTES)) {
                case Fact.Observed<String>(String text, var source) ->
                    sockets(text, table.substring(0, 3), littleEndian, sockets);
                case Fact.Absent<String> absent -> {
                    // A kernel without IPv6 has no tables for it; one without TCP is none that we know.
                    if (!table.endsWith("6")) {
                        return Fact.notObserved(path, "read", "the table of sockets is not there");
                    }
                }
                case Fact.NotObserved<String>(var source, String reason) -> {
                    return Fact.notObserved(path, "read", reason);
                }
            }
        }
        Set<Long> inodes = new HashSet<>();
        sockets.forEach(s -> inodes.add(s.inode()));
        SocketOwners owners = SocketOwners.of(files, inodes);
        List<Network.Listener> listeners = new ArrayList<>(sockets.size());
        for (Socket socket : sockets) {
            listeners.add(new Network.Listener(
                    socket.protocol(),
                    socket.local().address(),
                    socket.local().port(),
                    socket.local().exposure(),
                    owners.name(socket.inode()),
                    owners.pid(socket.inode())));
        }
        listeners.sort(Comparator.comparing(Network.Listener::protocol)
                .thenComparingLong(Network.Listener::port)
                .thenComparing(Network.Listener::address));
        return Fact.of(List.copyOf(listeners), "/proc/net", "parsed");
    }

    /** Adds TCP sockets in state LISTEN (0A) and UDP sockets that are bound but not connected (07). */
    private static void sockets(String text, String protocol, boolean littleEndian, List<Socket> found) {
        String listening = protocol.equals("tcp") ? "0A" : "07";
        text.lines().skip(1).forEach(line -> {
            // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …
            String[] fields = line.strip().split("\\s+", 11);
            if (fields.length < 10 || !fields[3].equals(listening)) {
                return;
            }
            Optional<SocketAddress> local = SocketAddress.decode(fields[1], littleEndian);
            OptionalLong inode = Readings.decimal(fields[9]);
            if (local.isPresent() && inode.isPresent()) {
                found.add(new Socket(protocol, local.get(), inode.getAsLong()));
            }
        });
    }

    private static boolean littleEndian(HostFiles files) {
        if (files.isLive()) {
            return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        }
        return switch (files.line("/proc/sys/kernel/arch").orElse("")) {
            case "s390x", "s390", "ppc64", "ppc" -> false;
            default -> true;
        };
    }

    private static Fact<List<Network.Interface>> interfaces(HostFiles files) {
        boolean stack = files.exists(IPV6).orElse(true);
        return Readings.then(files.list(NET), names -> {
            List<Network.Interface> interfaces = new ArrayList<>(names.size());
            for (String name : names) {
                String path = NET + "/" + name;
                switch (files.line(path + "/flags")) {
                    case Fact.Observed<String>(String text, var source) -> {
                        OptionalLong flags = hexadecimal(text);
                        if (flags.isEmpty()) {
                            return Fact.notObserved(path + "/flags", "read", "not a number: " + Readings.excerpt(text));
                        }
                        interfaces.add(networkInterface(files, name, flags.getAsLong(), stack));
                    }
                    // Taken away since the directory was read, or a plain file such as bonding_masters.
                    case Fact.Absent<String> gone -> {}
                    case Fact.NotObserved<String>(var source, String reason) -> {
                        return Fact.notObserved(source.where(), source.how(), reason);
                    }
                }
            }
            return Fact.of(List.copyOf(interfaces), NET, "read");
        });
    }

    private static Network.Interface networkInterface(HostFiles files, String name, long flags, boolean stack) {
        String path = NET + "/" + name;
        Fact<Boolean> ipv6Disabled =
                stack ? Readings.flag(files, IPV6 + "/conf/" + name + "/disable_ipv6") : Fact.of(true, IPV6, "derived");
        return new Network.Interface(
                name,
                kind(files, path),
                bridge(files, path),
                (flags & PROMISCUOUS) != 0,
                (flags & UP) != 0,
                ipv6Disabled);
    }

    private static String kind(HostFiles files, String path) {
        if (files.text(path + "/uevent").orElse("").contains("DEVTYPE=bridge")) {
            return "bridge";
        }
        long tun = hexadecimal(files.line(path + "/tun_flags").orElse("")).orElse(0);
        if ((tun & TAP) != 0) {
            return "tap";
        }
        // if_arp.h: ARPHRD_LOOPBACK
        if (files.line(path + "/type").orElse("").equals("772")) {
            return "loopback";
        }
        return files.exists(path + "/device").orElse(false) ? "physical" : "other";
    }

    private static String bridge(HostFiles files, String path) {
        String bridge = Readings.baseName(files.link(path + "/brport/bridge").orElse(""));
        if (!bridge.isEmpty()) {
            return bridge;
        }
        // Open vSwitch shows its data path as the master of all its ports.
        String master = Readings.baseName(files.link(path + "/master").orElse(""));
        return master.startsWith("ovs-") ? master : "";
    }

    private static OptionalLong hexadecimal(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.startsWith("0x") ? text.substring(2) : text, 16));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static boolean speaksIpv6(HostFiles files) {
        return files.exists(IPV6).orElse(true)
                && !files.line(IPV6 + "/conf/all/disable_ipv6").orElse("0").equals("1");
    }

    private static Fact<Json> ruleset(HostFiles files) {
        Fact<String> printed = RULESET.ask(files, LIMIT);
        if (printed instanceof Fact.Absent<String>) {
            return Fact.notObserved(
                    printed.source().where(),
                    "command",
                    "nft(8) is not there to ask; install nftables to see the firewall");
        }
        return Readings.then(printed, text -> switch (JsonText.read(text)) {
            case Decoded.Value<Json>(Json ruleset) ->
                ruleset.member("nftables").isPresent()
                        ? Fact.of(ruleset, printed.source().where(), "command")
                        : Fact.notObserved(printed.source().where(), "command", "not a list of nftables rules");
            case Decoded.Refused<Json>(var refusal) ->
                Fact.notObserved(printed.source().where(), "command", refusal.toString());
        });
    }
}
