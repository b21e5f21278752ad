package dev.ringfence.wire.report;

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
import dev.ringfence.testkit.Fuzz;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Reports for tests: one that a real host could give, and seeded ones whose every text is hostile. */
final class SampleReports {
    static final Instant AT = Instant.parse("2026-11-20T09:41:27.5Z");

    /** Texts that end a context early, or that no document may hold as they are. */
    static final List<String> HOSTILE = List.of(
            "",
            " ",
            "]]>",
            "<script>alert(1)</script>",
            "</script><!--",
            "\"'&<>`=/",
            "\u0000\u0001\u0008\u000b\u001b[31m\u001f\u007f\u0085\u009f",
            "a\r\nb\tc\u2028d\u2029e",
            "\ud800",
            "x\udc00y",
            "\ud83d\ude00",
            "\ufffe\uffff\ufeff",
            "\u202egnp.exe\u202c",
            "[here](https://example.org) ![x](javascript:1)",
            "{0} {{1}} ${jndi:ldap://x} {% raw %}",
            "*_~`^ **bold** | # h",
            "../../etc/passwd",
            "//host/share",
            "/etc/a b?c#d%41:e",
            "javascript:alert(1)",
            "%s %n \\u0000 \\",
            "ünïcødé 漢字 🧱",
            "x".repeat(5000));

    private SampleReports() {}

    /** A control of a host as a whole. */
    static Control control(String id, String title, Severity severity) {
        return control(id, title, severity, "");
    }

    /** A control that judges elements one by one, unless the name of the element is empty. */
    static Control control(String id, String title, Severity severity, String as) {
        return new Control(
                id,
                title,
                severity,
                Profile.Level.BASELINE,
                List.of(Threat.GUEST_TO_HOST),
                List.of(Stride.INFORMATION_DISCLOSURE, Stride.ELEVATION_OF_PRIVILEGE),
                "Because " + title + ".",
                "",
                as.isEmpty() ? "" : as + "s",
                as,
                as.isEmpty() ? "" : as + ".name",
                "true",
                "seen",
                new Fix(
                        Fix.Reach.DAEMON,
                        "Set it and restart the daemon.",
                        List.of(new Fix.Change(Fix.Kind.LIBVIRT_CONF, "/etc/libvirt/qemu.conf:user", "\"qemu\"")),
                        "none to speak of"),
                List.of("NIST SP 800-53r5 SC-3"));
    }

    static AuditReport typical() {
        Waiver waiver = new Waiver(
                "NET-004",
                "*",
                "kvm-07",
                "a.ngata",
                "legacy switch until the move",
                Instant.parse("2027-01-31T00:00:00Z"),
                "OPS-112");
        Waiver late = new Waiver(
                "LVT-002",
                "*",
                "kvm-07",
                "b.okafor",
                "was to be fixed in autumn",
                Instant.parse("2026-10-01T00:00:00Z"),
                "");
        List<Source> conf = List.of(
                new Source("/etc/libvirt/qemu.conf", "parsed"), new Source("/etc/libvirt/qemu/web-7.xml", "parsed"));
        return new AuditReport(
                "kvm-07",
                "live as root",
                AT,
                "multi-tenant",
                List.of(
                        new ControlResult(
                                control("MEM-001", "Memory of guests is not shared", Severity.CRITICAL),
                                Verdict.FAIL,
                                "run = 1, 4096 pages shared",
                                List.of(),
                                List.of(new Source("/sys/kernel/mm/ksm/run", "read"), new Source("uname -r", "ran")),
                                Optional.empty()),
                        new ControlResult(
                                control("LVT-002", "Guests run as an unprivileged user", Severity.HIGH),
                                Verdict.FAIL,
                                "user = root",
                                List.of(),
                                conf,
                                Optional.of(new ControlResult.AppliedWaiver(late, Verdict.FAIL, true))),
                        new ControlResult(
                                control("GST-003", "Guests have a security label", Severity.HIGH, "guest"),
                                Verdict.FAIL,
                                "1 of 3: web-7: no label",
                                List.of(
                                        new ControlResult.SubjectResult("web-7", Verdict.FAIL, "no label"),
                                        new ControlResult.SubjectResult(
                                                "db-1",
                                                Verdict.NOT_COVERED,
                                                "/etc/libvirt/qemu/db-1.xml: permission denied"),
                                        new ControlResult.SubjectResult("db-2", Verdict.PASS, "label dynamic")),
                                conf,
                                Optional.empty()),
                        new ControlResult(
                                control("NET-004", "Taps are not promiscuous", Severity.MEDIUM, "interface"),
                                Verdict.WAIVED,
                                "tap3 is promiscuous",
                                List.of(new ControlResult.SubjectResult("tap3", Verdict.WAIVED, "promiscuous")),
                                List.of(new Source("/sys/class/net/tap3/flags", "read")),
                                Optional.of(new ControlResult.AppliedWaiver(waiver, Verdict.FAIL, false))),
                        new ControlResult(
                                control("FRM-001", "Secure Boot is on", Severity.MEDIUM),
                                Verdict.NOT_COVERED,
                                "/sys/firmware/efi/efivars: permission denied; run as root",
                                List.of(),
                                List.of(),
                                Optional.empty()),
                        new ControlResult(
                                control("OST-001", "Nova checks host keys", Severity.LOW),
                                Verdict.NOT_APPLICABLE,
                                "does not apply here",
                                List.of(),
                                List.of(new Source("/etc/nova", "stat")),
                                Optional.empty()),
                        new ControlResult(
                                control("KRN-001", "Kernel addresses are hidden", Severity.LOW),
                                Verdict.PASS,
                                "kernel.kptr_restrict = 2",
                                List.of(),
                                List.of(new Source("/proc/sys/kernel/kptr_restrict", "read")),
                                Optional.empty())),
                Map.of("SSH-009", "bastion only", "ACC-002", "no local accounts here"));
    }

    /** No control was chosen. */
    static AuditReport empty() {
        return new AuditReport("kvm-07", "live as root", AT, "baseline", List.of(), Map.of());
    }

    /** A report whose texts are all hostile, with every verdict; another one for each seed. */
    static AuditReport hostile(long seed) {
        RandomGenerator random = Fuzz.random(seed);
        List<ControlResult> results = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            results.add(result(random));
        }
        return new AuditReport(
                text(random),
                text(random),
                instant(random),
                text(random),
                results,
                Map.of("a" + text(random), text(random), "b" + text(random), text(random)));
    }

    private static ControlResult result(RandomGenerator random) {
        List<ControlResult.SubjectResult> subjects = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            subjects.add(new ControlResult.SubjectResult(text(random), one(random, Verdict.values()), text(random)));
        }
        List<Source> sources = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            sources.add(new Source((random.nextBoolean() ? "/" : "") + text(random), text(random)));
        }
        Waiver waiver = new Waiver(
                text(random),
                text(random),
                text(random),
                "o" + text(random),
                "r" + text(random),
                instant(random),
                text(random));
        return new ControlResult(
                new Control(
                        text(random),
                        text(random),
                        one(random, Severity.values()),
                        one(random, Profile.Level.values()),
                        List.of(one(random, Threat.values())),
                        List.of(one(random, Stride.values())),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        new Fix(
                                one(random, Fix.Reach.values()),
                                text(random),
                                List.of(new Fix.Change(one(random, Fix.Kind.values()), text(random), text(random))),
                                text(random)),
                        List.of(text(random), text(random))),
                one(random, Verdict.values()),
                text(random),
                subjects,
                sources,
                random.nextBoolean()
                        ? Optional.of(new ControlResult.AppliedWaiver(
                                waiver, one(random, Verdict.values()), random.nextBoolean()))
                        : Optional.empty());
    }

    private static String text(RandomGenerator random) {
        return one(random, HOSTILE.toArray(String[]::new));
    }

    private static Instant instant(RandomGenerator random) {
        return one(random, AT, Instant.EPOCH, Instant.MAX, Instant.MIN, Instant.parse("9999-12-31T23:59:59Z"));
    }

    @SafeVarargs
    private static <T> T one(RandomGenerator random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
