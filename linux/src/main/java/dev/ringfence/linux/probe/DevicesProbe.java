package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Devices;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.Inquiry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Reads IOMMU units and groups, PCI functions and SR-IOV virtual functions. */
public final class DevicesProbe {
    /** Asked only where a card has virtual functions enabled: no file tells how they are restricted. */
    public static final Inquiry LINKS = new Inquiry("ip-link.json", List.of("ip", "-d", "-j", "link"));

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final String GROUPS = "/sys/kernel/iommu_groups";
    private static final String PCI = "/sys/bus/pci/devices";

    private DevicesProbe() {}

    /** The host's devices. */
    public static Devices observe(HostFiles files) {
        Fact<List<Devices.IommuGroup>> groups = groups(files);
        Fact<List<Devices.PciFunction>> pci = pci(files, groups);
        return new Devices(
                files.list("/sys/class/iommu"),
                groups,
                pci,
                Readings.then(pci, functions -> virtual(files, functions)));
    }

    private static Fact<List<Devices.IommuGroup>> groups(HostFiles files) {
        return Readings.then(files.list(GROUPS), names -> {
            List<Devices.IommuGroup> groups = new ArrayList<>(names.size());
            for (String name : names) {
                OptionalLong id = Readings.decimal(name);
                if (id.isEmpty()) {
                    continue;
                }
                String path = GROUPS + "/" + name;
                if (!(files.list(path + "/devices") instanceof Fact.Observed<List<String>>(var members, var source))) {
                    return Fact.notObserved(path, "list", "its devices could not be listed");
                }
                // Kernels before 5.11 do not show the type.
                groups.add(new Devices.IommuGroup(
                        id.getAsLong(), files.line(path + "/type").orElse(""), members));
            }
            groups.sort(java.util.Comparator.comparingLong(Devices.IommuGroup::id));
            return Fact.of(List.copyOf(groups), GROUPS, "list");
        });
    }

    private static Fact<List<Devices.PciFunction>> pci(HostFiles files, Fact<List<Devices.IommuGroup>> groups) {
        Map<String, Long> groupOf = new HashMap<>();
        groups.orElse(List.of()).forEach(g -> g.members().forEach(m -> groupOf.put(m, g.id())));
        return Readings.then(files.list(PCI), addresses -> {
            List<Devices.PciFunction> functions = new ArrayList<>(addresses.size());
            for (String address : addresses) {
                switch (function(files, address, groupOf.getOrDefault(address, -1L))) {
                    case Fact.Observed<Devices.PciFunction>(var function, var source) -> functions.add(function);
                    // Taken out since the directory was read.
                    case Fact.Absent<Devices.PciFunction> gone -> {}
                    case Fact.NotObserved<Devices.PciFunction>(var source, String reason) -> {
                        return Fact.notObserved(source.where(), source.how(), reason);
                    }
                }
            }
            if (groups instanceof Fact.NotObserved<List<Devices.IommuGroup>>(var source, String reason)) {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
            // Only a card with virtual functions enabled has functions that are virtual.
            if (functions.stream().anyMatch(f -> f.virtualFunctions() > 0)) {
                functions.replaceAll(f -> withCard(files, f));
            }
            return Fact.of(List.copyOf(functions), PCI, "read");
        });
    }

    private static Devices.PciFunction withCard(HostFiles files, Devices.PciFunction function) {
        Fact<String> card = files.link(PCI + "/" + function.address() + "/physfn");
        return new Devices.PciFunction(
                function.address(),
                function.vendor(),
                function.device(),
                function.pciClass(),
                function.driver(),
                function.iommuGroup(),
                function.resetMethods(),
                function.virtualFunctions(),
                card.map(Readings::baseName));
    }

    /** One function; uevent holds in one read what class, vendor, device and driver hold in four. */
    private static Fact<Devices.PciFunction> function(HostFiles files, String address, long group) {
        String path = PCI + "/" + address;
        return Readings.then(files.text(path + "/uevent"), text -> {
            Map<String, String> event = new HashMap<>();
            text.lines().forEach(line -> {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    event.put(line.substring(0, equals), line.substring(equals + 1));
                }
            });
            String[] id =
                    event.getOrDefault("PCI_ID", "").toLowerCase(Locale.ROOT).split(":", -1);
            String pciClass = event.getOrDefault("PCI_CLASS", "").toLowerCase(Locale.ROOT);
            if (id.length != 2 || pciClass.isEmpty() || pciClass.length() > 6) {
                return Fact.notObserved(path + "/uevent", "parsed", "not what a PCI function shows");
            }
            // Only a card that can have virtual functions has this file.
            Fact<Long> enabled =
                    Readings.orElse(Readings.number(files, path + "/sriov_numvfs"), () -> Fact.of(0L, path, "read"));
            return Readings.then(
                    enabled,
                    virtualFunctions -> Fact.of(
                            new Devices.PciFunction(
                                    address,
                                    id[0],
                                    id[1],
                                    "0".repeat(6 - pciClass.length()) + pciClass,
                                    event.getOrDefault("DRIVER", ""),
                                    group,
                                    resetMethods(files, path),
                                    virtualFunctions,
                                    Fact.absent(path + "/physfn", "derived")),
                            path,
                            "read"));
        });
    }

    private static List<String> resetMethods(HostFiles files, String path) {
        return switch (files.line(path + "/reset_method")) {
            case Fact.Observed<String>(String methods, var source) ->
                methods.isEmpty() ? List.of() : List.of(methods.split("\\s+"));
            // Kernels before 5.15 show only that the function can be reset.
            case Fact<String> unseen -> files.exists(path + "/reset").orElse(false) ? List.of("unnamed") : List.of();
        };
    }

    private static Fact<List<Devices.VirtualFunction>> virtual(HostFiles files, List<Devices.PciFunction> functions) {
        if (functions.stream().noneMatch(f -> f.virtualFunctions() > 0)) {
            return Fact.of(List.of(), PCI, "derived");
        }
        Fact<String> printed = LINKS.ask(files, LIMIT);
        if (printed instanceof Fact.Absent<String>) {
            return Fact.notObserved(
                    printed.source().where(),
                    "command",
                    "virtual functions are enabled, but ip(8) is not there to ask");
        }
        return Readings.then(printed, text -> switch (JsonText.read(text)) {
            case Decoded.Value<Json>(Json links) ->
                Fact.of(virtualFunctions(links), printed.source().where(), "command");
            case Decoded.Refused<Json>(var refusal) ->
                Fact.notObserved(printed.source().where(), "command", refusal.toString());
        });
    }

    static List<Devices.VirtualFunction> virtualFunctions(Json links) {
        List<Devices.VirtualFunction> found = new ArrayList<>();
        for (Json link : links.elements()) {
            for (Json vf : link.member("vfinfo_list").map(Json::elements).orElse(List.of())) {
                found.add(new Devices.VirtualFunction(
                        link.textOf("ifname"),
                        vf.member("vf")
                                .map(Json::whole)
                                .orElse(OptionalLong.empty())
                                .orElse(-1),
                        vlan(vf),
                        vf.member("spoofchk").map(Json::isTrue).orElse(false),
                        // A driver that does not say is taken for one that trusts.
                        vf.member("trust").map(Json::isTrue).orElse(true)));
            }
        }
        return List.copyOf(found);
    }

    private static long vlan(Json vf) {
        List<Json> lists = vf.member("vlan_list").map(Json::elements).orElse(List.of());
        Json holder = lists.isEmpty() ? vf : lists.getFirst();
        return holder.member("vlan")
                .map(Json::whole)
                .orElse(OptionalLong.empty())
                .orElse(0);
    }
}
