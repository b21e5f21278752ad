package dev.ringfence.formats.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code <devices>} to {@link Devices}. */
final class DeviceMapper {
    private static final Set<String> KNOWN = Set.of(
            "emulator",
            "disk",
            "controller",
            "interface",
            "graphics",
            "video",
            "hostdev",
            "serial",
            "parallel",
            "console",
            "channel",
            "filesystem",
            "input",
            "tpm",
            "rng",
            "memballoon",
            "watchdog",
            "panic",
            "shmem",
            "vsock",
            "iommu",
            "crypto",
            "sound",
            "audio",
            "redirdev",
            "redirfilter",
            "hub",
            "smartcard",
            "memory",
            "lease",
            "pstore",
            "nvram");

    private DeviceMapper() {}

    static Devices devices(XmlElement d) {
        Map<String, List<XmlElement>> kinds = new HashMap<>();
        d.children()
                .forEach(c -> kinds.computeIfAbsent(c.name(), name -> new ArrayList<>())
                        .add(c));
        return new Devices(
                d.textOf("emulator"),
                map(kinds, "disk", DiskMapper::disk),
                map(kinds, "controller", DeviceMapper::controller),
                map(kinds, "interface", InterfaceMapper::iface),
                map(kinds, "graphics", GraphicsMapper::graphics),
                map(kinds, "video", GraphicsMapper::video),
                map(kinds, "hostdev", HostdevMapper::hostdev),
                map(kinds, "serial", CharMapper::device),
                map(kinds, "parallel", CharMapper::device),
                map(kinds, "console", CharMapper::device),
                map(kinds, "channel", CharMapper::device),
                map(kinds, "filesystem", HostdevMapper::filesystem),
                map(kinds, "input", DeviceMapper::input),
                map(kinds, "tpm", DeviceMapper::tpm),
                map(kinds, "rng", DeviceMapper::rng),
                map(kinds, "memballoon", DeviceMapper::memballoon),
                map(kinds, "watchdog", w -> new Watchdog(w.attr("model"), w.attr("action"), alias(w), address(w))),
                map(kinds, "panic", p -> new Panic(p.attr("model"), address(p))),
                map(kinds, "shmem", DeviceMapper::shmem),
                map(kinds, "vsock", DeviceMapper::vsock),
                map(kinds, "iommu", DeviceMapper::iommu),
                map(kinds, "crypto", DeviceMapper::crypto),
                map(kinds, "sound", s -> new Sound(s.attr("model"), s.numberOf("audio", "id"), alias(s), address(s))),
                map(
                        kinds,
                        "audio",
                        a -> new Audio(a.number("id"), a.attr("type"), a.attr("serverName"), a.attr("path"))),
                map(kinds, "redirdev", CharMapper::redirdev),
                kinds.getOrDefault("redirfilter", List.of()).stream()
                        .flatMap(f -> f.all("usbdev").stream())
                        .map(DeviceMapper::usbFilter)
                        .toList(),
                map(kinds, "hub", h -> new Hub(h.attr("type"), alias(h), address(h))),
                map(kinds, "smartcard", CharMapper::smartcard),
                map(kinds, "memory", DeviceMapper::memory),
                map(kinds, "lease", l -> new Lease(l.textOf("lockspace"), l.textOf("key"), l.attrOf("target", "path"))),
                map(kinds, "pstore", DeviceMapper::pstore),
                map(kinds, "nvram", n -> new Nvram(alias(n), address(n))),
                d.children().stream()
                        .map(XmlElement::name)
                        .filter(name -> !KNOWN.contains(name))
                        .toList());
    }

    private static <T> List<T> map(Map<String, List<XmlElement>> kinds, String name, Function<XmlElement, T> mapper) {
        return kinds.getOrDefault(name, List.of()).stream().map(mapper).toList();
    }

    static String alias(XmlElement device) {
        return device.attrOf("alias", "name");
    }

    static Address address(XmlElement device) {
        XmlElement a = device.child("address");
        return new Address(a.attr("type"), a.attr("type").equals("pci") ? Numbers.pci(a) : "", a.attributes());
    }

    static Rom rom(XmlElement device) {
        return new Rom(device.attrOf("rom", "bar"), device.attrOf("rom", "file"), device.attrOf("rom", "enabled"));
    }

    static VirtioDriver virtio(XmlElement device) {
        XmlElement d = device.child("driver");
        return new VirtioDriver(d.attr("iommu"), d.attr("ats"), d.attr("packed"), d.attr("page_per_vq"));
    }

    private static Controller controller(XmlElement c) {
        XmlElement driver = c.child("driver");
        XmlElement target = c.child("target");
        return new Controller(
                c.attr("type"),
                c.number("index"),
                c.attr("model"),
                c.number("ports"),
                c.number("vectors"),
                c.textOf("serial"),
                c.attrOf("model", "name"),
                target.number("chassis"),
                target.attr("port"),
                target.attr("hotplug"),
                driver.number("queues"),
                driver.number("cmd_per_lun"),
                driver.number("max_sectors"),
                driver.attr("ioeventfd"),
                driver.number("iothread"),
                virtio(c),
                alias(c),
                address(c));
    }

    private static Input input(XmlElement i) {
        String evdev = i.attrOf("source", "evdev");
        return new Input(
                i.attr("type"),
                i.attr("bus"),
                i.attr("model"),
                evdev.isEmpty() ? i.attrOf("source", "dev") : evdev,
                virtio(i),
                alias(i),
                address(i));
    }

    private static Tpm tpm(XmlElement t) {
        XmlElement b = t.child("backend");
        XmlElement source = b.child("source");
        return new Tpm(
                t.attr("model"),
                b.attr("type"),
                b.attr("version"),
                b.attr("persistent_state"),
                b.attr("debug"),
                b.attrOf("encryption", "secret"),
                b.child("active_pcr_banks").children().stream()
                        .map(XmlElement::name)
                        .toList(),
                b.attrOf("device", "path"),
                source.attr("type"),
                source.attr("mode"),
                source.attr("path"),
                b.attrOf("profile", "name"),
                alias(t),
                address(t));
    }

    private static Rng rng(XmlElement r) {
        XmlElement b = r.child("backend");
        return new Rng(
                r.attr("model"),
                r.numberOf("rate", "bytes"),
                r.numberOf("rate", "period"),
                b.attr("model"),
                b.attr("model").equals("random") ? b.text() : "",
                b.attr("type"),
                CharMapper.sources(b),
                virtio(r),
                alias(r),
                address(r));
    }

    private static Memballoon memballoon(XmlElement m) {
        return new Memballoon(
                m.attr("model"),
                m.attr("autodeflate"),
                m.attr("freePageReporting"),
                m.numberOf("stats", "period"),
                virtio(m),
                alias(m),
                address(m));
    }

    private static Shmem shmem(XmlElement s) {
        return new Shmem(
                s.attr("name"),
                s.attr("role"),
                s.attrOf("model", "type"),
                s.sizeBytesOf("size", "b"),
                s.has("server"),
                s.attrOf("server", "path"),
                alias(s),
                address(s));
    }

    private static Vsock vsock(XmlElement v) {
        return new Vsock(
                v.attr("model"),
                v.attrOf("cid", "auto"),
                v.numberOf("cid", "address"),
                virtio(v),
                alias(v),
                address(v));
    }

    private static Iommu iommu(XmlElement i) {
        XmlElement d = i.child("driver");
        return new Iommu(
                i.attr("model"),
                d.attr("intremap"),
                d.attr("caching_mode"),
                d.attr("eim"),
                d.attr("iotlb"),
                d.number("aw_bits"),
                d.attr("dma_translation"),
                alias(i),
                address(i));
    }

    private static Crypto crypto(XmlElement c) {
        return new Crypto(
                c.attr("model"),
                c.attr("type"),
                c.attrOf("backend", "model"),
                c.numberOf("backend", "queues"),
                virtio(c),
                alias(c),
                address(c));
    }

    private static UsbFilter usbFilter(XmlElement u) {
        return new UsbFilter(u.attr("class"), u.attr("vendor"), u.attr("product"), u.attr("version"), u.attr("allow"));
    }

    private static MemoryDevice memory(XmlElement m) {
        XmlElement target = m.child("target");
        return new MemoryDevice(
                m.attr("model"),
                m.attr("access"),
                m.attr("discard"),
                m.textOf("uuid"),
                m.child("source").textOf("path"),
                m.child("source").has("pmem"),
                target.sizeBytesOf("size", "KiB"),
                target.textNumberOf("node"),
                target.has("readonly"),
                alias(m),
                address(m));
    }

    private static Pstore pstore(XmlElement p) {
        return new Pstore(p.attr("backend"), p.textOf("path"), p.sizeBytesOf("size", "KiB"), alias(p), address(p));
    }
}
