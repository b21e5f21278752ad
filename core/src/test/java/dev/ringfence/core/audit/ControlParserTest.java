package dev.ringfence.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ControlParserTest {
    private static final String GOOD =
            Written.control("TST-001", "rule: memory.ksm.run == 0\nevidence: run ${memory.ksm.run}");

    private static List<String> problems(String text) {
        return ControlWorkshop.build(Map.of("c.yaml", text), Map.of()).problems();
    }

    @Test
    void acceptsAControl() {
        assertThat(ControlParser.controls("c.yaml", GOOD).problems()).isEmpty();
    }

    @Test
    void refusesAnUnknownKeyAndNamesTheNearest() {
        assertThat(ControlParser.controls("c.yaml", GOOD + "\nrationalle: x").problems())
                .containsExactly("c.yaml: rationalle: unknown key; did you mean 'rationale'?");
    }

    @Test
    void reportsAllProblemsOfADocumentAtOnce() {
        String bad = GOOD.replace("severity: high", "severity: huge").replace("TST-001", "tst1");
        assertThat(ControlParser.controls("c.yaml", bad).problems()).hasSize(2);
    }

    @Test
    void oneBadControlDoesNotStopTheOthers() {
        ControlParser.Parsed<ControlParser.Written> parsed =
                ControlParser.controls("c.yaml", GOOD.replace("severity: high", "severity: huge") + "---\n" + GOOD);
        assertThat(parsed.values()).hasSize(1);
        assertThat(parsed.problems()).hasSize(1);
    }

    @Test
    void refusesAMisspeltFactWithItsPlace() {
        assertThat(problems(GOOD.replace("memory.ksm.run == 0", "memory.ksm.runs == 0")))
                .singleElement()
                .satisfies(p -> assertThat(p).contains("TST-001: rule:1:11: undefined field 'runs'"));
    }

    @Test
    void refusesARuleThatIsNotBoolean() {
        assertThat(problems(GOOD.replace("rule: memory.ksm.run == 0", "rule: memory.ksm.run")))
                .containsExactly("c.yaml: TST-001: rule: must give bool, gives int");
    }

    @Test
    void refusesSamplesThatDoNotBehave() {
        String same = GOOD.replace(
                "samples: {pass: {}, fail: {}}",
                "samples: {pass: {facts: {memory: {ksm: {run: 0}}}}, fail: {facts: {memory: {ksm: {run: 0}}}}}");
        assertThat(problems(same)).containsExactly("c.yaml: TST-001: samples: fail: expected fail, got pass: run 0");
    }

    @Test
    void acceptsSamplesThatBehave() {
        String good = GOOD.replace(
                "samples: {pass: {}, fail: {}}",
                "samples: {pass: {facts: {memory: {ksm: {run: 0}}}}, fail: {facts: {memory: {ksm: {run: 1}}}}}");
        assertThat(problems(good)).isEmpty();
    }

    @Test
    void refusesYamlBombs() {
        String bomb = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n";
        assertThat(ControlParser.controls("c.yaml", bomb).problems())
                .singleElement()
                .satisfies(p -> assertThat(p).contains("not YAML"));
        assertThat(ControlParser.controls("c.yaml", "a: " + "x".repeat(300_000)).problems())
                .hasSize(1);
        assertThat(ControlParser.controls("c.yaml", "a: 1\na: 2").problems()).hasSize(1);
        assertThat(ControlParser.controls("c.yaml", "[".repeat(5_000)).problems())
                .hasSize(1);
    }

    @Test
    void readsWaiversAndRefusesThoseWithoutOwner() {
        String good = "waivers:\n- {control: TST-001, owner: ann, reason: r, expires: 2027-01-31}";
        assertThat(ControlParser.waivers("w.yaml", good).values())
                .singleElement()
                .satisfies(w -> assertThat(w.expires()).isEqualTo("2027-01-31T00:00:00Z"));
        assertThat(ControlParser.waivers("w.yaml", good.replace("owner: ann, ", ""))
                        .problems())
                .containsExactly("w.yaml: waivers[0]: owner: missing");
        assertThat(ControlParser.waivers("w.yaml", good.replace("2027-01-31", "someday"))
                        .problems())
                .hasSize(1);
    }

    @Test
    void survivesMutatedDocuments() {
        Fuzz.text(List.of(GOOD, "waivers:\n- {control: T, owner: a, reason: r, expires: 2027-01-31}"), 3_000, text -> {
            ControlParser.controls("c.yaml", text);
            ControlParser.waivers("w.yaml", text);
            ControlParser.profile("p.yaml", text);
        });
    }
}
