package dev.ringfence.linux.fix;

import static dev.ringfence.linux.fix.Plans.plan;
import static dev.ringfence.linux.fix.Plans.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import dev.ringfence.formats.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FixRunTest {
    @TempDir
    private Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Sandbox sandbox;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(DiskStorageTest.isRoot(), "changes owners, so it runs as root");
        sandbox = new Sandbox(temporary);
        sandbox.file("/etc/a.conf", "a = 1\n");
        sandbox.file("/etc/c.conf", "c = 1\n");
        sandbox.file("/etc/d.conf", "d = " + "1".repeat(9000));
    }

    static List<FixResult.Outcome> outcomes(FixResult result) {
        return switch (result) {
            case FixResult.Ended ended ->
                ended.steps().stream().map(FixResult.StepResult::outcome).toList();
            case FixResult.Stopped stopped -> throw new AssertionError(stopped.toString());
        };
    }

    private static String reason(FixResult result, int step) {
        return result instanceof FixResult.Ended ended
                ? ended.steps().stream()
                        .filter(s -> s.step() == step)
                        .map(FixResult.StepResult::reason)
                        .findFirst()
                        .orElseThrow()
                : result.toString();
    }

    private static void assertStopped(FixResult result, String code, String... shown) {
        assertThat(result).isInstanceOfSatisfying(FixResult.Stopped.class, stopped -> {
            assertThat(stopped.refusal().code()).isEqualTo(code);
            assertThat(String.join("\n", stopped.views())).contains(shown);
        });
    }

    @Test
    void appliesVerifiesAndTakesBackExactly() throws IOException {
        Path a = sandbox.place("/etc/a.conf");
        if (DiskStorageTest.attributesWork(a)) {
            SortedMap<String, String> attributes = new TreeMap<>();
            attributes.put("user.note", "01");
            attributes.put("trusted.mark", "02");
            new DiskStorage().setMetadata(a, new Metadata(0, 0, 0644, attributes));
        }
        Map<String, String> before = sandbox.everything();
        FixPlan plan = Plans.manyFiles();
        assertThat(outcomes(sandbox.run(plan).apply(Sandbox.ALL))).containsOnly(FixResult.Outcome.VERIFIED);
        assertThat(a).hasContent("a = 2\n");
        assertThat(sandbox.everything().get("etc/b.d/deep/50-b.conf")).isEqualTo("0:0 0644 b = 2\n");
        assertThat(new DiskStorage().metadata(a).mode()).isEqualTo(0600);
        assertThat(outcomes(sandbox.run(plan).rollback(Sandbox.ALL))).containsOnly(FixResult.Outcome.ROLLED_BACK);
        assertThat(sandbox.everything()).isEqualTo(before);
    }

    @Test
    void applyingTwiceChangesNothing() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        Map<String, String> after = sandbox.everything();
        Object inode = Files.getAttribute(sandbox.place("/etc/a.conf"), "unix:ino");
        assertThat(outcomes(sandbox.run(plan).apply(Sandbox.ALL))).containsOnly(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.everything()).isEqualTo(after);
        assertThat(Files.getAttribute(sandbox.place("/etc/a.conf"), "unix:ino")).isEqualTo(inode);
    }

    @Test
    void takenBackItCanBeAppliedAgain() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        sandbox.run(plan).rollback(Sandbox.ALL);
        assertThat(outcomes(sandbox.run(plan).apply(Sandbox.ALL))).containsOnly(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/etc/d.conf")).hasContent("d = 2\n");
    }

    @Test
    void stopsBeforeTheFirstWriteWhereAFileHasChanged() throws IOException {
        sandbox.file("/etc/d.conf", "d = 1\nmine = 3\n");
        Map<String, String> before = sandbox.everything();
        assertStopped(
                sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL),
                "RF-FIX-109",
                "step 4",
                "before, by the plan: SHA-256",
                "now:                 SHA-256",
                "after, by the plan:  SHA-256",
                "-mine = 3",
                "+d = 2");
        assertThat(sandbox.everything()).isEqualTo(before);
    }

    @Test
    void stopsWhereAnOwnerOrModeHasChanged() throws IOException {
        Files.setAttribute(sandbox.place("/etc/a.conf"), "unix:mode", 0640);
        assertStopped(sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL), "RF-FIX-109", "0640");
        Files.setAttribute(sandbox.place("/etc/a.conf"), "unix:mode", 0644);
        Files.setAttribute(sandbox.place("/etc/c.conf"), "unix:uid", 7);
        assertStopped(sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL), "RF-FIX-109", "7:0 0644");
    }

    @Test
    void stopsWhereAFileBecameALinkOrANewOneIsThere() throws IOException {
        Path a = sandbox.place("/etc/a.conf");
        Files.move(a, sandbox.place("/etc/real.conf"));
        Files.createSymbolicLink(a, sandbox.place("/etc/real.conf"));
        assertStopped(sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL), "RF-FIX-109", "not a regular file");
        Files.delete(a);
        sandbox.file("/etc/a.conf", "a = 1\n");
        sandbox.file("/etc/b.d/deep/50-b.conf", "somebody's\n");
        assertStopped(sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL), "RF-FIX-109", "-somebody's", "+b = 2");
    }

    @Test
    void stopsWhereAFileThatDecidedHasChanged() throws IOException {
        sandbox.file("/etc/other.conf", "x\n");
        Step.Precondition condition = new Step.Precondition.Unchanged(
                "/etc/other.conf",
                dev.ringfence.core.fix.FileState.of(dev.ringfence.core.fix.FileContent.of("x\n"), Plans.ROOT_0644));
        FixPlan plan = plan(step(
                1, Plans.edit("/etc/a.conf", "a = 1\n", "a = 2\n"), Fix.Reach.LIVE, List.of(), List.of(condition)));
        sandbox.file("/etc/other.conf", "y\n");
        assertStopped(sandbox.run(plan).apply(Sandbox.ALL), "RF-FIX-109", "/etc/other.conf");
        sandbox.file("/etc/other.conf", "x\n");
        assertThat(outcomes(sandbox.run(plan).apply(Sandbox.ALL))).containsExactly(FixResult.Outcome.VERIFIED);
    }

    @Test
    void rollbackRefusesWhatSomebodyChangedAndShowsIt() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        sandbox.file("/etc/a.conf", "a = 2\nmine = 3\n");
        Map<String, String> changed = sandbox.everything();
        assertStopped(sandbox.run(plan).rollback(Sandbox.ALL), "RF-FIX-110", "step 1", "+mine = 3");
        assertThat(sandbox.everything()).isEqualTo(changed);
        FixResult others = sandbox.run(plan).rollback(Sandbox.options(false, new FixOptions.Restart.None(), 2, 3, 4));
        assertThat(outcomes(others)).containsOnly(FixResult.Outcome.ROLLED_BACK).hasSize(3);
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 2\nmine = 3\n");
        assertThat(sandbox.place("/etc/b.d")).doesNotExist();
    }

    @Test
    void rollbackRefusesAChangedOwnerOfWhatWasWritten() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        Files.setAttribute(sandbox.place("/etc/d.conf"), "unix:gid", 9);
        assertStopped(sandbox.run(plan).rollback(Sandbox.ALL), "RF-FIX-110", "step 4", "0:9 0600");
    }

    @Test
    void rollbackOfAStepThatIsNotThereIsRefused() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        assertStopped(
                sandbox.run(plan).rollback(Sandbox.options(false, new FixOptions.Restart.None(), 5)), "RF-FIX-121", "");
    }

    @Test
    void aMissingBackupIsSaidAndNothingElseIsWrittenInItsPlace() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        Path backups = sandbox.storePath().resolve(plan.id().abbreviated()).resolve("backups");
        Files.writeString(
                backups.resolve(Digests.sha256("a = 1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))), "x");
        FixResult result = sandbox.run(plan).rollback(Sandbox.ALL);
        assertThat(reason(result, 1)).contains("RF-FIX-105");
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 2\n");
        assertThat(sandbox.place("/etc/d.conf")).hasContent("d = " + "1".repeat(9000));
    }

    private static Action checked(Action.Check... checks) {
        return Plans.edit("/etc/a.conf", "a = 1\n", "a = 2\n", List.of(checks), List.of(Argv.of("regenerate")));
    }

    @Test
    void aCheckingProgramSeesTheNewFileAndMayRefuseIt() throws IOException {
        sandbox.program("regenerate", "echo again >> $HOST/regenerated");
        Action.Check before = new Action.Check(Action.Check.When.BEFORE, Argv.of("checkfile", Action.Check.FILE));
        FixPlan plan = plan(step(1, checked(before)));
        sandbox.program("checkfile", "grep -q 'a = 2' \"$1\" && echo 'line 1: bad' && exit 1");
        FixResult refused = sandbox.run(plan).apply(Sandbox.ALL);
        assertThat(outcomes(refused)).containsExactly(FixResult.Outcome.ROLLED_BACK);
        assertThat(reason(refused, 1)).contains("RF-FIX-114", "line 1: bad");
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 1\n");
        sandbox.program("checkfile", "grep -q 'a = 2' \"$1\"");
        assertThat(outcomes(sandbox.run(plan).apply(Sandbox.ALL))).containsExactly(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 2\n");
    }

    @Test
    void aCheckOfTheWholeConfigurationMayPutTheOldFileBack() throws IOException {
        sandbox.program("regenerate", "cat $HOST/etc/a.conf >> $HOST/regenerated");
        sandbox.program("checkall", "! grep -q 'a = 2' $HOST/etc/a.conf");
        FixPlan plan = plan(step(1, checked(new Action.Check(Action.Check.When.AFTER, Argv.of("checkall")))));
        FixResult refused = sandbox.run(plan).apply(Sandbox.ALL);
        assertThat(outcomes(refused)).containsExactly(FixResult.Outcome.ROLLED_BACK);
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 1\n");
        assertThat(((FixResult.Ended) refused).well()).isFalse();
    }

    @Test
    void aCheckingProgramThatIsMissingRefusesTheStep() throws IOException {
        FixPlan plan = plan(step(1, checked(new Action.Check(Action.Check.When.AFTER, Argv.of("nosuchprogram")))));
        FixResult refused = sandbox.run(plan).apply(Sandbox.ALL);
        assertThat(reason(refused, 1)).contains("nosuchprogram is not installed");
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 1\n");
    }

    @Test
    void whatIsMadeFromAFileIsMadeAgainAfterARollback() throws IOException {
        sandbox.program("regenerate", "cp $HOST/etc/a.conf $HOST/made");
        FixPlan plan = plan(step(1, checked()));
        assertThat(outcomes(sandbox.run(plan).apply(Sandbox.ALL))).containsExactly(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/made")).hasContent("a = 2\n");
        sandbox.run(plan).rollback(Sandbox.ALL);
        assertThat(sandbox.place("/made")).hasContent("a = 1\n");
    }

    private static FixPlan secondFails() {
        return plan(
                step(1, Plans.edit("/etc/a.conf", "a = 1\n", "a = 2\n")),
                step(2, new Action.RunCommand(Argv.of("fails"), Optional.of(Argv.of("undoes")))),
                step(3, Plans.edit("/etc/c.conf", "c = 1\n", "c = 2\n")));
    }

    @Test
    void aStepThatFailsIsTakenBackAndTheOthersStay() throws IOException {
        sandbox.program("fails", "touch $HOST/half; echo no disk; exit 3");
        sandbox.program("undoes", "rm $HOST/half");
        FixResult result = sandbox.run(secondFails()).apply(Sandbox.ALL);
        assertThat(outcomes(result))
                .containsExactly(FixResult.Outcome.VERIFIED, FixResult.Outcome.ROLLED_BACK, FixResult.Outcome.VERIFIED);
        assertThat(reason(result, 2)).contains("RF-FIX-115", "status 3", "no disk");
        assertThat(sandbox.place("/half")).doesNotExist();
        assertThat(((FixResult.Ended) result).well()).isFalse();
    }

    @Test
    void allOrNothingTakesTheOthersBackToo() throws IOException {
        sandbox.program("fails", "exit 3");
        sandbox.program("undoes", "exit 0");
        Map<String, String> before = sandbox.everything();
        FixResult result = sandbox.run(secondFails()).apply(Sandbox.options(true, new FixOptions.Restart.None()));
        assertThat(outcomes(result))
                .containsExactly(
                        FixResult.Outcome.ROLLED_BACK, FixResult.Outcome.ROLLED_BACK, FixResult.Outcome.SKIPPED);
        assertThat(reason(result, 1)).contains("step 2 failed");
        assertThat(sandbox.everything()).isEqualTo(before);
    }

    @Test
    void aControlThatFailsStillTakesItsStepBack() throws IOException {
        sandbox.verdict("TST-001", Verdict.FAIL);
        FixResult result = sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL);
        assertThat(outcomes(result).getFirst()).isEqualTo(FixResult.Outcome.ROLLED_BACK);
        assertThat(reason(result, 1)).contains("RF-FIX-125", "TST-001 fails still: seen in the sandbox");
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 1\n");
        assertThat(sandbox.place("/etc/d.conf")).hasContent("d = 2\n");
    }

    @Test
    void whatCannotBeJudgedIsPendingUntilItCan() throws IOException {
        sandbox.verdict("TST-001", Verdict.NOT_COVERED);
        FixPlan plan = Plans.manyFiles();
        FixResult result = sandbox.run(plan).apply(Sandbox.ALL);
        assertThat(outcomes(result).getFirst()).isEqualTo(FixResult.Outcome.PENDING);
        assertThat(reason(result, 1)).contains("could not be judged");
        assertThat(((FixResult.Ended) result).well()).isTrue();
        assertThat(outcomes(sandbox.run(plan).recheck()).getFirst()).isEqualTo(FixResult.Outcome.PENDING);
        sandbox.verdict("TST-001", Verdict.PASS);
        assertThat(outcomes(sandbox.run(plan).recheck())).containsOnly(FixResult.Outcome.VERIFIED);
        assertThat(outcomes(sandbox.run(plan).states())).containsOnly(FixResult.Outcome.VERIFIED);
    }

    @Test
    void stepsOfAnotherReachAreLeftAlone() throws IOException {
        FixPlan plan = plan(
                step(1, Plans.edit("/etc/a.conf", "a = 1\n", "a = 2\n")),
                step(2, Plans.edit("/etc/c.conf", "c = 1\n", "c = 2\n"), Fix.Reach.REBOOT, List.of(), List.of()));
        FixOptions live = new FixOptions(
                java.util.Set.of(Fix.Reach.LIVE), java.util.Set.of(), false, new FixOptions.Restart.None());
        assertThat(outcomes(sandbox.run(plan).apply(live)))
                .containsExactly(FixResult.Outcome.VERIFIED, FixResult.Outcome.SKIPPED);
        assertThat(sandbox.place("/etc/c.conf")).hasContent("c = 1\n");
        FixResult whole = sandbox.run(plan).apply(Sandbox.ALL);
        assertThat(outcomes(whole)).containsExactly(FixResult.Outcome.VERIFIED, FixResult.Outcome.PENDING);
        assertThat(reason(whole, 2)).contains("the host must restart");
    }

    private static FixPlan daemon() {
        return plan(step(
                1,
                Plans.edit("/etc/a.conf", "a = 1\n", "a = 2\n"),
                Fix.Reach.DAEMON,
                List.of(new Step.UnitRestart("nosuchd.service", false)),
                List.of()));
    }

    private static FixOptions restarting(Path program) {
        return Sandbox.options(false, new FixOptions.Restart.ByCommand(Argv.of(program.toString(), "now")));
    }

    @Test
    void restartsADaemonOnlyWhenAsked() throws IOException {
        Path restart = sandbox.program("restart", "echo $1 >> $HOST/restarted");
        assertThat(outcomes(sandbox.run(daemon()).apply(Sandbox.ALL))).containsExactly(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/restarted")).doesNotExist();
        assertThat(outcomes(sandbox.run(daemon()).apply(restarting(restart))))
                .containsExactly(FixResult.Outcome.VERIFIED);
        assertThat(sandbox.place("/restarted")).hasContent("now\n");
        assertThat(outcomes(sandbox.run(daemon()).rollback(restarting(restart))))
                .containsExactly(FixResult.Outcome.ROLLED_BACK);
        assertThat(sandbox.place("/restarted")).hasContent("now\nnow\n");
    }

    @Test
    void aDaemonThatDoesNotComeBackTakesItsStepsBack() throws IOException {
        Path restart = sandbox.program("restart", "grep -q 'a = 1' $HOST/etc/a.conf || { echo bad config; exit 1; }");
        FixResult result = sandbox.run(daemon()).apply(restarting(restart));
        assertThat(outcomes(result)).containsExactly(FixResult.Outcome.ROLLED_BACK);
        assertThat(reason(result, 1)).contains("RF-FIX-118", "bad config");
        assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 1\n");
    }

    @Test
    void aGuestThatIsLostTakesTheStepBack() throws IOException, InterruptedException {
        Process guest = new ProcessBuilder("sleep", "600").start();
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            sandbox.file("/run/libvirt/qemu/web-1.xml", status("web-1", guest.pid()));
            sandbox.file("/run/libvirt/qemu/web-2.xml", status("web-2", other.pid()));
            Path harmless = sandbox.program("harmless", "exit 0");
            assertThat(outcomes(sandbox.run(daemon()).apply(restarting(harmless))))
                    .containsExactly(FixResult.Outcome.VERIFIED);
            sandbox.run(daemon()).rollback(Sandbox.ALL);
            Path deadly = sandbox.program(
                    "deadly",
                    "kill -9 " + guest.pid() + "; while grep -qs '^State:.*[RSD] ' /proc/" + guest.pid()
                            + "/status; do sleep 0.05; done; exit 0");
            FixResult result = sandbox.run(daemon()).apply(restarting(deadly));
            assertThat(outcomes(result)).containsExactly(FixResult.Outcome.ROLLED_BACK);
            assertThat(reason(result, 1)).contains("RF-FIX-117", "web-1").doesNotContain("web-2");
            assertThat(sandbox.place("/etc/a.conf")).hasContent("a = 1\n");
        } finally {
            guest.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static String status(String name, long pid) {
        return "<domstatus state='running' reason='booted' pid='" + pid + "'>\n"
                + "  <domain type='qemu' id='1'><name>" + name + "</name>"
                + "<uuid>d1a04437-a217-4714-9603-bd32f7807efc</uuid><memory unit='KiB'>1024</memory>"
                + "<os><type arch='x86_64' machine='q35'>hvm</type></os></domain>\n</domstatus>\n";
    }

    @Test
    void onlyOneCallAtATime() throws IOException {
        FixStore store = Sandbox.value(sandbox.store());
        try (FixStore.Held held = Sandbox.value(store.lock())) {
            assertThat(held).isNotNull();
            assertThat(Sandbox.value(sandbox.store()).lock())
                    .isInstanceOfSatisfying(
                            Decoded.Refused.class,
                            refused -> assertThat(refused.refusal().code()).isEqualTo("RF-FIX-107"));
        }
        Sandbox.value(store.lock()).close();
    }

    @Test
    void refusesAStoreThatOthersMayEnter() throws IOException {
        sandbox.run(Plans.manyFiles()).apply(Sandbox.ALL);
        Files.setAttribute(sandbox.storePath(), "unix:mode", 0755);
        assertThat(sandbox.store())
                .isInstanceOfSatisfying(
                        Decoded.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo("RF-FIX-106"));
    }

    @Test
    void everyActIsNotedWithWhoBeforeAndAfter() throws IOException {
        FixPlan plan = Plans.manyFiles();
        sandbox.run(plan).apply(Sandbox.ALL);
        sandbox.run(plan).rollback(Sandbox.options(false, new FixOptions.Restart.None(), 1));
        List<FixRecord> records = Sandbox.value(
                        Sandbox.value(sandbox.store()).find(plan.id().abbreviated()))
                .journal()
                .records();
        assertThat(records).allSatisfy(record -> assertThat(record.who().uid()).isZero());
        assertThat(records.stream().filter(r -> r.step() == 1).map(FixRecord::act))
                .containsExactly(
                        FixRecord.Act.INTENT,
                        FixRecord.Act.DONE,
                        FixRecord.Act.VERIFIED,
                        FixRecord.Act.UNDO,
                        FixRecord.Act.ROLLED_BACK);
        assertThat(records.stream().filter(r -> r.act() == FixRecord.Act.DONE))
                .allSatisfy(
                        record -> assertThat(record.before() + record.after()).isNotEmpty());
        assertThat(Sandbox.value(sandbox.store()).find("0123")).isInstanceOf(Decoded.Refused.class);
    }
}
