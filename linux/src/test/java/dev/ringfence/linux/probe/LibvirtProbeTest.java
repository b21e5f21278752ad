package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Libvirt;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibvirtProbeTest {
    private static final String ETC = "/etc/libvirt/";
    private static final String WANTS = "/etc/systemd/system/sockets.target.wants/";

    @TempDir
    private Path root;

    @Test
    void readsTheQemuDriversSettings() {
        Libvirt.Settings qemu =
                value(observe(tree().file(ETC + "qemu.conf", """
                # user = "commented"
                user = "root"
                vnc_password = "hunter2"
                seccomp_sandbox = 0
                namespaces = [ ]
                cgroup_device_acl = [ "/dev/null", "/dev/mem" ]
                """)).qemu());
        assertThat(qemu.values())
                .containsOnly(
                        Map.entry("user", "root"),
                        Map.entry("vnc_password", "[redacted 7]"),
                        Map.entry("seccomp_sandbox", "0"));
        assertThat(qemu.lists())
                .containsOnly(
                        Map.entry("namespaces", List.of()),
                        Map.entry("cgroup_device_acl", List.of("/dev/null", "/dev/mem")));
    }

    @Test
    void defaultsHoldWhereThereIsNoFile() {
        Libvirt libvirt = observe(tree().file("/usr/sbin/virtqemud", ""));
        assertThat(value(libvirt.installed())).isTrue();
        assertThat(value(libvirt.qemu()).values()).isEmpty();
    }

    @Test
    void hostWithoutLibvirtHasNoSettings() {
        Libvirt libvirt = observe(tree());
        assertThat(value(libvirt.installed())).isFalse();
        assertThat(isAbsent(libvirt.qemu())).isTrue();
        assertThat(isAbsent(libvirt.securityModels())).isTrue();
        assertThat(value(libvirt.daemons())).isEmpty();
        assertThat(value(libvirt.hooks())).isEmpty();
        assertThat(isAbsent(libvirt.saslMechanisms())).isTrue();
        assertThat(value(libvirt.bridgeHelperRules())).isEmpty();
    }

    @Test
    void brokenFileOfOneDaemonHidesNoOther() {
        Libvirt libvirt = observe(tree().file(ETC + "qemu.conf", "user = root\n")
                .file(ETC + "libvirtd.conf", "auth_tcp = \"none\"\n")
                .fifo(ETC + "virtlogd.conf"));
        assertThat(reason(libvirt.qemu())).startsWith("RF-LVC-");
        assertThat(reason(libvirt.securityModels())).startsWith("RF-LVC-");
        Libvirt.Daemon libvirtd = daemon(libvirt, "libvirtd");
        assertThat(value(libvirtd.settings()).values()).containsEntry("auth_tcp", "none");
        assertThat(reason(daemon(libvirt, "virtlogd").settings())).contains("fifo");
    }

    @Test
    void seesARunningDaemonThatListens() {
        HostTree tree = tree().file("/proc/5/comm", "libvirtd\n")
                .link("/proc/5/exe", "/usr/sbin/libvirtd (deleted)")
                .file("/proc/5/cmdline", "/usr/sbin/libvirtd\0-d\0--listen\0")
                .file("/proc/6/comm", "virtlogd\n")
                .link("/proc/6/exe", "/usr/bin/pretender");
        Libvirt.Daemon libvirtd = daemon(observe(tree), "libvirtd");
        assertThat(value(libvirtd.running())).isTrue();
        assertThat(value(libvirtd.listens())).isTrue();
        assertThat(value(libvirtd.settings()).values()).isEmpty();
        assertThat(value(observe(tree).daemons()))
                .extracting(Libvirt.Daemon::name)
                .containsExactly("libvirtd");
        tree.file("/proc/5/cmdline", "/usr/sbin/libvirtd\0--timeout\0120\0");
        assertThat(value(daemon(observe(tree), "libvirtd").listens())).isFalse();
    }

    @Test
    void readsTheArgumentsOfADaemonThatDoesNotRun() {
        HostTree tree = tree().file(ETC + "libvirtd.conf", "");
        assertThat(value(daemon(observe(tree), "libvirtd").listens())).isFalse();
        tree.file("/etc/default/libvirtd", "#libvirtd_opts=\"-l\"\n");
        assertThat(value(daemon(observe(tree), "libvirtd").listens())).isFalse();
        tree.file("/etc/default/libvirtd", "libvirtd_opts=\"-d -l\"\n");
        assertThat(value(daemon(observe(tree), "libvirtd").listens())).isTrue();
        tree.delete("/etc/default/libvirtd").file("/etc/sysconfig/libvirtd", "LIBVIRTD_ARGS=--listen\n");
        assertThat(value(daemon(observe(tree), "libvirtd").listens())).isTrue();
    }

    @Test
    void switchedOffHostDoesNotSayWhatRuns() {
        HostTree tree = new HostTree(root).file(ETC + "libvirtd.conf", "");
        assertThat(reason(daemon(observe(tree), "libvirtd").running())).contains("no process is visible");
    }

    @Test
    void namesEnabledSocketsAndLeavesOutMaskedOnes() {
        HostTree tree = tree().file(ETC + "libvirtd.conf", "")
                .link(WANTS + "libvirtd-tcp.socket", "/lib/systemd/system/libvirtd-tcp.socket")
                .link(WANTS + "libvirtd.socket", "/lib/systemd/system/libvirtd.socket")
                .link(WANTS + "libvirtd-tls.socket", "/lib/systemd/system/libvirtd-tls.socket")
                .link("/etc/systemd/system/libvirtd-tls.socket", "/dev/null")
                .link(WANTS + "virtproxyd-tls.socket", "/lib/systemd/system/virtproxyd-tls.socket");
        Libvirt libvirt = observe(tree);
        assertThat(daemon(libvirt, "libvirtd").enabledSockets())
                .containsExactly("libvirtd-tcp.socket", "libvirtd.socket");
        assertThat(daemon(libvirt, "virtproxyd").enabledSockets()).containsExactly("virtproxyd-tls.socket");
    }

    @Test
    void hashesHooksInEveryPlace() {
        HostTree tree = tree().file(ETC + "hooks/qemu", "#!/bin/sh\n")
                .file(ETC + "hooks/qemu.d/50-x", "")
                .fifo(ETC + "hooks/network");
        List<Libvirt.Hook> hooks = value(observe(tree).hooks());
        assertThat(hooks)
                .extracting(h -> h.file().path())
                .containsExactlyInAnyOrder(ETC + "hooks/network", ETC + "hooks/qemu", ETC + "hooks/qemu.d/50-x");
        Libvirt.Hook empty = hooks.stream()
                .filter(h -> h.file().path().endsWith("50-x"))
                .findFirst()
                .orElseThrow();
        assertThat(value(empty.sha256())).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Libvirt.Hook fifo = hooks.stream()
                .filter(h -> h.file().kind().equals("fifo"))
                .findFirst()
                .orElseThrow();
        assertThat(reason(fifo.sha256())).contains("fifo");
        assertThat(reason(observe(new HostTree(root.resolve("loop")).loop("/etc/libvirt/hooks"))
                        .hooks()))
                .contains("loop");
    }

    @Test
    void directoryOfHooksThatCannotBeListedIsNoEmptyOne() {
        HostTree tree = tree().file(ETC + "hooks/qemu", "").loop(ETC + "hooks/qemu.d");
        assertThat(reason(observe(tree).hooks())).contains("loop");
    }

    @Test
    void readsMechanismsAndBridges() {
        HostTree tree = tree().file(
                        "/etc/sasl2/libvirt.conf", "#mech_list: digest-md5\nmech_list: scram-sha-256 gssapi\n")
                .file("/etc/qemu/bridge.conf", "# none\nallow all # really\n\n");
        Libvirt libvirt = observe(tree);
        assertThat(value(libvirt.saslMechanisms())).isEqualTo("scram-sha-256 gssapi");
        assertThat(value(libvirt.bridgeHelperRules())).containsExactly("allow all");
        tree.file("/etc/sasl2/libvirt.conf", "#mech_list: digest-md5\n");
        assertThat(isAbsent(observe(tree).saslMechanisms())).isTrue();
    }

    @Test
    void looksForCertificatesWhereTheConfigurationSays() {
        Libvirt libvirt = observe(tree().file(ETC + "qemu.conf", "migrate_tls_x509_cert_dir = \"/srv/tls\"\n")
                .file(ETC + "libvirtd.conf", "cert_file = \"/srv/one.pem\"\ncrl_file = \"/srv/crl.pem\"\n")
                .file("/srv/tls/server-cert.pem", CertificateFilesTest.pem("server.pem"))
                .file("/srv/one.pem", CertificateFilesTest.pem("weak.pem"))
                .file("/srv/crl.pem", CertificateFilesTest.pem("crl.pem"))
                .file("/srv/other.pem", CertificateFilesTest.pem("ed.pem")));
        assertThat(value(libvirt.certificates()))
                .extracting(Libvirt.Certificate::file)
                .containsExactly("/srv/one.pem", "/srv/tls/server-cert.pem");
        assertThat(value(libvirt.revocationLists()))
                .extracting(Libvirt.RevocationList::file)
                .containsExactly("/srv/crl.pem");
    }

    @Test
    void namesPolkitRulesThatConcernLibvirt() {
        HostTree tree = tree().file("/usr/share/polkit-1/rules.d/60-libvirt.rules", """
                        polkit.addRule(function(action, subject) {
                            if (action.id == "org.libvirt.unix.manage" && subject.isInGroup("libvirt")) {
                                return polkit.Result.YES;
                            }
                        });
                        """)
                .file(
                        "/etc/polkit-1/rules.d/10-all.rules",
                        "polkit.addRule(function(a, s) { return polkit.Result.YES; });\n")
                .file(
                        "/etc/polkit-1/rules.d/20-other.rules",
                        "polkit.addAdminRule(function(a, s) { return [\"x\"]; });\n")
                .file("/etc/polkit-1/rules.d/30-odd.rules", "eval('libvirt')\n")
                .file("/etc/polkit-1/localauthority/50-local.d/lv.pkla", """
                        [x]
                        Identity=unix-user:*
                        Action=org.libvirt.*
                        ResultAny=yes
                        """);
        assertThat(value(observe(tree).polkit()))
                .extracting(rule -> Readings.baseName(rule.file()), Libvirt.PolkitRule::grantsEveryone)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("10-all.rules", "yes"),
                        org.assertj.core.groups.Tuple.tuple("30-odd.rules", "unknown"),
                        org.assertj.core.groups.Tuple.tuple("60-libvirt.rules", "no"),
                        org.assertj.core.groups.Tuple.tuple("lv.pkla", "yes"));
    }

    @Test
    void polkitRulesThatCannotBeReadAreNotObserved() {
        assertThat(reason(observe(tree().fifo("/etc/polkit-1/rules.d/10.rules")).polkit()))
                .contains("fifo");
        assertThat(reason(observe(new HostTree(root.resolve("b")).loop("/etc/polkit-1/rules.d"))
                        .polkit()))
                .contains("loop");
    }

    private HostTree tree() {
        return new HostTree(root).file("/proc/1/comm", "init\n").file("/proc/1/status", "Name:\tinit\n");
    }

    private static Libvirt.Daemon daemon(Libvirt libvirt, String name) {
        return value(libvirt.daemons()).stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Libvirt observe(HostTree tree) {
        HostFiles files = tree.files();
        return LibvirtProbe.observe(files, new FileStatus(files), Instant.parse("2026-11-21T12:00:00Z"));
    }
}
