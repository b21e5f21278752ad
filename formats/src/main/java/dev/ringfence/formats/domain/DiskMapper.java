package dev.ringfence.formats.domain;

import java.util.ArrayList;
import java.util.List;

/** {@code <disk>} to {@link Disk}, and storage sources wherever they occur. */
final class DiskMapper {
    private DiskMapper() {}

    static Disk disk(XmlElement d) {
        List<Disk.BackingStore> chain = new ArrayList<>();
        List<Disk.BackingStore> dataStores = new ArrayList<>(dataStores(d));
        XmlElement layer = d.child("backingStore");
        while (layer.has("source")) {
            chain.add(store(layer));
            dataStores.addAll(dataStores(layer));
            layer = layer.child("backingStore");
        }
        List<XmlElement> mirrors = d.all("mirror");
        return new Disk(
                d.attr("type"),
                d.attr("device"),
                d.attr("model"),
                d.attr("snapshot"),
                d.attr("rawio"),
                d.attr("sgio"),
                driver(d.child("driver")),
                source(d),
                chain,
                layer != XmlElement.NONE,
                dataStores,
                mirrors.stream().map(DiskMapper::mirror).toList(),
                target(d.child("target")),
                d.has("readonly"),
                d.has("shareable"),
                d.has("transient"),
                d.textOf("serial"),
                d.textOf("wwn"),
                d.textOf("vendor"),
                d.textOf("product"),
                d.numberOf("boot", "order"),
                iotune(d.child("iotune")),
                d.child("throttlefilters").map("throttlefilter", t -> t.attr("group")),
                DeviceMapper.alias(d),
                DeviceMapper.address(d));
    }

    private static Disk.DiskDriver driver(XmlElement r) {
        return new Disk.DiskDriver(
                r.attr("name"),
                r.attr("type"),
                r.attr("cache"),
                r.attr("error_policy"),
                r.attr("rerror_policy"),
                r.attr("io"),
                r.attr("ioeventfd"),
                r.attr("event_idx"),
                r.attr("copy_on_read"),
                r.attr("discard"),
                r.attr("discard_no_unref"),
                r.attr("detect_zeroes"),
                r.number("iothread"),
                r.number("queues"),
                r.number("queue_size"),
                r.attr("iommu"),
                r.attr("ats"),
                r.attr("packed"),
                r.attr("page_per_vq"));
    }

    private static Disk.DiskTarget target(XmlElement t) {
        return new Disk.DiskTarget(
                t.attr("dev"), t.attr("bus"), t.attr("removable"), t.attr("tray"), t.number("rotation_rate"));
    }

    private static Disk.BackingStore store(XmlElement s) {
        return new Disk.BackingStore(s.attr("type"), s.number("index"), s.attrOf("format", "type"), source(s));
    }

    private static List<Disk.BackingStore> dataStores(XmlElement layer) {
        return layer.child("source").map("dataStore", DiskMapper::store);
    }

    private static Disk.Mirror mirror(XmlElement m) {
        return new Disk.Mirror(m.attr("type"), m.attr("job"), m.attr("ready"), m.attrOf("format", "type"), source(m));
    }

    private static Disk.IoTune iotune(XmlElement t) {
        return new Disk.IoTune(
                t.textNumberOf("total_bytes_sec"),
                t.textNumberOf("read_bytes_sec"),
                t.textNumberOf("write_bytes_sec"),
                t.textNumberOf("total_iops_sec"),
                t.textNumberOf("read_iops_sec"),
                t.textNumberOf("write_iops_sec"),
                t.textNumberOf("total_bytes_sec_max"),
                t.textNumberOf("read_bytes_sec_max"),
                t.textNumberOf("write_bytes_sec_max"),
                t.textNumberOf("total_iops_sec_max"),
                t.textNumberOf("read_iops_sec_max"),
                t.textNumberOf("write_iops_sec_max"),
                t.textNumberOf("size_iops_sec"),
                t.textOf("group_name"));
    }

    /** The {@code <source>} inside the element, with the encryption and login that stand in or beside it. */
    static DiskSource source(XmlElement parent) {
        XmlElement s = parent.child("source");
        XmlElement identity = s.child("identity");
        return new DiskSource(
                s != XmlElement.NONE,
                s.attr("file"),
                s.attr("dev"),
                s.attr("dir"),
                s.attr("path"),
                s.attr("protocol"),
                s.attr("name"),
                s.attr("query"),
                s.attr("pool"),
                s.attr("volume"),
                s.attr("mode"),
                Numbers.pci(s.child("address")),
                s.attr("namespace"),
                s.attr("managed"),
                s.attr("startupPolicy"),
                s.number("index"),
                s.attr("tls"),
                s.attr("tlsHostname"),
                s.attr("fdgroup"),
                s.map(
                        "host",
                        h -> new DiskSource.Host(
                                h.attr("name"), h.attr("port"), h.attr("transport"), h.attr("socket"))),
                s.attrOf("snapshot", "name"),
                s.attrOf("config", "file"),
                s.child("initiator").attrOf("iqn", "name"),
                identity.attr("user"),
                identity.attr("group"),
                identity.attr("username"),
                identity.attr("keyfile"),
                s.attrOf("knownHosts", "path"),
                s.attrOf("ssl", "verify"),
                s.child("cookies").map("cookie", c -> c.attr("name")),
                s.map("seclabel", DomainMapper::seclabel),
                encryption(either(s, parent, "encryption")),
                auth(either(s, parent, "auth")),
                reservations(s.child("reservations")));
    }

    private static XmlElement either(XmlElement inside, XmlElement beside, String name) {
        return inside.has(name) ? inside.child(name) : beside.child(name);
    }

    private static DiskSource.Encryption encryption(XmlElement e) {
        return new DiskSource.Encryption(
                e != XmlElement.NONE, e.attr("format"), e.attr("engine"), e.map("secret", DiskMapper::secret));
    }

    static DiskSource.Auth auth(XmlElement a) {
        return new DiskSource.Auth(a != XmlElement.NONE, a.attr("username"), secret(a.child("secret")));
    }

    private static DiskSource.Secret secret(XmlElement s) {
        return new DiskSource.Secret(s.attr("type"), s.attr("uuid"), s.attr("usage"));
    }

    private static DiskSource.Reservations reservations(XmlElement r) {
        XmlElement s = r.child("source");
        return new DiskSource.Reservations(
                r != XmlElement.NONE, r.attr("managed"), s.attr("type"), s.attr("path"), s.attr("mode"));
    }
}
