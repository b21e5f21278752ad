package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit",
                "facts",
                "diff",
                "inspect",
                "inspect elf",
                "inspect qemu",
                "image",
                "image inspect",
                "controls",
                "controls list",
                "controls show",
                "controls lint",
                "controls test",
                "ledger",
                "ledger init",
                "ledger append",
                "ledger checkpoint",
                "ledger prove",
                "ledger prove-consistency",
                "ledger verify",
                "ledger fsck",
                "ledger query",
                "ledger serve",
                "ledger witness",
                "ledger bench",
            })
    void everyCommandHasHelp(String command) {
        Object[] line = (command + " --help").split(" ");
        Ran ran = Ran.ringfence(line);
        assertThat(ran.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(ran.out()).contains("Usage: ringfence " + command);
        assertThat(ran.out().lines()).allMatch(l -> l.length() <= 100);
    }

    @Test
    void saysItsVersion() {
        assertThat(Ran.ringfence("--version").out()).startsWith("ringfence 0.");
    }

    @Test
    void unknownCommandsAreUsageErrors() {
        assertThat(Ran.ringfence("adit").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("inspect").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("image").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("controls").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("ledger").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("ledger", "prov").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("ledger", "prov").err()).contains("ledger prove");
    }

    @Test
    void listsAndShowsControls() {
        Ran list = Ran.ringfence("controls", "list", "--severity", "high");
        assertThat(list.out()).contains("MEM-001").doesNotContain(" medium ");
        assertThat(list.out().lines()).allMatch(l -> l.length() <= 80);
        assertThat(Ran.ringfence("controls", "show", "mem-001").out()).contains("memory.ksm.run");
        assertThat(Ran.ringfence("controls", "show", "MEM-01").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void lintsAndTestsControlsOfTheOperator() throws IOException {
        String control = """
                id: OWN-001
                title: The host is called hv1
                severity: low
                threats: [guest-to-host]
                stride: [spoofing]
                rationale: An example.
                rule: host.name == 'hv1'
                evidence: called ${host.name}
                fix: {reach: live, summary: Rename it.}
                samples: {pass: {facts: {host: {name: hv1}}}, fail: {facts: {host: {name: hv2}}}}
                """;
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.writeString(own.resolve("OWN-001.yaml"), control);
        assertThat(Ran.ringfence("controls", "test", own).out()).contains("1 controls, 2 samples hold");
        Ran judged = Ran.ringfence(
                "audit",
                "OWN-001",
                "--controls",
                own,
                "--root",
                HostTree.in(directory.resolve("h"), false).root());
        assertThat(judged.out()).contains("Here: pass", "called hv1");

        Files.writeString(own.resolve("OWN-001.yaml"), control.replace("host.name ==", "host.nme =="));
        Ran lint = Ran.ringfence("controls", "lint", own);
        assertThat(lint.status()).isEqualTo(ExitStatus.FINDINGS);
        assertThat(lint.out()).contains("OWN-001.yaml: OWN-001: rule:1:5: undefined field 'nme'");
        assertThat(Ran.ringfence("audit", "--controls", own).status()).isEqualTo(ExitStatus.USAGE);

        Files.writeString(own.resolve("OWN-001.yaml"), control.replace("{name: hv2}", "{name: hv1}"));
        assertThat(Ran.ringfence("controls", "test", own).out()).contains("expected fail, got pass");
        assertThat(Ran.ringfence("controls", "lint", own).status()).isEqualTo(ExitStatus.CLEAN);
    }

    @Test
    void tailoredProfilesChooseAndReweigh() throws IOException {
        Path profile = directory.resolve("ours.yaml");
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Files.writeString(profile, """
                name: ours
                extends: multi-tenant
                remove: {KRN-002: "tracked elsewhere"}
                severity: {MEM-001: low}
                """);
        Ran ran = Ran.ringfence("audit", "--root", root, "--profile", profile);
        assertThat(ran.out())
                .contains("ours", "1 left out by the profile", "LOW")
                .doesNotContain("KRN-002");
        Files.writeString(profile, "name: ours\nextends: multi-tenant\nremove: {MEM-01: x}\n");
        assertThat(Ran.ringfence("audit", "--root", root, "--profile", profile).err())
                .contains("did you mean");
    }

    @Test
    void inspectsBinaries() {
        Ran ran = Ran.ringfence("inspect", "elf", "/bin/sh", "--needed");
        assertThat(ran.out()).contains("/bin/sh", "libc.so.6");
        assertThat(Ran.ringfence("inspect", "elf", "/bin/sh", "--format", "json")
                        .out())
                .contains("\"relro\"", "\"canary\"", "\"fortify\"", "\"why\"");
        assertThat(Ran.ringfence("inspect", "elf", "/etc/passwd").out()).contains("RF-ELF-001");
        assertThat(Ran.ringfence("inspect", "elf", "/no/such").status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(Ran.ringfence("inspect", "elf", "/bin").err()).contains("--tree");
        assertThat(Ran.ringfence("inspect", "elf").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void refusesToInspectWhatIsNoEmulator() {
        assertThat(Ran.ringfence("inspect", "qemu", "--binary", "/no/such").status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(Ran.ringfence("inspect", "qemu", "--binary", "/bin/false").status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
    }
}
