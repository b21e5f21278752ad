package dev.ringfence.cli.report;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Stride;
import dev.ringfence.core.audit.Threat;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.core.host.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A report as a host with some faults gives it, and one of hostile texts. */
final class SampleReport {
    private static final List<Severity> SEVERITIES = List.of(Severity.values());
    static final Instant AT = Instant.parse("2026-11-20T09:41:27Z");

    private SampleReport() {}

    private static Control control(
            String id,
            String title,
            Severity severity,
            String as,
            List<Threat> threats,
            List<Stride> stride,
            String why,
            Fix fix) {
        return new Control(
                id,
                title,
                severity,
                Profile.Level.BASELINE,
                threats,
                stride,
                why,
                "",
                as.isEmpty() ? "" : as + "s",
                as,
                as.isEmpty() ? "" : as,
                "true",
                "seen",
                fix,
                List.of("NIST SP 800-53r5 SC-39", "BSI SYS.1.5.A14"));
    }

    private static Fix fix(Fix.Reach reach, String summary, String cost, Fix.Change... changes) {
        return new Fix(reach, summary, List.of(changes), cost);
    }

    private static ControlResult whole(Control control, Verdict verdict, String evidence, Source... sources) {
        return new ControlResult(control, verdict, evidence, List.of(), List.of(sources), Optional.empty());
    }

    private static ControlResult.SubjectResult subject(String name, Verdict verdict, String evidence) {
        return new ControlResult.SubjectResult(name, verdict, evidence);
    }

    private static Control quiet(String id, String title, Severity severity) {
        return control(
                id,
                title,
                severity,
                "",
                List.of(Threat.GUEST_TO_HOST),
                List.of(Stride.TAMPERING),
                "Because.",
                fix(Fix.Reach.LIVE, "Set it.", ""));
    }

    /** Failures of every severity, waivers, gaps, and some sixty controls that hold. */
    static AuditReport faulty() {
        List<ControlResult> results = new ArrayList<>(List.of(
                whole(
                        control(
                                "MEM-001",
                                "Guests of different tenants share no memory pages",
                                Severity.CRITICAL,
                                "",
                                List.of(Threat.GUEST_TO_GUEST),
                                List.of(Stride.INFORMATION_DISCLOSURE),
                                "Kernel samepage merging lets one guest learn what another holds in memory, by the time that"
                                        + " a write to a merged page takes.",
                                fix(
                                        Fix.Reach.LIVE,
                                        "Switch merging off and split the pages that are merged now.",
                                        "Memory that merging had saved is used again; check free memory first.",
                                        new Fix.Change(Fix.Kind.SYSFS, "/sys/kernel/mm/ksm/run", "2"),
                                        new Fix.Change(Fix.Kind.UNIT, "ksmtuned.service", "mask"))),
                        Verdict.FAIL,
                        "run = 1, 184320 pages shared",
                        new Source("/sys/kernel/mm/ksm/run", "read"),
                        new Source("/sys/kernel/mm/ksm/pages_sharing", "read")),
                new ControlResult(
                        control(
                                "GST-003",
                                "Every guest is confined by SELinux or AppArmor",
                                Severity.CRITICAL,
                                "guest",
                                List.of(Threat.GUEST_TO_HOST, Threat.GUEST_TO_GUEST),
                                List.of(Stride.ELEVATION_OF_PRIVILEGE, Stride.TAMPERING),
                                "Without a label of its own, a guest that breaks out of QEMU reads and writes what every"
                                        + " other guest on the host can.",
                                fix(
                                        Fix.Reach.GUEST,
                                        "Give each guest a dynamic label and start it again.",
                                        "",
                                        new Fix.Change(
                                                Fix.Kind.LIBVIRT_CONF,
                                                "/etc/libvirt/qemu.conf:security_default_confined",
                                                "1"),
                                        new Fix.Change(Fix.Kind.DOMAIN_XML, "/domain/seclabel/@type", "dynamic"))),
                        Verdict.FAIL,
                        "2 of 14: web-7: seclabel type none; legacy-erp: no label; and 1 not covered",
                        List.of(
                                subject("web-7", Verdict.FAIL, "seclabel type none"),
                                subject("db-1", Verdict.PASS, "svirt_t:s0:c12,c801"),
                                subject("legacy-erp", Verdict.FAIL, "no label"),
                                subject(
                                        "build-2",
                                        Verdict.NOT_COVERED,
                                        "/var/run/libvirt/qemu/build-2.xml: permission denied"),
                                subject("db-2", Verdict.PASS, "svirt_t:s0:c3,c77"),
                                subject("db-3", Verdict.PASS, "svirt_t:s0:c90,c112"),
                                subject("db-4", Verdict.PASS, "svirt_t:s0:c9,c512"),
                                subject("cache-1", Verdict.PASS, "svirt_t:s0:c44,c102"),
                                subject("cache-2", Verdict.PASS, "svirt_t:s0:c45,c103"),
                                subject("cache-3", Verdict.PASS, "svirt_t:s0:c46,c104")),
                        List.of(
                                new Source("/etc/libvirt/qemu/web-7.xml", "parsed"),
                                new Source("/proc/4127/attr/current", "read")),
                        Optional.empty()),
                new ControlResult(
                        control(
                                "LVT-002",
                                "QEMU runs as an unprivileged user",
                                Severity.HIGH,
                                "",
                                List.of(Threat.GUEST_TO_HOST),
                                List.of(Stride.ELEVATION_OF_PRIVILEGE),
                                "A QEMU process of root turns every escape into control of the host.",
                                fix(
                                        Fix.Reach.DAEMON,
                                        "Set user and group, restart the daemon, and start the guests again when it suits.",
                                        "",
                                        new Fix.Change(
                                                Fix.Kind.LIBVIRT_CONF,
                                                "/etc/libvirt/qemu.conf:user",
                                                "\"libvirt-qemu\""),
                                        new Fix.Change(
                                                Fix.Kind.LIBVIRT_CONF,
                                                "/etc/libvirt/qemu.conf:group",
                                                "\"libvirt-qemu\""))),
                        Verdict.FAIL,
                        "user = \"root\" in /etc/libvirt/qemu.conf, line 519",
                        List.of(),
                        List.of(new Source("/etc/libvirt/qemu.conf", "parsed")),
                        Optional.of(new ControlResult.AppliedWaiver(
                                new Waiver(
                                        "LVT-002",
                                        "*",
                                        "*",
                                        "b.okafor",
                                        "vendor appliance needs it until its update",
                                        Instant.parse("2026-10-01T00:00:00Z"),
                                        "OPS-4410"),
                                Verdict.FAIL,
                                true))),
                whole(
                        control(
                                "CPU-001",
                                "No known processor flaw is left open",
                                Severity.HIGH,
                                "",
                                List.of(Threat.GUEST_TO_HOST, Threat.GUEST_TO_GUEST),
                                List.of(Stride.INFORMATION_DISCLOSURE),
                                "A guest on the same core can read the host's memory, or another guest's, through a flaw"
                                        + " that the kernel could close.",
                                fix(
                                        Fix.Reach.REBOOT,
                                        "Install the microcode and boot without the arguments that switch mitigations off.",
                                        "Up to a tenth of throughput for workloads with many system calls.",
                                        new Fix.Change(Fix.Kind.KERNEL_ARGUMENT, "mitigations=off", "remove"),
                                        new Fix.Change(Fix.Kind.PACKAGE, "intel-microcode", "upgrade"))),
                        Verdict.FAIL,
                        "2 of 17 open: mds: Vulnerable; SMT vulnerable, spectre_v2: Vulnerable, IBPB: disabled",
                        new Source("/sys/devices/system/cpu/vulnerabilities", "read"),
                        new Source("/proc/cmdline", "read")),
                whole(
                        control(
                                "NET-002",
                                "Guests cannot send from addresses that are not theirs",
                                Severity.MEDIUM,
                                "",
                                List.of(Threat.GUEST_TO_GUEST),
                                List.of(Stride.SPOOFING),
                                "A guest that takes its neighbour's address receives what is meant for the neighbour.",
                                fix(
                                        Fix.Reach.GUEST,
                                        "Add the filter clean-traffic to each interface of a guest.",
                                        "",
                                        new Fix.Change(
                                                Fix.Kind.DOMAIN_XML,
                                                "/domain/devices/interface/filterref/@filter",
                                                "clean-traffic"))),
                        Verdict.FAIL,
                        "5 of 31 interfaces without a filter"),
                whole(
                        control(
                                "KRN-004",
                                "Kernel messages are for administrators",
                                Severity.LOW,
                                "",
                                List.of(Threat.GUEST_TO_HOST),
                                List.of(Stride.INFORMATION_DISCLOSURE),
                                "Kernel messages tell addresses that an exploit needs.",
                                fix(
                                        Fix.Reach.LIVE,
                                        "Set the sysctl.",
                                        "",
                                        new Fix.Change(Fix.Kind.SYSCTL, "kernel.dmesg_restrict", "1"))),
                        Verdict.FAIL,
                        "kernel.dmesg_restrict = 0",
                        new Source("/proc/sys/kernel/dmesg_restrict", "read")),
                new ControlResult(
                        control(
                                "NET-004",
                                "No tap is promiscuous",
                                Severity.MEDIUM,
                                "interface",
                                List.of(Threat.GUEST_TO_GUEST),
                                List.of(Stride.INFORMATION_DISCLOSURE),
                                "Because.",
                                fix(Fix.Reach.LIVE, "Switch it off.", "")),
                        Verdict.WAIVED,
                        "1 of 31: tap-ids0: promiscuous",
                        List.of(
                                subject("tap-ids0", Verdict.WAIVED, "promiscuous"),
                                subject("tap3", Verdict.PASS, "not promiscuous")),
                        List.of(),
                        Optional.of(new ControlResult.AppliedWaiver(
                                new Waiver(
                                        "NET-004",
                                        "tap-ids*",
                                        "*",
                                        "a.ngata",
                                        "The sensor guest mirrors the segment until the switch can.",
                                        Instant.parse("2027-01-31T00:00:00Z"),
                                        "SEC-112"),
                                Verdict.FAIL,
                                false))),
                whole(
                        quiet("FRM-001", "Secure Boot is on", Severity.HIGH),
                        Verdict.NOT_COVERED,
                        "/sys/firmware/efi/efivars: permission denied; run as root"),
                whole(
                        quiet("ACC-002", "No account has an empty password", Severity.HIGH),
                        Verdict.NOT_COVERED,
                        "/etc/shadow: permission denied; run as root"),
                whole(
                        quiet("OST-011", "Nova verifies host keys of its peers", Severity.MEDIUM),
                        Verdict.NOT_APPLICABLE,
                        "does not apply here"),
                whole(
                        quiet("DEV-003", "Virtual functions check for spoofed addresses", Severity.MEDIUM),
                        Verdict.NOT_APPLICABLE,
                        "nothing of the kind here")));
        IntStream.range(0, 42)
                .forEach(i -> results.add(whole(
                        quiet(
                                "KRN-%03d".formatted(100 + i),
                                "Kernel setting number " + i + " is as it should be",
                                SEVERITIES.get(i % SEVERITIES.size())),
                        Verdict.PASS,
                        "kernel.setting_" + i + " = " + i)));
        return new AuditReport(
                "kvm-07.fra1.example.net",
                "live as uid 1000",
                AT,
                "multi-tenant",
                results,
                Map.of(
                        "SSH-009",
                        "The bastion alone reaches port 22.",
                        "LOG-004",
                        "Logs go through the rack's own collector."));
    }

    /** Every text is the given one. */
    static AuditReport of(Function<String, String> text) {
        List<ControlResult> results = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            Control control = new Control(
                    text.apply("id"),
                    text.apply("title"),
                    Severity.HIGH,
                    Profile.Level.BASELINE,
                    List.of(Threat.GUEST_TO_HOST),
                    List.of(Stride.SPOOFING),
                    text.apply("rationale"),
                    "",
                    "",
                    text.apply("as"),
                    "",
                    "",
                    "",
                    new Fix(
                            Fix.Reach.LIVE,
                            text.apply("summary"),
                            List.of(new Fix.Change(Fix.Kind.COMMAND, text.apply("target"), text.apply("value"))),
                            text.apply("cost")),
                    List.of(text.apply("reference")));
            for (boolean expired : new boolean[] {false, true}) {
                results.add(new ControlResult(
                        control,
                        verdict,
                        text.apply("evidence"),
                        List.of(subject(text.apply("subject"), Verdict.FAIL, text.apply("subjectEvidence"))),
                        List.of(new Source(text.apply("where"), text.apply("how"))),
                        Optional.of(new ControlResult.AppliedWaiver(
                                new Waiver(
                                        text.apply("control"),
                                        text.apply("pattern"),
                                        text.apply("waivedHost"),
                                        "o" + text.apply("owner"),
                                        "r" + text.apply("reason"),
                                        Instant.MAX,
                                        text.apply("ticket")),
                                Verdict.FAIL,
                                expired))));
            }
        }
        return new AuditReport(
                text.apply("host"),
                text.apply("observer"),
                AT,
                text.apply("profile"),
                results,
                Map.of(text.apply("left"), text.apply("leftReason")));
    }
}
