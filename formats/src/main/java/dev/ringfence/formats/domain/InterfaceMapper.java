package dev.ringfence.formats.domain;

import java.util.Comparator;
import java.util.List;

/** {@code <interface>} to {@link Interface}. */
final class InterfaceMapper {
    private InterfaceMapper() {}

    static Interface iface(XmlElement i) {
        XmlElement actual = i.child("actual");
        XmlElement mac = i.child("mac");
        XmlElement backend = i.child("backend");
        return new Interface(
                i.attr("type"),
                i.attr("managed"),
                i.attr("trustGuestRxFilters"),
                mac.attr("address"),
                mac.attr("type"),
                mac.attr("check"),
                source(i.child("source")),
                actual.attr("type"),
                source(actual.child("source")),
                actual.attr("trustGuestRxFilters"),
                i.attrOf("virtualport", "type"),
                attributes(i.child("virtualport").child("parameters")),
                i.attrOf("filterref", "filter"),
                i.child("filterref").map("parameter", p -> new Parameter(p.attr("name"), p.attr("value"))),
                i.attrOf("port", "isolated"),
                i.attrOf("vlan", "trunk"),
                i.child("vlan").map("tag", t -> new Interface.VlanTag(t.number("id"), t.attr("nativeMode"))),
                i.attrOf("model", "type"),
                driver(i.child("driver")),
                backend.attr("type"),
                backend.attr("tap"),
                backend.attr("vhost"),
                backend.attr("logFile"),
                i.attrOf("target", "dev"),
                i.attrOf("target", "managed"),
                i.attrOf("link", "state"),
                i.numberOf("mtu", "size"),
                i.attrOf("script", "path"),
                i.attrOf("downscript", "path"),
                bandwidth(i.child("bandwidth").child("inbound")),
                bandwidth(i.child("bandwidth").child("outbound")),
                i.map("ip", InterfaceMapper::ip),
                i.map("portForward", InterfaceMapper::portForward),
                DeviceMapper.rom(i),
                i.numberOf("boot", "order"),
                i.attrOf("teaming", "type"),
                i.attrOf("teaming", "persistent"),
                DeviceMapper.alias(i),
                DeviceMapper.address(i));
    }

    private static Interface.InterfaceSource source(XmlElement s) {
        return new Interface.InterfaceSource(
                s.attr("network"),
                s.attr("portgroup"),
                s.attr("portid"),
                s.attr("bridge"),
                s.attr("dev"),
                s.attr("mode"),
                s.attr("type"),
                s.attr("path"),
                s.attr("name"),
                s.attr("address"),
                s.attr("port"),
                s.attrOf("local", "address"),
                s.attrOf("local", "port"),
                Numbers.pci(s.child("address")));
    }

    private static Interface.InterfaceDriver driver(XmlElement d) {
        return new Interface.InterfaceDriver(
                d.attr("name"),
                d.number("queues"),
                d.number("rx_queue_size"),
                d.number("tx_queue_size"),
                d.attr("txmode"),
                d.attr("ioeventfd"),
                d.attr("event_idx"),
                d.attr("iommu"),
                d.attr("ats"),
                d.attr("packed"),
                d.attr("page_per_vq"));
    }

    private static Interface.Bandwidth bandwidth(XmlElement b) {
        return new Interface.Bandwidth(b.number("average"), b.number("peak"), b.number("burst"), b.number("floor"));
    }

    private static String ip(XmlElement ip) {
        String prefix = ip.attr("prefix");
        return prefix.isEmpty() ? ip.attr("address") : ip.attr("address") + "/" + prefix;
    }

    private static Interface.PortForward portForward(XmlElement f) {
        return new Interface.PortForward(
                f.attr("proto"),
                f.attr("address"),
                f.attr("dev"),
                f.map(
                        "range",
                        r -> new Interface.PortRange(
                                r.number("start"), r.number("end"), r.number("to"), r.attr("exclude"))));
    }

    private static List<Parameter> attributes(XmlElement e) {
        return e.attributes().entrySet().stream()
                .map(a -> new Parameter(a.getKey(), a.getValue()))
                .sorted(Comparator.comparing(Parameter::name))
                .toList();
    }
}
