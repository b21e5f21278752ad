package dev.ringfence.formats.sudoers;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SudoersFileTest {
    private static final String RULE = "nova ALL = (root) NOPASSWD: /usr/bin/nova-rootwrap /etc/nova/rootwrap.conf *";
    private static final String SAMPLE = """
            # nova
            Defaults:nova !requiretty
            nova ALL = (root) NOPASSWD: \\
                /usr/bin/privsep-helper *

            %sudo ALL=(ALL:ALL) ALL   # everybody
            #1000 ALL=ALL
            @includedir /etc/sudoers.d
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SudoersFile parsed(String text) {
        return value(SudoersFile.parse(bytes(text)));
    }

    @Test
    void readsStatements() {
        assertThat(parsed(SAMPLE).statements().stream().map(s -> s.line() + " " + s.text()))
                .containsExactly(
                        "2 Defaults:nova !requiretty",
                        "3 nova ALL = (root) NOPASSWD:     /usr/bin/privsep-helper *",
                        "6 %sudo ALL=(ALL:ALL) ALL",
                        "7 #1000 ALL=ALL",
                        "8 @includedir /etc/sudoers.d");
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLE, "", "\n", "a ALL=ALL", "a ALL=ALL \\", "# \\\na ALL=ALL\r\n", "\"\n(("})
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
    }

    @Test
    void anAddedRuleStandsLastAndComesOffAgain() {
        SudoersFile added = value(parsed(SAMPLE).add(RULE));
        assertThat(added.text()).isEqualTo(SAMPLE + RULE + "\n");
        assertThat(value(added.remove(RULE)).text()).isEqualTo(SAMPLE);
        assertThat(value(parsed("").add(RULE)).text()).isEqualTo(RULE + "\n");
        assertThat(value(parsed("a ALL=ALL").add(RULE)).text()).isEqualTo("a ALL=ALL\n" + RULE + "\n");
    }

    @Test
    void aRuleIsRemovedWithAllItsLines() {
        String rule = parsed(SAMPLE).statements().get(1).text();
        assertThat(value(parsed(SAMPLE).remove(rule)).text())
                .isEqualTo(SAMPLE.replace("nova ALL = (root) NOPASSWD: \\\n    /usr/bin/privsep-helper *\n", ""));
    }

    @Test
    void refusesToRemoveWhatIsNotThere() {
        assertThat(code(parsed(SAMPLE).remove("%sudo ALL=(ALL) ALL"))).isEqualTo("RF-SUD-009");
        assertThat(code(parsed(SAMPLE).remove("nova"))).isEqualTo("RF-SUD-009");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# comment", "nova", "nova ALL", "nova ALL=ALL\\", "nova ALL=(ALL", " nova ALL=ALL"})
    void refusesToAddWhatIsNoStatement(String statement) {
        assertThat(code(parsed(SAMPLE).add(statement))).isEqualTo("RF-SUD-010");
    }

    @Test
    void refusesASecondLineAndAnOpenEnd() {
        assertThat(code(parsed(SAMPLE).add("a ALL=/bin/x\nb ALL=ALL"))).isEqualTo("RF-SUD-010");
        assertThat(code(parsed("a ALL=/bin/x, \\").add(RULE))).isEqualTo("RF-SUD-011");
        assertThat(code(SudoersFile.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-SUD-001");
    }

    @Test
    void anyTextPrintsAsItWasAndARuleComesAndGoes() {
        Fuzz.text(List.of(SAMPLE), 2_000, text -> {
            if (!(SudoersFile.parse(bytes(text)) instanceof Decoded.Value<SudoersFile>(SudoersFile file))) {
                return;
            }
            assertThat(file.bytes()).isEqualTo(bytes(text));
            if (file.add(RULE) instanceof Decoded.Value<SudoersFile>(SudoersFile added)) {
                assertThat(added.statements().getLast().text()).isEqualTo(RULE);
                assertThat(value(added.remove(RULE)).text()).startsWith(text);
            }
            for (SudoersFile.Statement statement : file.statements()) {
                assertThat(value(file.remove(statement.text())).statements().size())
                        .isLessThan(file.statements().size());
            }
        });
    }

    @Test
    void visudoTakesWhatIsWritten(@TempDir Path dir) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/visudo")), "visudo is not installed");
        SudoersFile file = parsed(SAMPLE.replace("@includedir /etc/sudoers.d\n", ""));
        assertThat(visudo(dir, value(file.add(RULE)).text())).isZero();
        assertThat(visudo(dir, value(file.remove("%sudo ALL=(ALL:ALL) ALL")).text()))
                .isZero();
        assertThat(visudo(dir, "nova ALL = (root NOPASSWD: x\n")).isNotZero();
    }

    private static int visudo(Path dir, String text) throws IOException, InterruptedException {
        Path file = Files.writeString(dir.resolve("rules"), text);
        Process process = new ProcessBuilder("/usr/sbin/visudo", "-c", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
