package dev.ringfence.wire.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileDiff;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.FixPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports are run for real on files of a temporary directory, whose paths a plan may name like any others. */
class PlanExportTest {
    private static final String OLD = "# kept\n\n\n\n\nuser = \"root\" \npassword = 'it''s $HOME `id`'\n";
    private static final String NEW = "# kept\n\n\n\n\n" + "x".repeat(200) + " \npassword = 'it''s $HOME `id`'\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    Path conf;

    @SuppressWarnings("NullAway.Init")
    Path added;

    @BeforeEach
    void makeFiles() throws IOException {
        conf = directory.resolve("a.conf");
        added = directory.resolve("new dir/it's.conf");
        Files.writeString(conf, OLD);
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(directory.resolve("log"), "");
    }

    private FixPlan plan(String dropIn) {
        FileContent before = FileContent.of(OLD);
        FileContent after = FileContent.of(NEW);
        FileContent drop = FileContent.of(dropIn);
        String log = directory.resolve("log").toString();
        FixPlan sample = SamplePlans.plan(
                List.of(
                        new Action.EditFile(
                                conf.toString(),
                                FileState.of(before, new FileAttributes("root", "root", "0644")),
                                after,
                                new FileAttributes("root", "root", "0600"),
                                FileDiff.of(conf.toString(), before, after),
                                List.of(new Action.Check(
                                        Action.Check.When.BEFORE, Argv.of("grep", "-q", "kept", Action.Check.FILE))),
                                List.of(Argv.of("cp", conf.toString(), log))),
                        new Action.EditFile(
                                added.toString(),
                                new FileState.Absent(),
                                drop,
                                new FileAttributes("root", "root", "0640"),
                                FileDiff.ofNew(added.toString(), drop),
                                List.of(),
                                List.of()),
                        new Action.SetFileAttributes(List.of(new Action.AttributeChange(
                                directory.toString(),
                                new FileAttributes("root", "root", "0700"),
                                new FileAttributes("root", "root", "0711"))))),
                List.of());
        // Without a machine id, as this machine is not the host of the plan.
        return FixPlan.of(
                new FixPlan.Target("localhost", "", "/"),
                sample.createdAt(),
                sample.version(),
                sample.profile(),
                sample.steps().stream()
                        .map(s -> new dev.ringfence.core.fix.Step(
                                s.number(),
                                s.controls(),
                                s.title(),
                                s.action(),
                                s.reach(),
                                List.of(),
                                List.of(),
                                "",
                                List.of(),
                                s.undo()))
                        .toList(),
                List.of());
    }

    private record Ran(int status, String output) {}

    private Ran run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("export", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            // ansible-lint leaves out what lies elsewhere.
            builder.directory(directory.toFile());
            builder.environment().put("ANSIBLE_NOCOLOR", "1");
            builder.environment().put("ANSIBLE_LOCALHOST_WARNING", "false");
            builder.environment()
                    .put(
                            "ANSIBLE_LOCAL_TEMP",
                            directory
                                    .resolveSibling(directory.getFileName() + "-a")
                                    .toString());
            Process process = builder.start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still runs: " + List.of(command));
            }
            return new Ran(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    private static void needs(String program) {
        assumeTrue("root".equals(System.getProperty("user.name")), "changes owners, so it runs as root");
        assumeTrue(
                List.of("/usr/bin/", "/usr/sbin/", "/bin/").stream()
                        .anyMatch(d -> Files.isExecutable(Path.of(d + program))),
                program + " is not installed");
    }

    private static String sh(FixPlan plan) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ShellExport.write(plan, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String ansible(FixPlan plan) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnsibleExport.write(plan, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path script(String text) throws IOException {
        return Files.writeString(directory.resolve("script.sh"), text);
    }

    private List<String> state() throws IOException {
        List<String> state = new ArrayList<>();
        for (Path path : List.of(directory, conf, added)) {
            state.add(Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "");
            state.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
        return state;
    }

    private List<String> expected(String dropIn) {
        String latin = new String(dropIn.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return List.of("", "rwx--x--x", NEW, "rw-------", latin, "rw-r-----");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain = yes\n",
                "no line end",
                "RINGFENCE_END_OF_FILE\nrm -rf /nothing\n",
                "{{ lookup('pipe', 'id') }}\n\ttab é\n",
                "  starts with blanks\n",
                "two line ends\n\n",
                "- a: 'yaml'\n# comment: \"x\" \n...\n---\n"
            })
    void theScriptWritesExactlyThisAndThenNothingMore(String dropIn) throws IOException, InterruptedException {
        needs("sha256sum");
        String script = sh(plan(dropIn));
        Ran first = run("sh", script(script).toString());
        assertThat(first.status()).as(first.output()).isZero();
        assertThat(state()).isEqualTo(expected(dropIn));
        assertThat(first.output()).contains("written: " + conf, "written: " + added);
        assertThat(Files.readString(directory.resolve("log"))).isEqualTo(NEW);
        Files.writeString(directory.resolve("log"), "");
        assertThat(run("sh", directory.resolve("script.sh").toString())).isEqualTo(new Ran(0, ""));
        assertThat(state()).isEqualTo(expected(dropIn));
        // What makes a file count does not run again either.
        assertThat(directory.resolve("log")).hasContent("");
    }

    @Test
    void theScriptRefusesBeforeItsFirstWriteWhereAFileWasChanged() throws IOException, InterruptedException {
        needs("sha256sum");
        Path script = script(sh(plan("x\n")));
        Files.createDirectories(added.getParent());
        Files.writeString(added, "somebody was here\n");
        Ran ran = run("sh", script.toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.output()).contains("refused: " + added + " was changed since the plan was made");
        assertThat(conf).hasContent(OLD);
    }

    @Test
    void theScriptRefusesAFileThatItsCheckRefuses() throws IOException, InterruptedException {
        needs("sha256sum");
        Path script = script(sh(plan("x\n")).replace("grep -q kept", "grep -q missing"));
        assertThat(run("sh", script.toString()).status()).isNotZero();
        assertThat(conf).hasContent(OLD);
    }

    @Test
    void theScriptIsForOneHost() throws IOException, InterruptedException {
        needs("sha256sum");
        FixPlan plan = plan("x\n");
        FixPlan other = FixPlan.of(
                new FixPlan.Target("hv9", "ffffffffffffffffffffffffffffffff", "/"),
                plan.createdAt(),
                plan.version(),
                plan.profile(),
                plan.steps(),
                List.of());
        Ran ran = run("sh", script(sh(other)).toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(conf).hasContent(OLD);
    }

    @Test
    void shellcheckHasNothingToSay() throws IOException, InterruptedException {
        needs("shellcheck");
        for (FixPlan plan : List.of(SamplePlans.whole(), plan("x"), SamplePlans.plan(List.of(), List.of()))) {
            Ran ran = run("shellcheck", "-s", "sh", script(sh(plan)).toString());
            assertThat(ran).isEqualTo(new Ran(0, ""));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"plain = yes\n", "{{ 1 + 1 }}\n\ttab é", "- a: 'yaml'\n# comment: \"x\" \n...\n---\n"})
    void thePlaybookWritesExactlyThisAndThenNothingMore(String dropIn) throws IOException, InterruptedException {
        needs("ansible-playbook");
        Path book = Files.writeString(directory.resolve("book.yml"), ansible(plan(dropIn)));
        List<String> play = new ArrayList<>(List.of(
                "ansible-playbook",
                "-i",
                "localhost,",
                "-c",
                "local",
                "-e",
                "ansible_become=false ansible_python_interpreter=/usr/bin/python3",
                book.toString()));
        List<String> check = new ArrayList<>(play);
        check.add("--check");
        Ran dry = run(check.toArray(String[]::new));
        assertThat(dry.output()).contains("failed=0").contains("unreachable=0");
        assertThat(conf).hasContent(OLD);
        Ran first = run(play.toArray(String[]::new));
        assertThat(first.output()).contains("failed=0").doesNotContain("changed=0");
        assertThat(state()).isEqualTo(expected(dropIn));
        Ran second = run(play.toArray(String[]::new));
        assertThat(second.output()).contains("failed=0").contains("changed=0");
        Files.writeString(conf, "somebody was here\n");
        Ran refused = run(play.toArray(String[]::new));
        assertThat(refused.output()).contains("was changed since the plan was made");
        assertThat(conf).hasContent("somebody was here\n");
    }

    @Tag("slow")
    @Test
    void ansibleLintHasNothingToSay() throws IOException, InterruptedException {
        needs("ansible-lint");
        Path book = directory.resolve("book.yml");
        for (FixPlan plan : List.of(SamplePlans.whole(), plan("{{ x }}\n"), plan("x\n"))) {
            // The collection of SELinux booleans is not part of ansible-core.
            String text = ansible(plan)
                    .replace("ansible.posix.seboolean", "ansible.builtin.debug")
                    .replace("        state: false\n        persistent: true\n", "")
                    .replace("        name: \"virt_use_nfs\"\n", "        msg: \"virt_use_nfs\"\n");
            Files.writeString(book, text);
            Ran ran = run("ansible-lint", "--offline", "--nocolor", "-q", book.toString());
            assertThat(ran.status()).as(ran.output()).isZero();
        }
        Files.writeString(book, ansible(plan("x\n")).replace("ansible.builtin.copy", "copy"));
        assertThat(run("ansible-lint", "--offline", "--nocolor", "-q", book.toString())
                        .status())
                .isNotZero();
    }
}
