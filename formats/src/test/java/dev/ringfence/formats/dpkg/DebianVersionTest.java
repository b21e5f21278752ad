package dev.ringfence.formats.dpkg;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebianVersionTest {
    private static DebianVersion version(String text) {
        return value(DebianVersion.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0,=,1.0",
        "1.0,=,1.0-0",
        "0:1.0,=,1.0",
        "1.0,<,1.1",
        "1.9,<,1.10",
        "1.0,<,1:0.1",
        "9:9,<,10:1",
        "1.0~rc1,<,1.0",
        "1.0~~,<,1.0~",
        "1.0~~,<,1.0~~a",
        "1.0~~a,<,1.0~",
        "1.0~,<,1.0",
        "1.0,<,1.0a",
        "1.0a,<,1.0+",
        "1.0a,<,1.0b",
        "1.0Z,<,1.0a",
        "1.0+b1,<,1.0.1",
        "1.0-1,<,1.0-1+deb12u1",
        "1.0-1~bpo12+1,<,1.0-1",
        "1.0-1,<,1.0-2",
        "1.0-9,<,1.0-10",
        "1.0-1ubuntu1,>,1.0-1",
        "7.2+dfsg-7+deb12u16,<,1:7.2+dfsg-7+deb12u16",
        "1:7.2+dfsg-7+deb12u9,<,1:7.2+dfsg-7+deb12u16",
        "9.0.0-4+deb12u2,>,9.0.0-4",
        "001,=,1",
        "1.00,=,1.0",
        "1.0-,x,",
        "2:26.2.2-1~deb12u5,<,2:26.2.2-1",
        "1a-b-1,>,1a-a-1",
        "1:2:3,>,1:2.3",
        "0-1,<,0-1.1",
        "99999999999999999999,<,100000000000000000000"
    })
    void followsDebianPolicy(String left, String relation, String right) {
        if (relation.equals("x")) {
            assertThat(code(DebianVersion.parse(left))).isEqualTo("RF-DPK-003");
            return;
        }
        int expected = "<=>".indexOf(relation) - 1;
        assertThat(Integer.signum(version(left).compareTo(version(right)))).isEqualTo(expected);
        assertThat(Integer.signum(version(right).compareTo(version(left)))).isEqualTo(-expected);
    }

    @Test
    void partsAreSplitAtTheFirstColonAndTheLastDash() {
        assertThat(version("1:2:3-4-5")).isEqualTo(new DebianVersion(1, "2:3-4", "5"));
        assertThat(version("1.0")).isEqualTo(new DebianVersion(0, "1.0", ""));
        assertThat(version("1:2:3-4-5").toString()).isEqualTo("1:2:3-4-5");
        assertThat(version("0:1").toString()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1:", ":1", "a:1", "-1:1", "1.0-", "1_0", "1 0", "1.0-a:b", "99999999999:1", "\u0661"})
    void refusesOtherText(String text) {
        assertThat(code(DebianVersion.parse(text))).isEqualTo("RF-DPK-003");
    }

    @Test
    void refusesLongText() {
        assertThat(code(DebianVersion.parse("1".repeat(513)))).isEqualTo("RF-DPK-003");
        assertThat(version("1".repeat(512)).epoch()).isZero();
    }

    @Test
    void theOrderIsAntisymmetricAndTransitive() {
        for (long seed = 1; seed <= 3_000; seed++) {
            RandomGenerator random = Fuzz.random(seed);
            List<DebianVersion> three = List.of(any(random), any(random), any(random)).stream()
                    .sorted()
                    .toList();
            DebianVersion low = three.getFirst();
            DebianVersion high = three.getLast();
            assertThat(low.compareTo(high)).as("seed %d", seed).isLessThanOrEqualTo(0);
            assertThat(Integer.signum(high.compareTo(low)))
                    .as("seed %d", seed)
                    .isEqualTo(-Integer.signum(low.compareTo(high)));
        }
    }

    private static DebianVersion any(RandomGenerator random) {
        StringBuilder text = new StringBuilder("0");
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            text.append("019aZ.+~".charAt(random.nextInt(8)));
        }
        return version(text.toString());
    }
}
