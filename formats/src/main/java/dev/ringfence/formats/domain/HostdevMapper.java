package dev.ringfence.formats.domain;

import java.util.List;

/** Parts of the host that a guest gets: {@code <hostdev>} and {@code <filesystem>}. */
final class HostdevMapper {
    private HostdevMapper() {}

    static Hostdev hostdev(XmlElement h) {
        XmlElement s = h.child("source");
        XmlElement driver = h.child("driver");
        XmlElement at = s.child("address");
        boolean usb = h.attr("type").equals("usb");
        return new Hostdev(
                h.attr("mode"),
                h.attr("type"),
                h.attr("managed"),
                h.attr("model"),
                h.attr("sgio"),
                h.attr("rawio"),
                h.attr("display"),
                h.attr("ramfb"),
                driver.attr("name"),
                driver.attr("model"),
                driver.attr("iommufd"),
                h.attr("type").equals("pci") ? Numbers.pci(at) : "",
                s.attr("writeFiltering"),
                s.attr("startupPolicy"),
                s.attr("guestReset"),
                s.attrOf("vendor", "id"),
                s.attrOf("product", "id"),
                usb ? at.attr("bus") : "",
                usb ? at.attr("device") : "",
                s.attrOf("adapter", "name"),
                s.attr("protocol"),
                s.attr("name"),
                s.attr("wwpn"),
                DiskMapper.auth(s.child("auth")),
                at.attr("uuid"),
                containerPath(s),
                h.has("readonly"),
                h.has("shareable"),
                DeviceMapper.rom(h),
                h.numberOf("boot", "order"),
                h.attrOf("teaming", "type"),
                DeviceMapper.alias(h),
                DeviceMapper.address(h));
    }

    private static String containerPath(XmlElement source) {
        for (String kind : List.of("block", "char", "interface")) {
            if (source.has(kind)) {
                return source.textOf(kind);
            }
        }
        return "";
    }

    static Filesystem filesystem(XmlElement f) {
        XmlElement driver = f.child("driver");
        XmlElement binary = f.child("binary");
        XmlElement s = f.child("source");
        return new Filesystem(
                f.attr("type"),
                f.attr("accessmode"),
                f.attr("model"),
                f.attr("multidevs"),
                f.attr("fmode"),
                f.attr("dmode"),
                driver.attr("type"),
                driver.attr("format"),
                driver.attr("name"),
                driver.attr("wrpolicy"),
                binary.attr("path"),
                binary.attr("xattr"),
                binary.attrOf("cache", "mode"),
                binary.attrOf("sandbox", "mode"),
                binary.attrOf("lock", "posix"),
                binary.attrOf("lock", "flock"),
                s.attr("dir"),
                s.attr("file"),
                s.attr("dev"),
                s.attr("name"),
                s.attr("socket"),
                s.attr("pool"),
                s.attr("volume"),
                f.attrOf("target", "dir"),
                f.has("readonly"),
                ranges(f, "uid"),
                ranges(f, "gid"),
                DeviceMapper.alias(f),
                DeviceMapper.address(f));
    }

    private static List<Filesystem.IdRange> ranges(XmlElement f, String name) {
        return f.child("idmap")
                .map(name, r -> new Filesystem.IdRange(r.number("start"), r.number("target"), r.number("count")));
    }
}
