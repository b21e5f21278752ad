package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <interface>}: a network card.
 *
 * @param type {@code network}, {@code bridge}, {@code ethernet}, {@code direct}, {@code user}, {@code hostdev}, {@code
 *     vhostuser}, {@code vdpa}, {@code internal}, {@code server}, {@code client}, {@code mcast}, {@code udp}, {@code
 *     null}, {@code vds}
 * @param managed {@code yes} or {@code no}, for type {@code hostdev}
 * @param actualType type that a network resolved to; only the status file says so
 * @param actualSource source that a network resolved to
 * @param filterref name of the network filter, {@code ""} for none
 * @param filterrefParameters its parameters; a name may occur several times
 * @param portIsolated {@code yes} when the port may not talk to other isolated ports of the bridge
 * @param modelType card that the guest sees
 * @param backendType {@code default} or {@code passt}
 * @param targetDev name of the tap device on the host
 * @param inbound limits towards the guest
 * @param outbound limits from the guest
 * @param ips addresses with prefix, such as {@code 192.0.2.7/24}
 */
public record Interface(
        String type,
        String managed,
        String trustGuestRxFilters,
        String mac,
        String macType,
        String macCheck,
        InterfaceSource source,
        String actualType,
        InterfaceSource actualSource,
        String actualTrustGuestRxFilters,
        String virtualportType,
        List<Parameter> virtualportParameters,
        String filterref,
        List<Parameter> filterrefParameters,
        String portIsolated,
        String vlanTrunk,
        List<VlanTag> vlanTags,
        String modelType,
        InterfaceDriver driver,
        String backendType,
        String backendTap,
        String backendVhost,
        String backendLogFile,
        String targetDev,
        String targetManaged,
        String linkState,
        long mtuSizeBytes,
        String script,
        String downscript,
        Bandwidth inbound,
        Bandwidth outbound,
        List<String> ips,
        List<PortForward> portForwards,
        Rom rom,
        long bootOrder,
        String teamingType,
        String teamingPersistent,
        String alias,
        Address address) {
    public Interface {
        virtualportParameters = List.copyOf(virtualportParameters);
        filterrefParameters = List.copyOf(filterrefParameters);
        vlanTags = List.copyOf(vlanTags);
        ips = List.copyOf(ips);
        portForwards = List.copyOf(portForwards);
    }

    /**
     * What the card is plugged into.
     *
     * @param dev host device, for types {@code direct}, {@code vdpa}
     * @param mode {@code vepa}, {@code bridge}, {@code private}, {@code passthrough}; {@code client} or {@code server}
     *     for {@code vhostuser}
     * @param path socket, for type {@code vhostuser}
     * @param pci host device, for type {@code hostdev}
     */
    public record InterfaceSource(
            String network,
            String portgroup,
            String portid,
            String bridge,
            String dev,
            String mode,
            String type,
            String path,
            String name,
            String address,
            String port,
            String localAddress,
            String localPort,
            String pci) {}

    /** {@code <driver>}. */
    public record InterfaceDriver(
            String name,
            long queues,
            long rxQueueSize,
            long txQueueSize,
            String txmode,
            String ioeventfd,
            String eventIdx,
            String iommu,
            String ats,
            String packed,
            String pagePerVq) {}

    /**
     * A VLAN tag.
     *
     * @param nativeMode {@code tagged}, {@code untagged} or {@code ""}
     */
    public record VlanTag(long id, String nativeMode) {}

    /** Limits in one direction, in kibibytes per second or kibibytes, as libvirt counts them. */
    public record Bandwidth(long averageKib, long peakKib, long burstKib, long floorKib) {}

    /**
     * Ports of the host that lead to the guest.
     *
     * @param proto {@code tcp} or {@code udp}
     * @param address host address, {@code ""} for all
     * @param dev host device, {@code ""} for all
     */
    public record PortForward(String proto, String address, String dev, List<PortRange> ranges) {
        public PortForward {
            ranges = List.copyOf(ranges);
        }
    }

    /** From {@code start} to {@code end} of the host to {@code to} of the guest. */
    public record PortRange(long start, long end, long to, String exclude) {}
}
