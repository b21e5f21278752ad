package dev.ringfence.formats.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "7,7",
        "+7,7",
        "-7,-7",
        "' 12\n',12",
        "0x1F,31",
        "0X1f,31",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775807,-9223372036854775807",
        "0x7fffffffffffffff,9223372036854775807",
        "0xffffffffffffffff,-1",
        "0x8000000000000000,-9223372036854775808",
        "00012,12"
    })
    void readsDecimalAndHexadecimal(String text, long expected) {
        assertThat(Numbers.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "-",
        "+",
        "0x",
        "x",
        "1x",
        "0xg",
        "--1",
        "-0x1",
        "1 2",
        "9223372036854775808",
        "0x10000000000000000",
        "99999999999999999999",
        "\u0661"
    })
    void otherTextReadsAsAbsent(String text) {
        assertThat(Numbers.parse(text)).isEqualTo(-1);
    }

    @Test
    void everyNumberComesBack() {
        for (long seed = 1; seed <= 2_000; seed++) {
            RandomGenerator random = Fuzz.random(seed);
            long number = random.nextLong() >>> random.nextInt(63);
            assertThat(Numbers.parse("0x" + Long.toHexString(number))).isEqualTo(number);
            if (number != Long.MIN_VALUE) {
                assertThat(Numbers.parse(Long.toString(number))).isEqualTo(number);
            }
        }
    }
}
