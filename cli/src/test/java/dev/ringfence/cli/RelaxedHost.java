package dev.ringfence.cli;

import dev.ringfence.controls.ShippedControls;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Auditor;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.PlanRequest;
import dev.ringfence.core.fix.Planner;
import dev.ringfence.core.fix.Step;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import dev.ringfence.linux.fix.HostState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A compute host as careless hands leave it: files of one that runs, with two guests of which one is up. */
final class RelaxedHost {
    static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");

    static final String QEMU_CONF = """
            # Master configuration file for the QEMU driver.

            #vnc_listen = "0.0.0.0"
            vnc_listen = "0.0.0.0"
            vnc_password = "hunter2hunter2"

            # The user for QEMU processes run by the system instance.
            #user = "libvirt-qemu"
            user = "root"
            group = "root"   # for the old NFS server

            seccomp_sandbox = 0
            namespaces = [ ]
            dynamic_ownership = 0
            """;

    /** Loaded once: that takes longer than a plan. */
    private static final ControlPack CONTROLS = ShippedControls.load();

    private final HostTree tree;

    private RelaxedHost(HostTree tree) {
        this.tree = tree;
    }

    static RelaxedHost in(Path directory) throws IOException {
        RelaxedHost host = new RelaxedHost(HostTree.in(directory, true));
        host.file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        host.file("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nnova:x:64060:64060::/var/lib/nova:/bin/sh\n");
        host.file("/etc/group", "root:x:0:\nkvm:x:106:\nnova:x:64060:\n");
        host.file("/proc/version", "Linux version 6.1.0\n");
        host.file("/var/lib/dpkg/status", """
                Package: libvirt-daemon
                Status: install ok installed
                Version: 9.0.0-4+deb12u2

                Package: nova-compute
                Status: install ok installed
                Version: 2:26.2.2-1~deb12u3
                """);
        host.libvirt();
        host.nova();
        host.kernel();
        return host;
    }

    private void libvirt() throws IOException {
        file("/usr/sbin/libvirtd", "");
        file("/usr/lib/systemd/system/libvirtd.service", "[Service]\n");
        file("/usr/lib/systemd/system/libvirtd-tcp.socket", "[Socket]\n");
        link(
                "/etc/systemd/system/sockets.target.wants/libvirtd-tcp.socket",
                "../../../../usr/lib/systemd/system/libvirtd-tcp.socket");
        file("/etc/libvirt/qemu.conf", QEMU_CONF);
        mode("/etc/libvirt/qemu.conf", 0644);
        file("/etc/libvirt/libvirtd.conf", "# Network connectivity\nlisten_tcp = 1\nauth_tcp = \"none\"\n");
        file("/etc/libvirt/qemu/web.xml", domain("web", "5a4f0f4e-9a5c-4a3c-8c6e-0d8f6a1b2c3d", "0.0.0.0"));
        file("/etc/libvirt/qemu/db.xml", domain("db", "6a4f0f4e-9a5c-4a3c-8c6e-0d8f6a1b2c3d", "127.0.0.1"));
        file(
                "/run/libvirt/qemu/web.xml",
                "<domstatus state='running' reason='booted' pid='4711'>"
                        + domain("web", "5a4f0f4e-9a5c-4a3c-8c6e-0d8f6a1b2c3d", "0.0.0.0") + "</domstatus>");
    }

    static String domain(String name, String uuid, String listen) {
        return """
                <domain type='kvm'>
                  <name>%s</name>
                  <uuid>%s</uuid>
                  <memory unit='KiB'>1048576</memory>
                  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
                  <on_crash>destroy</on_crash>
                  <devices>
                    <graphics type='vnc' port='-1' autoport='yes' listen='%s'>
                      <listen type='address' address='%s'/>
                    </graphics>
                  </devices>
                </domain>
                """.formatted(name, uuid, listen, listen);
    }

    private void nova() throws IOException {
        file("/usr/lib/systemd/system/nova-compute.service", "[Service]\n");
        file("/etc/nova/nova.conf", """
                [DEFAULT]
                transport_url = rabbit://nova:s3cr3tpw@10.0.0.1
                debug = True

                [libvirt]
                # inject_password = false
                inject_password = True
                virt_type = qemu

                [workarounds]
                disable_deep_image_inspection = True
                """);
        mode("/etc/nova/nova.conf", 0644);
        file("/etc/nova/nova-compute.conf", "[libvirt]\nvirt_type = qemu\n");
        mode("/etc/nova/nova-compute.conf", 0644);
        mode("/etc/nova", 0755);
    }

    private void kernel() throws IOException {
        file("/usr/sbin/update-grub", "");
        file(
                "/etc/default/grub",
                "GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet mitigations=off\"\nGRUB_CMDLINE_LINUX=\"\"\n");
        file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 quiet mitigations=off\n");
        file("/proc/modules", "kvm 1000 0 - Live 0x0\n");
        file("/proc/sys/kernel/kptr_restrict", "0\n");
        file("/proc/sys/kernel/dmesg_restrict", "0\n");
        file("/proc/sys/kernel/perf_event_paranoid", "4\n");
        file("/proc/sys/fs/suid_dumpable", "2\n");
        file("/etc/sysctl.conf", "# ours\nkernel.kptr_restrict = 0\n");
        file("/usr/lib/modprobe.d/empty.conf", "# nothing\n");
    }

    void file(String path, String text) throws IOException {
        tree.file(path, text);
    }

    String text(String path) throws IOException {
        return Files.readString(place(path));
    }

    Path place(String path) {
        return tree.root().resolve(path.substring(1));
    }

    void mode(String path, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        Files.setPosixFilePermissions(place(path), permissions);
    }

    void link(String path, String target) throws IOException {
        Files.createDirectories(place(path).getParent());
        Files.deleteIfExists(place(path));
        Files.createSymbolicLink(place(path), Path.of(target));
    }

    HostFacts facts() throws IOException {
        return HostObservation.observe(HostFiles.tree(tree.root()), "tree", NOW);
    }

    AuditReport audit() throws IOException {
        Profile profile =
                new Profile("high-assurance", Profile.Level.HIGH_ASSURANCE, List.of(), Map.of(), Map.of(), Map.of());
        return new Auditor(CONTROLS).audit(facts(), profile, List.of(), NOW);
    }

    FixPlan plan(String... ids) throws IOException {
        return plan(
                ids.length == 0
                        ? PlanRequest.Selection.ALL
                        : new PlanRequest.Selection(
                                Set.of(ids), PlanRequest.Selection.ALL.atLeast(), PlanRequest.Selection.ALL.reaches()));
    }

    FixPlan plan(PlanRequest.Selection selection) throws IOException {
        return new Planner(new HostState(HostFiles.tree(tree.root())))
                .plan(new PlanRequest(facts(), audit(), selection, "0.1.0"));
    }

    /** What applying would do to the files of this tree. */
    void apply(FixPlan plan) throws IOException {
        for (Step step : plan.steps()) {
            switch (step.action()) {
                case Action.EditFile edit -> {
                    Files.createDirectories(place(edit.path()).getParent());
                    Files.write(place(edit.path()), edit.after().bytes());
                    attributes(edit.path(), edit.attributes());
                }
                case Action.SetKernelValue value -> {
                    Files.writeString(place(value.path()), value.after() + "\n");
                    if (value.path().endsWith("/ksm/run") && value.after().equals("2")) {
                        // What the kernel does then.
                        file("/sys/kernel/mm/ksm/pages_sharing", "0\n");
                    }
                }
                case Action.SetFileAttributes change -> {
                    for (Action.AttributeChange each : change.changes()) {
                        attributes(each.path(), each.after());
                    }
                }
                case Action.ChangeUnit unit -> {
                    if (unit.verb() == Action.ChangeUnit.Verb.MASK) {
                        link("/etc/systemd/system/" + unit.unit(), "/dev/null");
                    } else if (unit.verb() == Action.ChangeUnit.Verb.ENABLE) {
                        link("/etc/systemd/system/multi-user.target.wants/" + unit.unit(), "../" + unit.unit());
                    }
                }
                case Action.EditDomain domain -> Files.writeString(place(domain.path()), domain.after());
                case Action.SetSelinuxBoolean selinux -> throw new IOException("no SELinux in a tree");
                case Action.RunCommand command -> throw new IOException("no commands in a tree");
                case Action.ChangePackage change -> {
                    String now = text("/var/lib/dpkg/status");
                    file(
                            "/var/lib/dpkg/status",
                            now + "\nPackage: " + change.name() + "\nStatus: install ok installed\nVersion: 1\n");
                }
            }
        }
    }

    private void attributes(String path, dev.ringfence.core.fix.FileAttributes wanted) throws IOException {
        mode(path, wanted.modeBits());
        Map<String, Integer> users = Map.of("root", 0, "nova", 64060);
        Files.setAttribute(place(path), "unix:uid", users.getOrDefault(wanted.owner(), 0));
        Files.setAttribute(place(path), "unix:gid", users.getOrDefault(wanted.group(), 0));
    }
}
