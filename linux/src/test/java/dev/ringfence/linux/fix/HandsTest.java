package dev.ringfence.linux.fix;

import static dev.ringfence.linux.fix.Plans.plan;
import static dev.ringfence.linux.fix.Plans.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FixPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernel values, units, booleans, commands and packages: real files and programs that stand for the host's own. */
final class HandsTest {
    @TempDir
    private Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Sandbox sandbox;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(DiskStorageTest.isRoot(), "its store must belong to root");
        sandbox = new Sandbox(temporary);
    }

    private FixResult.StepResult apply(FixPlan plan) throws IOException {
        return only(sandbox.run(plan).apply(Sandbox.ALL));
    }

    private FixResult.StepResult rollback(FixPlan plan) throws IOException {
        return only(sandbox.run(plan).rollback(Sandbox.ALL));
    }

    private static FixResult.StepResult only(FixResult result) {
        return switch (result) {
            case FixResult.Ended ended -> ended.steps().getFirst();
            case FixResult.Stopped stopped -> throw new AssertionError(stopped.toString());
        };
    }

    private static FixPlan value(Optional<String> restore) {
        return plan(step(1, new Action.SetKernelValue("/proc/sys/kernel/x", "0", "1", restore)));
    }

    @Test
    void writesAKernelValueAndTakesItBack() throws IOException {
        Path file = sandbox.file("/proc/sys/kernel/x", "0\n");
        assertThat(apply(value(Optional.of("0"))).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
        assertThat(file).hasContent("1\n");
        assertThat(rollback(value(Optional.of("0"))).outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(file).hasContent("0\n");
    }

    @Test
    void aKernelValueThatSomebodyChangedStays() throws IOException {
        Path file = sandbox.file("/proc/sys/kernel/x", "0\n");
        apply(value(Optional.of("0")));
        Files.writeString(file, "2\n");
        assertThat(sandbox.run(value(Optional.of("0"))).rollback(Sandbox.ALL))
                .isInstanceOfSatisfying(
                        FixResult.Stopped.class,
                        stopped -> assertThat(stopped.views().getFirst()).contains("now:                 2"));
        assertThat(file).hasContent("2\n");
    }

    @Test
    void aKernelValueThatOnlyARestartTakesBackSaysSo() throws IOException {
        Path file = sandbox.file("/proc/sys/kernel/x", "0\n");
        apply(value(Optional.empty()));
        FixResult.StepResult result = rollback(value(Optional.empty()));
        assertThat(result.outcome()).isEqualTo(FixResult.Outcome.FAILED);
        assertThat(result.reason()).contains("RF-FIX-119", "restart of the host");
        assertThat(file).hasContent("1\n");
    }

    @Test
    void aRealKernelThatRefusesAValueIsReported() throws IOException {
        // A file of /proc that root may open but not write.
        Path real = Path.of("/proc/sys/kernel/osrelease");
        Files.createDirectories(sandbox.place("/proc/sys/kernel"));
        Files.createSymbolicLink(sandbox.place("/proc/sys/kernel/x"), real);
        String now = Files.readString(real).strip();
        FixPlan plan = plan(step(1, new Action.SetKernelValue("/proc/sys/kernel/x", now, "1", Optional.of(now))));
        FixResult.StepResult result = apply(plan);
        assertThat(result.outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(result.reason()).contains("RF-FIX-116");
    }

    /** A sysctl gives its number to the first read alone; read octet by octet, 32768 was 3. */
    @Test
    void aNumberOfTheRealKernelIsReadWhole() throws Exception {
        Path real = Path.of("/proc/sys/fs/inotify/max_queued_events");
        Files.createDirectories(sandbox.place("/proc/sys/kernel"));
        Files.createSymbolicLink(sandbox.place("/proc/sys/kernel/x"), real);
        String now;
        try (InputStream in = Files.newInputStream(real)) {
            now = new String(in.readNBytes(64), StandardCharsets.US_ASCII).strip();
        }
        assertThat(now).hasSizeGreaterThan(1);
        FixPlan plan = plan(step(1, new Action.SetKernelValue("/proc/sys/kernel/x", now, now, Optional.of(now))));
        assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
    }

    private static FixPlan unit(Action.ChangeUnit.UnitState before, Action.ChangeUnit.Verb verb) {
        return plan(step(1, new Action.ChangeUnit("rpcbind.socket", before, verb)));
    }

    @Test
    void withoutSystemdAUnitIsPendingWithTheCommand() throws IOException {
        FixPlan plan = unit(Action.ChangeUnit.UnitState.ENABLED, Action.ChangeUnit.Verb.MASK);
        FixResult.StepResult result = apply(plan);
        assertThat(result.outcome()).isEqualTo(FixResult.Outcome.PENDING);
        assertThat(result.reason()).contains("systemd does not run here", "systemctl mask --now rpcbind.socket");
        assertThat(sandbox.run(plan).rollback(Sandbox.ALL)).isEqualTo(new FixResult.Ended(java.util.List.of()));
    }

    /** Keeps the state of one unit in two files, as systemd would show it. */
    private void systemd(String enabled, String active) throws IOException {
        Files.createDirectories(sandbox.place("/run/systemd/system"));
        sandbox.file("/enabled", enabled);
        sandbox.file("/active", active);
        sandbox.program("systemctl", """
                [ "$2" = --now ] && now=1
                case $1 in
                  is-enabled) cat $HOST/enabled; grep -q '^enabled' $HOST/enabled ;;
                  is-active) grep -q '^active' $HOST/active ;;
                  enable) grep -q masked $HOST/enabled && exit 1; echo enabled > $HOST/enabled; [ -z "$now" ] || echo active > $HOST/active ;;
                  disable) echo disabled > $HOST/enabled; [ -z "$now" ] || echo inactive > $HOST/active ;;
                  mask) echo masked > $HOST/enabled; [ -z "$now" ] || echo inactive > $HOST/active ;;
                  unmask) echo disabled > $HOST/enabled ;;
                  start) echo active > $HOST/active ;;
                  stop) echo inactive > $HOST/active ;;
                  *) exit 9 ;;
                esac""");
    }

    @Test
    void aUnitIsChangedAndComesBackAsItWas() throws IOException {
        for (Action.ChangeUnit.Verb verb : Action.ChangeUnit.Verb.values()) {
            for (Action.ChangeUnit.UnitState before : Action.ChangeUnit.UnitState.values()) {
                if (verb.name().regionMatches(0, before.name(), 0, 4)) {
                    continue;
                }
                String word = before.name().toLowerCase(java.util.Locale.ROOT);
                String active = before == Action.ChangeUnit.UnitState.ENABLED ? "active\n" : "inactive\n";
                systemd(word + "\n", active);
                FixPlan plan = unit(before, verb);
                assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
                assertThat(Files.readString(sandbox.place("/enabled")))
                        .startsWith(verb.name().substring(0, 4).toLowerCase(java.util.Locale.ROOT));
                assertThat(sandbox.place("/active"))
                        .hasContent(verb == Action.ChangeUnit.Verb.ENABLE ? "active\n" : "inactive\n");
                assertThat(rollback(plan).outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
                assertThat(sandbox.place("/enabled")).hasContent(word + "\n");
                assertThat(sandbox.place("/active")).hasContent(active);
            }
        }
    }

    private void setsebool(boolean works) throws IOException {
        sandbox.file("/sys/fs/selinux/booleans/virt_use_nfs", "1 1");
        sandbox.program(
                "setsebool",
                "[ \"$1 $2\" = '-P virt_use_nfs' ] || exit 2\n"
                        + (works
                                ? "[ $3 = on ] && v=1 || v=0; printf \"$v $v\" > $HOST/sys/fs/selinux/booleans/$2"
                                : "echo out of memory; exit 1"));
    }

    @Test
    void anSelinuxBooleanIsSetAndTakenBack() throws IOException {
        FixPlan plan = plan(step(1, new Action.SetSelinuxBoolean("virt_use_nfs", true, false)));
        setsebool(false);
        FixResult.StepResult refused = apply(plan);
        assertThat(refused.outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(refused.reason()).contains("out of memory");
        setsebool(true);
        assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/sys/fs/selinux/booleans/virt_use_nfs")).hasContent("0 0");
        assertThat(rollback(plan).outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(sandbox.place("/sys/fs/selinux/booleans/virt_use_nfs")).hasContent("1 1");
    }

    @Test
    void aCommandWithoutAnUndoSaysSo() throws IOException {
        sandbox.program("works", "touch $HOST/done");
        FixPlan plan = plan(step(1, new Action.RunCommand(Argv.of("works"), Optional.empty())));
        assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
        FixResult.StepResult result = rollback(plan);
        assertThat(result.outcome()).isEqualTo(FixResult.Outcome.FAILED);
        assertThat(result.reason()).contains("RF-FIX-119", "nothing takes back 'works'");
    }

    @Test
    void noShellSeesACommand() throws IOException {
        sandbox.program("shows", "printf '%s\\n' \"$@\" > $HOST/arguments");
        FixPlan plan = plan(step(
                1,
                new Action.RunCommand(Argv.of("shows", "a b", "$(touch x)", "*", "'"), Optional.of(Argv.of("true")))));
        assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/arguments")).hasContent("a b\n$(touch x)\n*\n'\n");
    }

    @Test
    void aPackageIsInstalledAndRemovedAgain() throws IOException {
        sandbox.program("dpkg-query", "[ -f $HOST/installed ] || exit 1; printf 'ii 1.2-3'");
        sandbox.program("apt-get", """
                case "$*" in
                  *remove*) rm $HOST/installed ;;
                  *install*) touch $HOST/installed ;;
                esac""");
        FixPlan plan = plan(step(
                1,
                new Action.ChangePackage(
                        "auditd",
                        Optional.empty(),
                        Action.ChangePackage.Verb.INSTALL,
                        Action.ChangePackage.Family.DPKG)));
        assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/installed")).exists();
        assertThat(rollback(plan).outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(sandbox.place("/installed")).doesNotExist();
    }

    @Test
    void aDefinitionThatLibvirtRefusesChangesNothing() throws IOException {
        String before = "<domain/>\n";
        sandbox.file("/etc/libvirt/qemu/web.xml", before);
        String sha256 = dev.ringfence.core.fix.FileContent.of(before).sha256();
        FixPlan plan = plan(step(
                1,
                new Action.EditDomain(
                        "web",
                        "d1a04437-a217-4714-9603-bd32f7807efc",
                        "/etc/libvirt/qemu/web.xml",
                        sha256,
                        "<domain type='qemu'/>\n",
                        "")));
        sandbox.program("virsh", "echo 'error: no name'; exit 1");
        assertThat(apply(plan).reason()).contains("RF-FIX-115", "error: no name");
        // Writes definitions in its own form, as libvirt does.
        sandbox.program("virsh", "[ $4 = define ] || exit 2; tr -d ' ' < $5 > $HOST/etc/libvirt/qemu/web.xml");
        assertThat(apply(plan).outcome()).isEqualTo(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/etc/libvirt/qemu/web.xml")).hasContent("<domaintype='qemu'/>\n");
        assertThat(rollback(plan).outcome()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(sandbox.place("/etc/libvirt/qemu/web.xml")).hasContent(before);
    }
}
