package dev.ringfence.core.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ringfence.core.audit.Fix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixPlanModelTest {
    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
    private static final FixPlan.Target TARGET = new FixPlan.Target("hv1", "0123", "/");

    private static Step step(int number, Action action) {
        return new Step(
                number,
                List.of("KRN-016"),
                "a step",
                action,
                Fix.Reach.LIVE,
                List.of(),
                List.of(),
                "",
                List.of(),
                new Step.Undo(Step.Undo.Kind.AUTOMATIC, "undo"));
    }

    private static Action value(String before, String after) {
        return new Action.SetKernelValue("/proc/sys/kernel/kptr_restrict", before, after, Optional.of(before));
    }

    private static FixPlan plan(Step... steps) {
        return FixPlan.of(TARGET, NOW, "0.1.0", "baseline", List.of(steps), List.of());
    }

    @Test
    void theIdIsTheDigestOfTheContent() {
        FixPlan plan = plan(step(1, value("0", "2")));
        assertThat(plan.id()).isEqualTo(plan(step(1, value("0", "2"))).id());
        Set<String> ids = new TreeSet<>();
        List<FixPlan> others = new ArrayList<>(List.of(
                plan,
                plan(),
                plan(step(1, value("0", "1"))),
                plan(step(1, value("02", ""))),
                plan(step(1, value("", "02"))),
                plan(step(1, value("0", "2")), step(2, value("2", "0"))),
                FixPlan.of(TARGET, NOW.plusNanos(1), "0.1.0", "baseline", plan.steps(), List.of()),
                FixPlan.of(TARGET, NOW, "0.1.1", "baseline", plan.steps(), List.of()),
                FixPlan.of(TARGET, NOW, "0.1.0", "other", plan.steps(), List.of()),
                FixPlan.of(new FixPlan.Target("hv2", "0123", "/"), NOW, "0.1.0", "baseline", plan.steps(), List.of()),
                FixPlan.of(
                        TARGET,
                        NOW,
                        "0.1.0",
                        "baseline",
                        plan.steps(),
                        List.of(new ManualStep("A-001", "t", Fix.Reach.LIVE, "why", "what", List.of())))));
        others.forEach(p -> ids.add(p.id().value()));
        assertThat(ids).hasSameSizeAs(others);
    }

    @Test
    void refusesAnIdOfOtherContent() {
        FixPlan plan = plan(step(1, value("0", "2")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FixPlan(plan.id(), TARGET, NOW, "0.1.0", "baseline", List.of(), List.of()));
    }

    @Test
    void refusesStepsOutOfOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> plan(step(2, value("0", "2"))));
    }

    @Test
    void contentsAreCopiedAndShownByDigestAlone() {
        byte[] bytes = {'s', 'e', 'c', 'r', 'e', 't'};
        FileContent content = FileContent.of(bytes);
        bytes[0] = 'x';
        content.bytes()[0] = 'y';
        assertThat(content.text()).isEqualTo("secret");
        assertThat(content.toString()).doesNotContain("secret").contains("6 bytes");
        assertThat(content).isEqualTo(FileContent.of("secret")).isNotEqualTo(FileContent.of("secrets"));
        assertThat(content.sha256()).isEqualTo("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b");
    }

    @Test
    void refusesContentBeyondTheLimit() {
        assertThat(FileContent.of(new byte[FileContent.LIMIT_BYTES]).sizeBytes())
                .isEqualTo(FileContent.LIMIT_BYTES);
        assertThatIllegalArgumentException().isThrownBy(() -> FileContent.of(new byte[FileContent.LIMIT_BYTES + 1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/proc/1/mem", "/dev/sda", "/sys/../etc/passwd", "sys/x"})
    void refusesKernelValuesElsewhere(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Action.SetKernelValue(path, "0", "1", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-rf", ""})
    void refusesCommandsWithoutAProgram(String program) {
        assertThatIllegalArgumentException().isThrownBy(() -> Argv.of(program, "/"));
    }

    @Test
    void commandsAreShownAsAShellWouldNeedThem() {
        assertThat(Argv.of("chmod", "0600", "/etc/a b", "it's", "").toString())
                .isEqualTo("chmod 0600 '/etc/a b' 'it'\\''s' ''");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vnc_password = \"hunter2\"|vnc_password = [redacted]",
                "#vnc_password = \"XYZ12345\"|#vnc_password = [redacted]",
                "transport_url = rabbit://nova:pw@mq|transport_url = rabbit://nova:[redacted]@mq",
                "http://u:p@h is an address|http://u:[redacted]@h is an address",
                "metadata_proxy_shared_secret: x|metadata_proxy_shared_secret: [redacted]",
                "vnc_listen = \"0.0.0.0\"|vnc_listen = \"0.0.0.0\""
            })
    void diffsShowNoSecrets(String line, String shown) {
        assertThat(FileDiff.redacted(line)).isEqualTo(shown);
        String diff = FileDiff.of("/etc/x", FileContent.of(line + "\n"), FileContent.of("other\n"));
        assertThat(diff).contains("-" + shown + "\n").contains("+other\n");
    }

    @Test
    void aLineThatChangesOnlyItsSecretShowsAsChanged() {
        assertThat(FileDiff.of(
                        "/etc/x", FileContent.of("vnc_password = \"a\"\n"), FileContent.of("vnc_password = \"b\"\n")))
                .endsWith("-vnc_password = [redacted]\n+vnc_password = [redacted]\n");
    }
}
