package dev.ringfence.formats.domain;

import java.util.List;

/** {@code <domstatus>} to {@link DomainStatus}. */
final class StatusMapper {
    private StatusMapper() {}

    static DomainStatus status(XmlElement root, Domain domain) {
        return new DomainStatus(
                root.attr("state"),
                root.attr("reason"),
                root.number("pid"),
                root.attrOf("monitor", "path"),
                root.attrOf("monitor", "type"),
                root.child("vcpus").map("vcpu", v -> new DomainStatus.VcpuThread(v.number("id"), v.number("pid"))),
                root.child("namespaces").children().stream()
                        .map(XmlElement::name)
                        .toList(),
                root.map("taint", t -> t.attr("flag")),
                root.map("deprecation", XmlElement::text),
                root.child("qemuCaps").map("flag", f -> f.attr("name")),
                jobs(root),
                root.attrOf("libDir", "path"),
                root.attrOf("channelTargetDir", "path"),
                root.attrOf("blockjobs", "active"),
                root.has("chardevStdioLogd"),
                root.has("rememberOwner"),
                domain);
    }

    private static List<String> jobs(XmlElement root) {
        return root.map(
                "job",
                j -> j.attr("async").isEmpty() || j.attr("async").equals("none") ? j.attr("type") : j.attr("async"));
    }
}
