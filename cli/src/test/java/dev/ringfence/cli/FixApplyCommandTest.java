package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileDiff;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import dev.ringfence.wire.fix.PlanJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that are applied to a tree and taken back, as a person does it. */
final class FixApplyCommandTest {
    private static final FileAttributes OWNED = new FileAttributes("0", "0", "0644");

    @TempDir
    private Path temporary = Path.of("");

    private Path root = Path.of("");
    private Path conf = Path.of("");
    private String plan = "";
    private String state = "";

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "the store must belong to root");
        root = Files.createDirectories(temporary.toRealPath().resolve("host"));
        HostTree.in(root, true);
        conf = root.resolve("etc/app.conf");
        Files.writeString(conf, "a = 1\n");
        Files.setAttribute(conf, "unix:mode", 0644);
        plan = temporary.resolve("plan.json").toString();
        state = temporary.toRealPath().resolve("state").toString();
        write(root.toString(), "");
    }

    private void write(String target, String machine) throws IOException {
        FileContent before = FileContent.of("a = 1\n");
        FileContent after = FileContent.of("a = 2\n");
        Step file = step(
                1,
                "Edit /etc/app.conf",
                new Action.EditFile(
                        "/etc/app.conf",
                        FileState.of(before, OWNED),
                        after,
                        OWNED,
                        FileDiff.of("/etc/app.conf", before, after),
                        List.of(),
                        List.of()));
        Step command =
                step(2, "Switch merging off", new Action.RunCommand(Argv.of("ksmtuned", "stop"), Optional.empty()));
        FixPlan made = FixPlan.of(
                new FixPlan.Target("hv1", machine, target),
                Instant.parse("2026-11-21T05:00:00Z"),
                "test",
                "multi-tenant",
                List.of(file, command),
                List.of());
        try (OutputStream out = Files.newOutputStream(Path.of(plan))) {
            PlanJson.write(made, out);
        }
    }

    private static Step step(int number, String title, Action action) {
        return new Step(
                number,
                List.of("MAC-005"),
                title,
                action,
                Fix.Reach.LIVE,
                List.of(),
                List.of(),
                "",
                List.of(),
                new Step.Undo(Step.Undo.Kind.AUTOMATIC, ""));
    }

    private Ran fix(Object... arguments) {
        Object[] line = new Object[arguments.length + 3];
        line[0] = "fix";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        line[arguments.length + 1] = "--state";
        line[arguments.length + 2] = state;
        return Ran.ringfence(line);
    }

    private static String id(Ran ran) {
        return ran.out().substring(5, 17);
    }

    @Test
    void everyActStandsInTheLedger() throws IOException {
        Path ledger = temporary.toRealPath().resolve("ledger");
        assertThat(Ran.ringfence("ledger", "init", ledger, "--origin", "hv1.example/ledger")
                        .status())
                .isZero();
        Ran applied = fix("apply", plan, "--yes", "--ledger", ledger);
        assertThat(conf).hasContent("a = 2\n");
        fix("rollback", id(applied), "--yes", "--ledger", ledger);
        assertThat(conf).hasContent("a = 1\n");
        String leaves = Ran.ringfence("ledger", "query", ledger, "--kind", "host.change", "--format", "json")
                .out();
        assertThat(leaves)
                .contains("\"subject\":\"hv1\"", "Edit /etc/app.conf", "\"act\":\"intent\"", "\"act\":\"done\"")
                .contains("\"act\":\"rolled-back\"", "\"actor\":\"uid 0")
                .doesNotContain("a = 2");
    }

    @Test
    void nothingIsChangedThatTheLedgerDoesNotTake() throws IOException {
        Path ledger = temporary.toRealPath().resolve("ledger");
        Ran.ringfence("ledger", "init", ledger, "--origin", "hv1.example/ledger");
        Files.writeString(ledger.resolve("checkpoint"), "not a checkpoint\n");
        Ran refused = fix("apply", plan, "--yes", "--ledger", ledger);
        assertThat(refused.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(refused.err()).contains("RF-LDG-113");
        assertThat(conf).hasContent("a = 1\n");
    }

    @Test
    void appliesListsAndTakesBack() throws IOException {
        Ran applied = fix("apply", plan, "--yes");
        assertThat(applied.status()).as(applied.err()).isZero();
        assertThat(conf).hasContent("a = 2\n");
        assertThat(applied.out())
                .contains(
                        "1  verified",
                        "2  pending",
                        "Edit /etc/app.conf (MAC-005)",
                        "not the running host; there: ksmtuned stop");
        assertThat(applied.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        Ran listed = fix("list");
        assertThat(listed.status()).isZero();
        assertThat(listed.out()).contains(id(applied), "hv1", "pending").doesNotContain("interrupted");
        Ran back = fix("rollback", id(applied).substring(0, 6), "--yes");
        assertThat(back.status()).as(back.err()).isZero();
        assertThat(back.out()).contains("rolled back");
        assertThat(conf).hasContent("a = 1\n");
    }

    @Test
    void writesJson() {
        Ran applied = fix("apply", plan, "--yes", "--format", "json");
        assertThat(applied.status()).isZero();
        assertThat(applied.out())
                .startsWith("{")
                .contains("\"command\": \"apply\"", "\"step\": 1", "\"outcome\": \"pending\"", "\"controls\": [");
        assertThat(fix("list", "--format", "json").out()).contains("\"plans\": [", "\"interrupted\": false");
    }

    @Test
    void asksNobodyOffATerminal() throws IOException {
        Ran refused = fix("apply", plan);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("--yes");
        assertThat(conf).hasContent("a = 1\n");
    }

    @Test
    void stopsWhereTheHostHasChanged() throws IOException {
        Files.writeString(conf, "a = 3\n");
        Ran stopped = fix("apply", plan, "--yes");
        assertThat(stopped.status()).isEqualTo(3);
        assertThat(stopped.err()).contains("RF-FIX-109", "-a = 3", "+a = 2");
        assertThat(conf).hasContent("a = 3\n");
        assertThat(fix("apply", plan, "--yes", "--format", "json").out()).contains("\"stopped\": \"RF-FIX-109\"");
    }

    @Test
    void rollbackStopsWhereSomebodyChangedIt() throws IOException {
        String id = id(fix("apply", plan, "--yes"));
        Files.writeString(conf, "a = 3\n");
        Ran stopped = fix("rollback", id, "--yes");
        assertThat(stopped.status()).isEqualTo(3);
        assertThat(stopped.err()).contains("RF-FIX-110", "-a = 2", "+a = 3");
        assertThat(conf).hasContent("a = 3\n");
    }

    @Test
    void whatSteersATerminalDoesNotReachIt() throws IOException {
        Files.writeString(conf, "a = \u001b]0;owned\u0007\u202e3\n");
        assertThat(fix("apply", plan, "--yes").err())
                .doesNotContain("\u001b", "\u0007", "\u202e")
                .contains("a = ?]0;");
    }

    @Test
    void refusesAnotherMachinesPlan() throws IOException {
        write("/", "0123456789abcdef0123456789abcdef");
        Ran refused = fix("apply", plan, "--yes");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.err()).contains("RF-FIX-111");
    }

    @Test
    void refusesWhatIsNoPlanAndUnknownPlans() throws IOException {
        assertThat(fix("rollback", "0123", "--yes").err()).contains("RF-FIX-108");
        assertThat(fix("resume", "0123", "--yes").status()).isEqualTo(3);
        Files.writeString(Path.of(plan), "{}");
        assertThat(fix("apply", plan, "--yes").status()).isEqualTo(2);
        assertThat(fix("apply", plan + ".none", "--yes").status()).isEqualTo(3);
        assertThat(fix("list").out()).contains("No plan was applied here");
    }

    @Test
    void resumesOnlyWhatWasInterrupted() {
        String id = id(fix("apply", plan, "--yes"));
        Ran resumed = fix("resume", id, "--yes");
        assertThat(resumed.status()).isEqualTo(3);
        assertThat(resumed.err()).contains("RF-FIX-124");
    }

    @Test
    void refusesADamagedJournal() throws IOException {
        String id = id(fix("apply", plan, "--yes"));
        Path journal = Path.of(state, id, "journal");
        Files.writeString(journal, Files.readString(journal).replaceFirst("hv1", "hv2"));
        assertThat(fix("rollback", id, "--yes").err()).contains("RF-FIX-104");
        Ran listed = fix("list");
        assertThat(listed.status()).isEqualTo(1);
        assertThat(listed.err()).contains("RF-FIX-104");
        assertThat(conf).hasContent("a = 2\n");
    }

    @Test
    void reportsAJournalThatWasCutOff() throws IOException {
        String id = id(fix("apply", plan, "--yes"));
        Path journal = Path.of(state, id, "journal");
        String text = Files.readString(journal);
        Files.writeString(journal, text.substring(0, text.length() - 20));
        Ran back = fix("rollback", id, "--yes");
        assertThat(back.status()).isZero();
        assertThat(back.err()).contains("was cut off");
        assertThat(conf).hasContent("a = 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply", "list", "resume", "rollback"})
    void everyCommandExplainsItselfInEightyColumns(String command) {
        Ran help = Ran.ringfence("fix", command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("Exit status:", "Examples:");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
