package dev.ringfence.formats.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What applications attached to the domain. libvirt keeps it unread; whoever may define a domain may write it, so it is
 * a claim and not a proof.
 *
 * @param nova what OpenStack Nova says of the instance; {@code present} is false without such an element
 * @param ringfence the {@code <instance xmlns="urn:ringfence:1">} element
 * @param elements every element of the metadata, in order
 */
public record Metadata(Nova nova, Ringfence ringfence, List<Element> elements) {
    public Metadata {
        elements = List.copyOf(elements);
    }

    /**
     * One element of the metadata.
     *
     * @param namespaceUri XML namespace, {@code ""} without one
     * @param name local name
     * @param xml the element as text
     */
    public record Element(String namespaceUri, String name, String xml) {}

    /**
     * {@code urn:ringfence:1} {@code instance}. Attributes and children that hold only text are values alike.
     *
     * @param values by local name, such as {@code owner}
     */
    public record Ringfence(boolean present, Map<String, String> values) {
        public Ringfence {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * Nova's {@code <nova:instance>}, of any version of its namespace.
     *
     * @param packageVersion version of nova-compute
     * @param creationTime as written, {@code YYYY-MM-DD HH:MM:SS}, UTC
     * @param rootType {@code image} or {@code volume}
     * @param rootUuid identifier of the image that the root disk was made from
     * @param imageUuid identifier of the image element that newer releases add
     */
    public record Nova(
            boolean present,
            String packageVersion,
            String name,
            String creationTime,
            NovaFlavor flavor,
            String userName,
            String userUuid,
            String projectName,
            String projectUuid,
            String rootType,
            String rootUuid,
            String imageUuid,
            Map<String, String> imageProperties,
            List<NovaPort> ports) {
        public Nova {
            imageProperties = Collections.unmodifiableMap(new LinkedHashMap<>(imageProperties));
            ports = List.copyOf(ports);
        }
    }

    /**
     * The flavor, sizes as Nova counts them.
     *
     * @param memorySizeBytes written in MiB
     * @param diskSizeBytes written in GiB
     * @param swapSizeBytes written in MiB
     * @param ephemeralSizeBytes written in GiB
     */
    public record NovaFlavor(
            String name,
            String id,
            long memorySizeBytes,
            long diskSizeBytes,
            long swapSizeBytes,
            long ephemeralSizeBytes,
            long vcpus,
            Map<String, String> extraSpecs) {
        public NovaFlavor {
            extraSpecs = Collections.unmodifiableMap(new LinkedHashMap<>(extraSpecs));
        }
    }

    /** A Neutron port. */
    public record NovaPort(String uuid, List<NovaIp> ips) {
        public NovaPort {
            ips = List.copyOf(ips);
        }
    }

    /**
     * A fixed or floating address.
     *
     * @param ipVersion {@code 4} or {@code 6}
     */
    public record NovaIp(String type, String address, String ipVersion) {}
}
