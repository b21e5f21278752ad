package dev.ringfence.core.host;

import java.util.List;

/**
 * The host's network surface.
 *
 * @param inputPolicy {@code drop}, {@code accept}, or {@code none} when no firewall is loaded
 */
public record Network(
        Fact<List<Listener>> listeners,
        Fact<List<Interface>> interfaces,
        Fact<String> inputPolicy,
        Fact<String> forwardPolicy) {
    /**
     * A listening TCP or bound UDP socket.
     *
     * @param protocol {@code tcp} or {@code udp}
     * @param exposure {@code loopback}, {@code address} or {@code any}
     * @param process name of the owner, empty when unknown, as it is to an observer that is not root
     * @param pid -1 when the owner is unknown
     */
    public record Listener(String protocol, String address, long port, String exposure, String process, long pid) {}

    /**
     * A network interface.
     *
     * @param kind {@code bridge}, {@code tap}, {@code physical}, {@code loopback}, {@code other}
     * @param bridge the bridge that it is a port of, empty when none
     * @param ipv6Disabled of net.ipv6.conf
     */
    public record Interface(
            String name, String kind, String bridge, boolean promiscuous, boolean up, Fact<Boolean> ipv6Disabled) {}
}
