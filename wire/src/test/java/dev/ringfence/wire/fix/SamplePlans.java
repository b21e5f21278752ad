package dev.ringfence.wire.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileDiff;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan with every kind of action, precondition and undo. */
final class SamplePlans {
    static final String UUID = "5a4f0f4e-9a5c-4a3c-8c6e-0d8f6a1b2c3d";

    private SamplePlans() {}

    static FixPlan whole() {
        FileContent before = FileContent.of("# libvirt\nvnc_password = \"hunter2\"\n\n\n\nuser = \"root\" \n");
        FileContent after = FileContent.of("# libvirt\n\n\n\n# it's \"quoted\" $HOME `id` \\n\n");
        FileAttributes attributes = new FileAttributes("root", "root", "0600");
        FileContent drop = FileContent.of("Defaults use_pty\n");
        FileContent latin = FileContent.of(new byte[] {'#', ' ', (byte) 0xe9, '\n'});
        return plan(
                List.of(
                        new Action.EditFile(
                                "/etc/libvirt/qemu.conf",
                                FileState.of(before, new FileAttributes("root", "root", "0644")),
                                after,
                                attributes,
                                FileDiff.of("/etc/libvirt/qemu.conf", before, after),
                                List.of(),
                                List.of(Argv.of("update-grub"))),
                        new Action.EditFile(
                                "/etc/sudoers.d/zz-ringfence",
                                new FileState.Absent(),
                                drop,
                                new FileAttributes("root", "root", "0440"),
                                FileDiff.ofNew("/etc/sudoers.d/zz-ringfence", drop),
                                List.of(
                                        new Action.Check(
                                                Action.Check.When.BEFORE, Argv.of("visudo", "-cf", Action.Check.FILE)),
                                        new Action.Check(Action.Check.When.AFTER, Argv.of("/usr/sbin/sshd", "-t"))),
                                List.of()),
                        new Action.EditFile(
                                "/etc/latin.conf",
                                new FileState.Absent(),
                                latin,
                                attributes,
                                FileDiff.ofNew("/etc/latin.conf", latin),
                                List.of(),
                                List.of()),
                        new Action.SetKernelValue("/sys/kernel/mm/ksm/run", "1", "2", Optional.of("1")),
                        new Action.SetKernelValue("/proc/sys/kernel/kexec_load_disabled", "0", "1", Optional.empty()),
                        new Action.SetFileAttributes(List.of(
                                new Action.AttributeChange("/etc/nova", attributes, FileAttributes.NEW_FILE),
                                new Action.AttributeChange("/dev/kvm", FileAttributes.NEW_FILE, attributes))),
                        new Action.SetSelinuxBoolean("virt_use_nfs", true, false),
                        new Action.ChangeUnit(
                                "ksm.service", Action.ChangeUnit.UnitState.ENABLED, Action.ChangeUnit.Verb.MASK),
                        new Action.RunCommand(
                                Argv.of("aa-enforce", "/etc/apparmor.d/a b"),
                                Optional.of(Argv.of("aa-complain", "/etc/apparmor.d/a b"))),
                        new Action.EditDomain(
                                "web",
                                UUID,
                                "/etc/libvirt/qemu/web.xml",
                                before.sha256(),
                                "<domain type='kvm'>\n  <name>web</name>\n</domain>\n",
                                "--- a\n+++ b\n"),
                        new Action.ChangePackage(
                                "chrony",
                                Optional.empty(),
                                Action.ChangePackage.Verb.INSTALL,
                                Action.ChangePackage.Family.DPKG),
                        new Action.ChangePackage(
                                "nova-common",
                                Optional.of("2:26.2.2-1"),
                                Action.ChangePackage.Verb.UPGRADE,
                                Action.ChangePackage.Family.DPKG)),
                List.of(new ManualStep(
                        "HST-002", "A TPM", Fix.Reach.REBOOT, "No program can.", "Fit one.", List.of("x", "y"))));
    }

    static FixPlan plan(List<? extends Action> actions, List<ManualStep> manual) {
        List<Step> steps = new ArrayList<>();
        for (Action action : actions) {
            steps.add(new Step(
                    steps.size() + 1,
                    List.of("KRN-016", "MEM-001"),
                    "Do something",
                    action,
                    Fix.Reach.GUEST,
                    List.of(new Step.UnitRestart("libvirtd.service", false), new Step.UnitRestart("ssh.service", true)),
                    List.of(new Step.Disturbance("web", UUID, Step.Disturbance.How.NEEDS_RESTART)),
                    "Some speed.",
                    List.of(
                            new Step.Precondition.Unchanged("/etc/default/grub", new FileState.Absent()),
                            new Step.Precondition.ProgramThere("virsh"),
                            new Step.Precondition.Reviewed("MEM-001: look first.")),
                    new Step.Undo(Step.Undo.Kind.WITH_RESTART, "restart")));
        }
        return FixPlan.of(
                new FixPlan.Target("hv1", "0123456789abcdef0123456789abcdef", "/"),
                Instant.parse("2026-11-21T05:00:00Z"),
                "0.1.0",
                "multi-tenant",
                steps,
                manual);
    }

    static String json(FixPlan plan) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlanJson.write(plan, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
