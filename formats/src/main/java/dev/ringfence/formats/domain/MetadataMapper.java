package dev.ringfence.formats.domain;

import dev.ringfence.formats.Refusal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code <metadata>} to {@link Metadata}. */
final class MetadataMapper {
    static final String RINGFENCE = "urn:ringfence:1";
    private static final String NOVA = "http://openstack.org/xmlns/libvirt/nova/";

    private MetadataMapper() {}

    static Metadata metadata(XmlElement metadata) {
        return new Metadata(
                nova(metadata.children().stream().filter(MetadataMapper::isNova).findFirst()),
                ringfence(metadata.children().stream()
                        .filter(MetadataMapper::isRingfence)
                        .findFirst()),
                metadata.children().stream()
                        .map(e -> new Metadata.Element(e.space(), e.name(), e.source()))
                        .toList());
    }

    /** Metadata decides over launches, so a name with two values is no metadata at all. */
    static Optional<Refusal> ambiguity(XmlElement metadata) {
        List<XmlElement> nova =
                metadata.children().stream().filter(MetadataMapper::isNova).toList();
        List<XmlElement> ringfence =
                metadata.children().stream().filter(MetadataMapper::isRingfence).toList();
        if (nova.size() > 1 || ringfence.size() > 1) {
            return Optional.of(new Refusal("RF-XML-013", "more than one instance element in the metadata"));
        }
        if (nova.stream().anyMatch(MetadataMapper::repeatsChild)) {
            return Optional.of(new Refusal("RF-XML-013", "Nova's metadata names the same thing twice"));
        }
        for (XmlElement instance : ringfence) {
            Set<String> names = new HashSet<>(instance.attributes().keySet());
            for (XmlElement child : instance.children()) {
                if (!names.add(child.name())) {
                    return Optional.of(new Refusal("RF-XML-013", "ringfence's metadata names the same thing twice"));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean repeatsChild(XmlElement element) {
        if (element.name().equals("instance")
                || element.name().equals("owner")
                || element.name().equals("flavor")) {
            Set<String> names = new HashSet<>();
            return element.children().stream().anyMatch(c -> !names.add(c.name()) || repeatsChild(c));
        }
        return false;
    }

    private static boolean isNova(XmlElement element) {
        return element.space().startsWith(NOVA) && element.name().equals("instance");
    }

    private static boolean isRingfence(XmlElement element) {
        return element.space().equals(RINGFENCE) && element.name().equals("instance");
    }

    private static Metadata.Ringfence ringfence(Optional<XmlElement> found) {
        Map<String, String> values = new HashMap<>();
        found.ifPresent(element -> {
            element.attributes().forEach((name, value) -> {
                if (!name.startsWith("{")) {
                    values.put(name, value);
                }
            });
            element.children().forEach(child -> values.put(child.name(), child.text()));
        });
        return new Metadata.Ringfence(found.isPresent(), values);
    }

    private static Metadata.Nova nova(Optional<XmlElement> found) {
        XmlElement nova = found.orElse(XmlElement.NONE);
        XmlElement owner = child(nova, "owner");
        XmlElement root = child(nova, "root");
        XmlElement image = child(nova, "image");
        return new Metadata.Nova(
                found.isPresent(),
                child(nova, "package").attr("version"),
                child(nova, "name").text(),
                child(nova, "creationTime").text(),
                flavor(child(nova, "flavor")),
                child(owner, "user").text(),
                child(owner, "user").attr("uuid"),
                child(owner, "project").text(),
                child(owner, "project").attr("uuid"),
                root.attr("type"),
                root.attr("uuid"),
                image.attr("uuid"),
                named(child(image, "properties"), "property"),
                child(nova, "ports").children().stream()
                        .map(MetadataMapper::port)
                        .toList());
    }

    private static Metadata.NovaFlavor flavor(XmlElement flavor) {
        return new Metadata.NovaFlavor(
                flavor.attr("name"),
                flavor.attr("id"),
                Numbers.sizeBytes(child(flavor, "memory").text(), "MiB"),
                Numbers.sizeBytes(child(flavor, "disk").text(), "GiB"),
                Numbers.sizeBytes(child(flavor, "swap").text(), "MiB"),
                Numbers.sizeBytes(child(flavor, "ephemeral").text(), "GiB"),
                Numbers.parse(child(flavor, "vcpus").text()),
                named(child(flavor, "extraSpecs"), "extraSpec"));
    }

    private static Metadata.NovaPort port(XmlElement port) {
        return new Metadata.NovaPort(
                port.attr("uuid"),
                port.children().stream()
                        .map(ip -> new Metadata.NovaIp(ip.attr("type"), ip.attr("address"), ip.attr("ipVersion")))
                        .toList());
    }

    private static Map<String, String> named(XmlElement parent, String name) {
        Map<String, String> values = new HashMap<>();
        parent.children().stream()
                .filter(c -> c.name().equals(name) && c.space().equals(parent.space()))
                .forEach(c -> values.put(c.attr("name"), c.text()));
        return values;
    }

    /** A child in the parent's own namespace. */
    private static XmlElement child(XmlElement parent, String name) {
        for (XmlElement child : parent.children()) {
            if (child.name().equals(name) && child.space().equals(parent.space())) {
                return child;
            }
        }
        return XmlElement.NONE;
    }
}
