package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.PlanRequest;
import dev.ringfence.core.fix.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for a careless host; what they hold, and what becomes of the host. */
class FixPlanTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    RelaxedHost host;

    @BeforeEach
    void make() throws IOException {
        host = RelaxedHost.in(directory);
    }

    @Test
    void everyFindingIsAnsweredByAStepOrAPerson() throws IOException {
        FixPlan plan = host.plan();
        Set<String> answered = new TreeSet<>();
        plan.steps().forEach(s -> answered.addAll(s.controls()));
        plan.manual().forEach(m -> answered.add(m.control()));
        assertThat(answered)
                .containsExactlyElementsOf(host.audit().results().stream()
                        .filter(r -> r.verdict() == Verdict.FAIL)
                        .map(r -> r.control().id())
                        .sorted()
                        .toList());
    }

    @Test
    void whatIsPlannedWithoutAPersonHoldsAfterwards() throws IOException {
        FixPlan plan = host.plan();
        Set<String> byHand = plan.manual().stream().map(ManualStep::control).collect(Collectors.toSet());
        Set<String> pending = plan.steps().stream()
                .filter(s -> s.reach().compareTo(Fix.Reach.GUEST) >= 0)
                .flatMap(s -> s.controls().stream())
                .collect(Collectors.toSet());
        List<String> expected = plan.steps().stream()
                .flatMap(s -> s.controls().stream())
                .distinct()
                .filter(id -> !byHand.contains(id) && !pending.contains(id))
                .toList();
        assertThat(expected).hasSizeGreaterThan(8);
        host.apply(plan);
        List<ControlResult> still = host.audit().results().stream()
                .filter(r -> expected.contains(r.control().id()) && r.verdict() == Verdict.FAIL)
                .toList();
        assertThat(still).extracting(r -> r.control().id() + " " + r.evidence()).isEmpty();
    }

    @Test
    void aFixedHostGetsNoSteps() throws IOException {
        host.apply(host.plan());
        assertThat(host.plan().steps())
                .extracting(s -> s.title() + " " + s.controls())
                .isEmpty();
    }

    @Test
    void theSameHostGivesTheSamePlan() throws IOException {
        FixPlan first = host.plan();
        assertThat(host.plan()).isEqualTo(first);
        host.file("/etc/nova/nova.conf", host.text("/etc/nova/nova.conf") + "# another line\n");
        assertThat(host.plan().id()).isNotEqualTo(first.id());
    }

    private static Action only(FixPlan plan) {
        assertThat(plan.steps()).hasSize(1);
        return plan.steps().getFirst().action();
    }

    private static Action.EditFile edit(FixPlan plan, String path) {
        return plan.steps().stream()
                .map(Step::action)
                .filter(a -> a instanceof Action.EditFile edit && edit.path().equals(path))
                .map(Action.EditFile.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step writes " + path + " in " + plan.steps()));
    }

    private static String why(FixPlan plan, String control) {
        return plan.manual().stream()
                .filter(m -> m.control().equals(control))
                .map(ManualStep::why)
                .findFirst()
                .orElse("");
    }

    @Test
    void allChangesOfOneFileAreOneStep() throws IOException {
        FixPlan plan = host.plan("LVD-012", "LVD-014", "LVD-018", "LVD-020", "LVD-029");
        Step step = plan.steps().getFirst();
        assertThat(step.controls()).containsExactly("LVD-012", "LVD-014", "LVD-018", "LVD-020", "LVD-029");
        assertThat(step.reach()).isEqualTo(Fix.Reach.GUEST);
        assertThat(step.restarts()).containsExactly(new Step.UnitRestart("libvirtd.service", false));
        assertThat(step.disturbs()).extracting(Step.Disturbance::guest).containsExactly("web");
        Action.EditFile edit = (Action.EditFile) only(plan);
        assertThat(edit.attributes()).hasToString("root:root 0600");
        assertThat(edit.before().toString()).contains("0644");
        assertThat(edit.diff()).isEqualTo("""
                --- a/etc/libvirt/qemu.conf
                +++ b/etc/libvirt/qemu.conf
                @@ -1,14 +1,10 @@
                 # Master configuration file for the QEMU driver.
                \s
                 #vnc_listen = "0.0.0.0"
                -vnc_listen = "0.0.0.0"
                -vnc_password = [redacted]
                \s
                 # The user for QEMU processes run by the system instance.
                 #user = "libvirt-qemu"
                -user = "root"
                -group = "root"   # for the old NFS server
                +# for the old NFS server
                \s
                -seccomp_sandbox = 0
                 namespaces = [ ]
                 dynamic_ownership = 0
                """);
    }

    @Test
    void argumentsAreTakenOutWhereTheyStandAndAddedBeside() throws IOException {
        Action.EditFile edit = (Action.EditFile) only(host.plan("KRN-003"));
        assertThat(edit.after().text())
                .isEqualTo("GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"\"\n");
        assertThat(edit.regenerate()).extracting(Object::toString).containsExactly("update-grub");
        host.file("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        FixPlan both = host.plan("KRN-003", "KRN-014");
        assertThat(edit(both, "/etc/default/grub.d/zz-ringfence.cfg").after().text())
                .endsWith("GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX lockdown=integrity\"\n");
        assertThat(both.steps())
                .allSatisfy(s -> assertThat(s.disturbs())
                        .extracting(Step.Disturbance::how)
                        .containsExactly(Step.Disturbance.How.HOST_RESTARTS));
    }

    @Test
    void argumentsThatComeFromElsewhereAreAPersonsMatter() throws IOException {
        host.file("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
        FixPlan plan = host.plan("KRN-003");
        assertThat(plan.steps()).isEmpty();
        assertThat(why(plan, "KRN-003")).contains("stands in none of GRUB's files");
        host.file("/boot/loader/entries/a.conf", "options mitigations=off\n");
        assertThat(why(host.plan("KRN-003"), "KRN-003")).contains("grubby");
    }

    @Test
    void aSettingThatWouldStopADaemonWaitsForWhatItNeeds() throws IOException {
        assertThat(why(host.plan("LVD-025"), "LVD-025")).startsWith("Auditd does not run");
        assertThat(why(host.plan("LVD-021"), "LVD-021")).contains("/etc/pki/qemu/ca-cert.pem is not there");
        for (String name : List.of("ca-cert", "server-cert", "server-key")) {
            host.file("/etc/pki/qemu/" + name + ".pem", "x");
        }
        FixPlan plan = host.plan("LVD-021");
        assertThat(edit(plan, "/etc/libvirt/qemu.conf").after().text()).endsWith("migrate_tls_force = 1\n");
        assertThat(plan.manual()).isEmpty();
    }

    @Test
    void theFileThatKeepsAValueComesBeforeTheValue() throws IOException {
        FixPlan plan = host.plan("KRN-016");
        assertThat(plan.steps())
                .extracting(Step::title)
                .containsExactly(
                        "Edit /etc/sysctl.conf",
                        "Write /etc/sysctl.d/zz-ringfence.conf",
                        "Set /proc/sys/kernel/kptr_restrict",
                        "Set /proc/sys/kernel/dmesg_restrict");
        // perf_event_paranoid is 4 here, which is stricter than what the control writes.
        assertThat(edit(plan, "/etc/sysctl.d/zz-ringfence.conf").after().text())
                .endsWith("\nkernel.kptr_restrict = 2\nkernel.dmesg_restrict = 1\n");
    }

    @Test
    void whatTheKernelDoesNotTakeBackIsSaid() throws IOException {
        host.file("/proc/sys/kernel/kexec_load_disabled", "0\n");
        Step step = host.plan("KRN-016").steps().getLast();
        assertThat(step.title()).isEqualTo("Set /proc/sys/kernel/kexec_load_disabled");
        assertThat(step.undo().kind()).isEqualTo(Step.Undo.Kind.WITH_RESTART);
        assertThat(((Action.SetKernelValue) step.action()).restore()).isEmpty();
    }

    @Test
    void ofTwoControlsThatWantOppositesTheMoreSevereWins() throws IOException {
        host.file("/sys/kernel/mm/ksm/merge_across_nodes", "1\n");
        host.file("/sys/kernel/mm/ksm/use_zero_pages", "1\n");
        FixPlan plan = host.plan("MEM-001", "MEM-004");
        assertThat(plan.steps())
                .extracting(Step::action)
                .filteredOn(
                        a -> a instanceof Action.SetKernelValue v && v.path().endsWith("/run"))
                .hasSize(1);
        assertThat(why(plan, "MEM-004")).isEqualTo("MEM-001 needs /sys/kernel/mm/ksm/run to be 2 already.");
        FixPlan alone = host.plan("MEM-004");
        assertThat(alone.steps())
                .extracting(Step::action)
                .filteredOn(a -> a instanceof Action.SetKernelValue)
                .extracting(a -> ((Action.SetKernelValue) a).before() + ">" + ((Action.SetKernelValue) a).after())
                .containsExactly("1>2", "1>0", "1>0", "2>1");
        assertThat(edit(alone, "/etc/tmpfiles.d/zz-ringfence.conf").after().text())
                .endsWith("""
                        w /sys/kernel/mm/ksm/merge_across_nodes - - - - 0
                        w /sys/kernel/mm/ksm/use_zero_pages - - - - 0
                        w /sys/kernel/mm/ksm/run - - - - 1
                        """);
    }

    @Test
    void aDefinitionIsChangedForTheGuestThatFailsAlone() throws IOException {
        FixPlan plan = host.plan("DOM-008");
        Action.EditDomain edit = (Action.EditDomain) plan.steps().getLast().action();
        assertThat(edit.name()).isEqualTo("web");
        // libvirt refuses an attribute that says another address than the element.
        assertThat(edit.after())
                .contains("<graphics type='vnc' port='-1' autoport='yes'>")
                .contains("<listen type='address' address='127.0.0.1'/>");
        assertThat(plan.steps()).extracting(s -> s.disturbs().size()).containsOnly(1);
    }

    @Test
    void aGuestOfNovaIsLeftToNova() throws IOException {
        String domain = host.text("/etc/libvirt/qemu/web.xml")
                .replace(
                        "<memory",
                        "<metadata><nova:instance xmlns:nova=\"http://openstack.org/xmlns/libvirt/nova/1.1\">"
                                + "<nova:name>web</nova:name></nova:instance></metadata><memory");
        host.file("/etc/libvirt/qemu/web.xml", domain);
        FixPlan plan = host.plan("DOM-008");
        assertThat(plan.steps()).extracting(Step::action).noneMatch(Action.EditDomain.class::isInstance);
        assertThat(why(plan, "DOM-008")).startsWith("Web is Nova's");
    }

    @Test
    void hardwareOfAGuestIsNeverChanged() throws IOException {
        FixPlan plan = host.plan("DOM-026");
        assertThat(plan.steps()).isEmpty();
        assertThat(why(plan, "DOM-026")).contains("a person who knows the guest decides");
    }

    private void sshd(String config) throws IOException {
        host.file("/etc/ssh/sshd_config", config);
        host.file("/usr/sbin/sshd", "");
        host.file("/usr/lib/systemd/system/ssh.service", "[Service]\n");
        host.link(
                "/etc/systemd/system/multi-user.target.wants/ssh.service",
                "../../../../usr/lib/systemd/system/ssh.service");
    }

    @Test
    void passwordsStayWhileNobodyHasAKey() throws IOException {
        sshd("Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\n");
        assertThat(why(host.plan("HST-010"), "HST-010")).contains("nobody could log in");
        host.file("/root/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n");
        FixPlan plan = host.plan("HST-010");
        assertThat(edit(plan, "/etc/ssh/sshd_config.d/00-ringfence.conf")
                        .after()
                        .text())
                .contains("\nPasswordAuthentication no\n");
        assertThat(edit(plan, "/etc/ssh/sshd_config.d/00-ringfence.conf").checks())
                .extracting(c -> c.argv().toString())
                .containsExactly("/usr/sbin/sshd -t");
    }

    @Test
    void withoutTheIncludeTheMainFileIsEdited() throws IOException {
        sshd("PasswordAuthentication yes\nInclude /etc/ssh/sshd_config.d/*.conf\n");
        host.file("/root/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n");
        FixPlan plan = host.plan("HST-010");
        assertThat(edit(plan, "/etc/ssh/sshd_config").after().text()).startsWith("PasswordAuthentication no\n");
    }

    @Test
    void recursiveCommandsBecomeExactPaths() throws IOException {
        host.file("/etc/nova/rootwrap.conf", "[DEFAULT]\nfilters_path = /etc/nova/rootwrap.d\n");
        host.file("/etc/nova/rootwrap.d/compute.filters", "[Filters]\n");
        host.file("/usr/share/nova/rootwrap/x.filters", "[Filters]\n");
        host.mode("/etc/nova/rootwrap.d/compute.filters", 0666);
        FixPlan plan = host.plan("NOV-034");
        Action.SetFileAttributes change = plan.steps().stream()
                .map(Step::action)
                .filter(Action.SetFileAttributes.class::isInstance)
                .map(Action.SetFileAttributes.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(change.changes())
                .extracting(c ->
                        c.path() + " " + c.before().mode() + " " + c.after().mode())
                .containsExactly("/etc/nova/rootwrap.d/compute.filters 0666 0644");
    }

    @Test
    void aModeThatIsTighterStays() throws IOException {
        host.mode("/etc/nova", 0700);
        host.mode("/etc/nova/nova.conf", 0666);
        assertThat(host.plan("NOV-002").steps())
                .extracting(s -> s.action().toString())
                .allMatch(a -> a.contains("/etc/nova/nova.conf, before=root:root 0666, after=root:root 0640"))
                .noneMatch(a -> a.contains("path=/etc/nova,"));
    }

    @Test
    void aFileThatIsALinkIsNotWritten() throws IOException {
        host.file("/etc/nova/real.conf", host.text("/etc/nova/nova.conf"));
        host.link("/etc/nova/nova.conf", "real.conf");
        FixPlan plan = host.plan("NOV-031");
        assertThat(plan.steps()).isEmpty();
        assertThat(why(plan, "NOV-031")).contains("symbolic link");
    }

    @Test
    void selectionsByReachAndSeverity() throws IOException {
        PlanRequest.Selection live =
                new PlanRequest.Selection(Set.of(), Severity.HIGH, Set.of(Fix.Reach.LIVE, Fix.Reach.DAEMON));
        FixPlan plan = host.plan(live);
        assertThat(plan.steps()).isNotEmpty().allMatch(s -> s.reach().compareTo(Fix.Reach.DAEMON) <= 0);
        Set<String> high = host.audit().results().stream()
                .filter(r -> r.control().severity().compareTo(Severity.HIGH) >= 0)
                .map(r -> r.control().id())
                .collect(Collectors.toSet());
        assertThat(plan.steps()).allSatisfy(s -> assertThat(high).containsAll(s.controls()));
    }
}
