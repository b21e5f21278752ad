package dev.ringfence.formats.polkit;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesFileTest {
    private static final String LIBVIRT = """
            polkit.addRule(function(action, subject) {
                if (action.id == "org.libvirt.unix.manage" && subject.isInGroup("libvirt")) {
                    return polkit.Result.YES; // }
                }
            });""";
    private static final String OTHER = "polkit.addRule((a, s) => s.local)";
    private static final String SAMPLE = "// rules\n" + LIBVIRT + "\n\n/* polkit.addRule( */\n" + OTHER + "\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RulesFile parsed(String text) {
        return value(RulesFile.parse(bytes(text)));
    }

    @Test
    void readsTheSourceOfEachRule() {
        assertThat(parsed(SAMPLE).rules()).containsExactly(LIBVIRT, OTHER);
        assertThat(parsed("var f = polkit.addRule(g);\n").rules()).isEmpty();
        assertThat(parsed("function h() { polkit.addRule(g); }\n").rules()).isEmpty();
    }

    @Test
    void removesOneRuleWithItsLines() {
        assertThat(value(parsed(SAMPLE).remove(LIBVIRT)).text()).isEqualTo(SAMPLE.replace(LIBVIRT + "\n", ""));
        assertThat(value(parsed("a(); polkit.addRule(f); b();").remove("polkit.addRule(f);"))
                        .text())
                .isEqualTo("a();  b();");
    }

    @Test
    void refusesToRemoveAnotherRule() {
        assertThat(code(parsed(SAMPLE).remove(LIBVIRT.replace("YES", "NO")))).isEqualTo("RF-PLK-005");
        assertThat(code(RulesFile.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-PLK-001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x = \"open\n", "x = `t`;\n", "x = /}/;\n", "}\n", "f(\n", "f(]\n"})
    void refusesFilesWhoseEndsCannotBeSeen(String before) {
        assertThat(code(parsed(before + SAMPLE).remove(LIBVIRT))).isEqualTo("RF-PLK-004");
        assertThat(parsed(before + SAMPLE).text()).isEqualTo(before + SAMPLE);
    }

    @Test
    void anyTextPrintsAsItWasAndARemovedRuleIsGone() {
        Fuzz.text(List.of(SAMPLE), 2_000, text -> {
            if (!(RulesFile.parse(bytes(text)) instanceof Decoded.Value<RulesFile>(RulesFile file))) {
                return;
            }
            assertThat(file.bytes()).isEqualTo(bytes(text));
            for (String rule : file.rules()) {
                if (file.remove(rule) instanceof Decoded.Value<RulesFile>(RulesFile removed)) {
                    assertThat(removed.rules()).hasSizeLessThan(file.rules().size());
                }
            }
        });
    }
}
