package dev.ringfence.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellAssignmentsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "X=a | a",
                "X='a b' | a b",
                "X=\"a b\" | a b",
                "X=a' b'\"c\" | a bc",
                "X=\"a \\\"b\\\" \\$c \\d\" | a \"b\" $c \\d",
                "X='a \\' | a \\",
                "X=a\\ b | a b",
                "export X=a | a",
                "  X=a # b | a",
                "X=a#b | a#b",
                "X=a;Y=b | a",
                "Y=b; X=$Y-${Y} | b-b",
                "X=a; X=$X' b' | a b",
                "X=a; X+=b | ab",
                "X=$NONE. | .",
                "X= | ``",
                "Y=a X=b | b",
                "# X=no | ``",
                "XX=no | ``",
                "foo X=no; X=yes | yes",
            })
    void evaluatesPlainAssignments(String text, String value) {
        ShellAssignments read = new ShellAssignments().then(text);
        assertThat(read.value("X")).isEqualTo(value);
        assertThat(read.isUncertain("X")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X=`date`",
                "X=$(date)",
                "X=${Y:-a}",
                "X=$1",
                "X=\"open",
                "X='open",
                "if true; then X=a; fi",
                "if true\nthen\nX=a\nfi",
                "for i in 1; do X=$i; done",
                "case $Y in\na) X=b ;;\nesac",
                "[ -f /x ] && X=a",
                "test -f /x || X=a",
                "f() {\nX=a\n}",
                "function f {\nX=a\n}",
                "Y=$(date); X=$Y",
                "Y=$(date); X=a; X+=$Y",
            })
    void doesNotGuessWhatOnlyAShellCouldTell(String text) {
        assertThat(new ShellAssignments().then(text).isUncertain("X")).isTrue();
    }

    @Test
    void plainAssignmentAfterAnUncertainOneIsCertain() {
        ShellAssignments read = new ShellAssignments().then("X=$(date)\nX=a\nif true; then\nY=b\nfi\nZ=c\n");
        assertThat(read.isUncertain("X")).isFalse();
        assertThat(read.isUncertain("Y")).isTrue();
        assertThat(read.isUncertain("Z")).isFalse();
    }

    @Test
    void laterFileSeesEarlierOnes() {
        ShellAssignments read = new ShellAssignments().then("X=a\n").then("X=\"$X b\"\n");
        assertThat(read.value("X")).isEqualTo("a b");
    }

    @Test
    void valueThatDoublesItselfIsCutOff() {
        ShellAssignments read = new ShellAssignments().then("X=aaaaaaaa\n" + "X=$X$X\n".repeat(200));
        assertThat(read.isUncertain("X")).isTrue();
        assertThat(read.value("X").length()).isLessThan(1 << 18);
    }

    @Test
    void neverThrowsForMutatedText() {
        Fuzz.text(
                List.of(
                        "NAME=\"Debian GNU/Linux\"\nID=debian\nX=\"${NAME} $ID\"\n# c\n",
                        "if [ -f /x ]; then\n  A='b c'\nfi\nB=`x` C=$(y)\nA+=\"d\\\n e\"\ncase $B in a) D=1;; esac\n"),
                20_000,
                text -> new ShellAssignments().then(text).value("X"));
    }
}
