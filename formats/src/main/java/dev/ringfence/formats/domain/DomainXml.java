package dev.ringfence.formats.domain;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads libvirt's domain XML, whoever wrote it. Time and memory are bounded by the input, of at most 4 MiB; nothing is
 * fetched. Thread-safe.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-XML-001 larger than 4 MiB
 *   <li>RF-XML-002 not well-formed
 *   <li>RF-XML-003 has a document type (DTD, entity declarations)
 *   <li>RF-XML-004 refers to an entity that is not predefined
 *   <li>RF-XML-005 nested deeper than 64 elements
 *   <li>RF-XML-006 more than 32,768 elements
 *   <li>RF-XML-007 in an encoding other than UTF-8, US-ASCII, ISO-8859-1
 *   <li>RF-XML-008 an element with more than 128 attributes, or a name or attribute value that is too long
 *   <li>RF-XML-009 the root is not {@code domain} or not {@code domstatus} with a {@code domain}
 *   <li>RF-XML-010 an element that may occur once occurs twice, so that two readers could see two domains
 *   <li>RF-XML-011 an element or attribute of another namespace inside libvirt's own, which readers may take for
 *       libvirt's
 *   <li>RF-XML-012 the domain has no name
 *   <li>RF-XML-013 the metadata names the same thing twice
 * </ul>
 *
 * Source: libvirt, "Domain XML format" and {@code domaincommon.rng}; the status file has no public description and was
 * read from running domains.
 */
public final class DomainXml {
    /** Children of {@code <domain>} that libvirt may hold more than once. */
    private static final Set<String> REPEATABLE = Set.of("seclabel", "sysinfo");

    private DomainXml() {}

    /** Decodes a {@code <domain>} document: persistent or live XML, or what a hook gets on standard input. */
    public static Decoded<Domain> decode(byte[] bytes) {
        return switch (XmlReader.read(bytes)) {
            case Decoded.Refused<XmlElement> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<XmlElement> root ->
                root.value().is("domain")
                        ? domain(root.value())
                        : Decoded.refused("RF-XML-009", "the root element is not domain");
        };
    }

    /** Decodes libvirt's run-time file of a domain, {@code /run/libvirt/qemu/NAME.xml}. */
    public static Decoded<DomainStatus> decodeStatus(byte[] bytes) {
        return switch (XmlReader.read(bytes)) {
            case Decoded.Refused<XmlElement> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<XmlElement> root -> status(root.value());
        };
    }

    private static Decoded<DomainStatus> status(XmlElement root) {
        if (!root.is("domstatus") || root.all("domain").size() != 1) {
            return Decoded.refused("RF-XML-009", "the root element is not domstatus around one domain");
        }
        return switch (domain(root.child("domain"))) {
            case Decoded.Refused<Domain> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<Domain> domain -> new Decoded.Value<>(StatusMapper.status(root, domain.value()));
        };
    }

    private static Decoded<Domain> domain(XmlElement element) {
        Optional<Refusal> ambiguous = ambiguity(element);
        if (ambiguous.isPresent()) {
            return new Decoded.Refused<>(ambiguous.get());
        }
        if (element.textOf("name").isEmpty()) {
            return Decoded.refused("RF-XML-012", "the domain has no name");
        }
        return new Decoded.Value<>(DomainMapper.domain(element));
    }

    /** What two readers could understand differently. */
    private static Optional<Refusal> ambiguity(XmlElement domain) {
        Set<String> seen = new HashSet<>();
        for (XmlElement child : domain.children()) {
            if (!child.space().isEmpty()) {
                continue;
            }
            if (!seen.add(child.name()) && !REPEATABLE.contains(child.name())) {
                return Optional.of(new Refusal("RF-XML-010", "more than one " + child.name() + " in the domain"));
            }
            if (!child.name().equals("metadata") && mixesNamespaces(child)) {
                return Optional.of(
                        new Refusal("RF-XML-011", "another namespace inside " + child.name() + " of the domain"));
            }
        }
        if (hasForeignAttribute(domain)) {
            return Optional.of(new Refusal("RF-XML-011", "an attribute of another namespace on the domain"));
        }
        return MetadataMapper.ambiguity(domain.child("metadata"));
    }

    private static boolean mixesNamespaces(XmlElement element) {
        return !element.space().isEmpty()
                || hasForeignAttribute(element)
                || element.children().stream().anyMatch(DomainXml::mixesNamespaces);
    }

    private static boolean hasForeignAttribute(XmlElement element) {
        return element.attributes().keySet().stream().anyMatch(name -> name.startsWith("{"));
    }
}
