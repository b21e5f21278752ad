package dev.ringfence.formats.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code <domain>} to {@link Domain}. */
final class DomainMapper {
    /** Children of {@code <domain>} that are read here or that carry nothing to judge. */
    private static final Set<String> KNOWN = Set.of(
            "name",
            "uuid",
            "genid",
            "title",
            "description",
            "metadata",
            "hwuuid",
            "memory",
            "currentMemory",
            "maxMemory",
            "memoryBacking",
            "vcpu",
            "vcpus",
            "iothreads",
            "iothreadids",
            "defaultiothread",
            "cpu",
            "os",
            "bootloader",
            "bootloader_args",
            "features",
            "clock",
            "on_poweroff",
            "on_reboot",
            "on_crash",
            "on_lockfailure",
            "pm",
            "perf",
            "resource",
            "cputune",
            "memtune",
            "blkiotune",
            "numatune",
            "throttlegroups",
            "sysinfo",
            "seclabel",
            "launchSecurity",
            "keywrap",
            "idmap",
            "devices");

    private DomainMapper() {}

    static Domain domain(XmlElement d) {
        List<String> extensions = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (XmlElement child : d.children()) {
            if (!child.space().isEmpty()) {
                extensions.add("{" + child.space() + "}" + child.name());
            } else if (!KNOWN.contains(child.name())) {
                unknown.add(child.name());
            }
        }
        return new Domain(
                d.attr("type"),
                d.number("id"),
                d.textOf("name"),
                d.textOf("uuid"),
                d.textOf("genid"),
                d.textOf("title"),
                d.textOf("description"),
                MetadataMapper.metadata(d.child("metadata")),
                memory(d),
                memoryBacking(d.child("memoryBacking")),
                new Vcpu(
                        d.textNumberOf("vcpu"),
                        d.numberOf("vcpu", "current"),
                        d.attrOf("vcpu", "placement"),
                        d.attrOf("vcpu", "cpuset")),
                d.textNumberOf("iothreads"),
                cpu(d.child("cpu"), d.has("cpu")),
                os(d),
                features(d.child("features")),
                clock(d.child("clock")),
                d.textOf("on_poweroff"),
                d.textOf("on_reboot"),
                d.textOf("on_crash"),
                d.textOf("on_lockfailure"),
                d.child("pm").attrOf("suspend-to-mem", "enabled"),
                d.child("pm").attrOf("suspend-to-disk", "enabled"),
                new Resource(
                        d.child("resource").textOf("partition"),
                        d.child("resource").attrOf("fibrechannel", "appid")),
                TuneMapper.cputune(d.child("cputune")),
                TuneMapper.memtune(d.child("memtune")),
                TuneMapper.blkiotune(d.child("blkiotune")),
                new NumaTune(
                        d.child("numatune").attrOf("memory", "mode"),
                        d.child("numatune").attrOf("memory", "nodeset"),
                        d.child("numatune").attrOf("memory", "placement")),
                d.map("sysinfo", DomainMapper::sysinfo),
                d.map("seclabel", DomainMapper::seclabel),
                LaunchSecurityMapper.launchSecurity(d.child("launchSecurity")),
                DeviceMapper.devices(d.child("devices")),
                QemuMapper.qemu(d),
                extensions,
                unknown);
    }

    static SecLabel seclabel(XmlElement s) {
        return new SecLabel(
                s.attr("type"),
                s.attr("model"),
                s.attr("relabel"),
                s.attr("labelskip"),
                s.textOf("label"),
                s.textOf("imagelabel"),
                s.textOf("baselabel"));
    }

    private static Memory memory(XmlElement d) {
        return new Memory(
                d.sizeBytesOf("memory", "KiB"),
                d.attrOf("memory", "dumpCore"),
                d.sizeBytesOf("currentMemory", "KiB"),
                d.sizeBytesOf("maxMemory", "KiB"),
                d.numberOf("maxMemory", "slots"));
    }

    private static MemoryBacking memoryBacking(XmlElement m) {
        return new MemoryBacking(
                m.has("nosharepages"),
                m.has("locked"),
                m.has("hugepages"),
                m.child("hugepages")
                        .map(
                                "page",
                                p -> new MemoryBacking.HugePage(
                                        Numbers.sizeBytes(
                                                p.attr("size"), p.attr("unit").isEmpty() ? "KiB" : p.attr("unit")),
                                        p.attr("nodeset"))),
                m.attrOf("source", "type"),
                m.attrOf("access", "mode"),
                m.attrOf("allocation", "mode"),
                m.numberOf("allocation", "threads"),
                m.has("discard"));
    }

    private static Cpu cpu(XmlElement c, boolean present) {
        XmlElement topology = c.child("topology");
        return new Cpu(
                present,
                c.attr("mode"),
                c.attr("match"),
                c.attr("check"),
                c.attr("migratable"),
                c.attr("deprecated_features"),
                c.textOf("model"),
                c.attrOf("model", "fallback"),
                c.attrOf("model", "vendor_id"),
                c.textOf("vendor"),
                new Cpu.Topology(
                        topology.number("sockets"),
                        topology.number("dies"),
                        topology.number("clusters"),
                        topology.number("cores"),
                        topology.number("threads")),
                c.attrOf("cache", "mode"),
                c.numberOf("cache", "level"),
                c.attrOf("maxphysaddr", "mode"),
                c.map("feature", f -> new Cpu.Feature(f.attr("name"), f.attr("policy"))),
                c.child("numa")
                        .map(
                                "cell",
                                n -> new Cpu.NumaCell(
                                        n.number("id"),
                                        n.attr("cpus"),
                                        Numbers.sizeBytes(
                                                n.attr("memory"), n.attr("unit").isEmpty() ? "KiB" : n.attr("unit")),
                                        n.attr("memAccess"),
                                        n.attr("discard"))));
    }

    private static Os os(XmlElement d) {
        XmlElement os = d.child("os");
        XmlElement loader = os.child("loader");
        XmlElement nvram = os.child("nvram");
        return new Os(
                os.textOf("type"),
                os.attrOf("type", "arch"),
                os.attrOf("type", "machine"),
                os.attr("firmware"),
                os.child("firmware").map("feature", f -> new Os.FirmwareFeature(f.attr("name"), f.attr("enabled"))),
                loader.text(),
                loader.attr("readonly"),
                loader.attr("secure"),
                loader.attr("type"),
                loader.attr("stateless"),
                loader.attr("format"),
                nvram.has("source") ? "" : nvram.text(),
                nvram.attr("template"),
                nvram.attr("templateFormat"),
                nvram.attr("format"),
                nvram.attr("type"),
                DiskMapper.source(nvram),
                os.attrOf("varstore", "path"),
                os.attrOf("varstore", "template"),
                os.textOf("kernel"),
                os.textOf("initrd"),
                os.textOf("cmdline"),
                os.textOf("dtb"),
                os.textOf("shim"),
                os.child("acpi").map("table", t -> new Os.AcpiTable(t.attr("type"), t.text())),
                os.map("boot", b -> b.attr("dev")),
                os.attrOf("bootmenu", "enable"),
                os.attrOf("bios", "useserial"),
                os.attrOf("smbios", "mode"),
                d.textOf("bootloader"),
                os.textOf("init"));
    }

    private static Features features(XmlElement f) {
        Map<String, String> states = new HashMap<>();
        f.children().forEach(child -> states.put(child.name(), state(child)));
        return new Features(
                f.has("acpi"),
                f.has("pae"),
                states.getOrDefault("apic", ""),
                states.getOrDefault("smm", ""),
                f.child("smm").sizeBytesOf("tseg", "MiB"),
                states.getOrDefault("pmu", ""),
                states.getOrDefault("vmport", ""),
                states.getOrDefault("vmcoreinfo", ""),
                f.attrOf("ioapic", "driver"),
                f.attrOf("gic", "version"),
                f.attrOf("hyperv", "mode"),
                switches(f.child("hyperv")),
                switches(f.child("kvm")),
                switches(f.child("xen")),
                f.attrOf("msrs", "unknown"),
                f.attrOf("capabilities", "policy"),
                states);
    }

    private static List<Parameter> switches(XmlElement parent) {
        return parent.children().stream()
                .map(c -> new Parameter(c.name(), state(c)))
                .toList();
    }

    private static String state(XmlElement feature) {
        String state = feature.attr("state");
        return state.isEmpty() ? "on" : state;
    }

    private static Clock clock(XmlElement c) {
        return new Clock(
                c.attr("offset"),
                c.attr("timezone"),
                c.attr("adjustment"),
                c.attr("basis"),
                c.map(
                        "timer",
                        t -> new Clock.Timer(
                                t.attr("name"),
                                t.attr("present"),
                                t.attr("tickpolicy"),
                                t.attr("track"),
                                t.attr("mode"))));
    }

    private static Sysinfo sysinfo(XmlElement s) {
        List<Sysinfo.Entry> entries = new ArrayList<>();
        for (XmlElement child : s.children()) {
            if (child.is("entry")) {
                entries.add(new Sysinfo.Entry("", child.attr("name"), child.text(), child.attr("file")));
            } else {
                child.all("entry")
                        .forEach(e ->
                                entries.add(new Sysinfo.Entry(child.name(), e.attr("name"), e.text(), e.attr("file"))));
            }
        }
        return new Sysinfo(s.attr("type"), entries);
    }
}
