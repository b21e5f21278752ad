package dev.ringfence.formats.domain;

import java.util.ArrayList;
import java.util.List;

/** Elements of QEMU's namespace to {@link Qemu}. */
final class QemuMapper {
    private static final String NAMESPACE = "http://libvirt.org/schemas/domain/qemu/1.0";

    private QemuMapper() {}

    static Qemu qemu(XmlElement domain) {
        List<XmlElement> commandlines = all(domain, "commandline");
        List<XmlElement> overrides = all(domain, "override");
        List<XmlElement> capabilities = all(domain, "capabilities");
        List<String> args = new ArrayList<>();
        List<Parameter> envs = new ArrayList<>();
        for (XmlElement commandline : commandlines) {
            all(commandline, "arg").forEach(a -> args.add(a.attr("value")));
            all(commandline, "env").forEach(e -> envs.add(new Parameter(e.attr("name"), e.attr("value"))));
        }
        List<String> add = new ArrayList<>();
        List<String> del = new ArrayList<>();
        for (XmlElement changes : capabilities) {
            all(changes, "add").forEach(c -> add.add(c.attr("capability")));
            all(changes, "del").forEach(c -> del.add(c.attr("capability")));
        }
        return new Qemu(
                !commandlines.isEmpty(),
                args,
                envs,
                !overrides.isEmpty(),
                overrides.stream().flatMap(o -> properties(o).stream()).toList(),
                !capabilities.isEmpty(),
                add,
                del,
                all(domain, "deprecation").stream()
                        .map(d -> d.attr("behavior"))
                        .findFirst()
                        .orElse(""));
    }

    private static List<Qemu.PropertyOverride> properties(XmlElement override) {
        List<Qemu.PropertyOverride> properties = new ArrayList<>();
        for (XmlElement device : all(override, "device")) {
            for (XmlElement frontend : all(device, "frontend")) {
                for (XmlElement property : all(frontend, "property")) {
                    properties.add(new Qemu.PropertyOverride(
                            device.attr("alias"),
                            property.attr("name"),
                            property.attr("type"),
                            property.attr("value")));
                }
            }
        }
        return properties;
    }

    private static List<XmlElement> all(XmlElement parent, String name) {
        return parent.children().stream()
                .filter(c -> c.space().equals(NAMESPACE) && c.name().equals(name))
                .toList();
    }
}
