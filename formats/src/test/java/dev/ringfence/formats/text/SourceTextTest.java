package dev.ringfence.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceTextTest {
    @Test
    void anyBytesComeBackAsTheyWere() {
        byte[] latin = "caf\u00e9 = 1\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf8 = "caf\u00e9 = \u20ac\n".getBytes(StandardCharsets.UTF_8);
        assertThat(SourceText.decode(latin).text()).isEqualTo("caf\u00e9 = 1\n");
        assertThat(SourceText.decode(utf8).text()).isEqualTo("caf\u00e9 = \u20ac\n");
        Fuzz.bytes(
                List.of(latin, utf8),
                2_000,
                bytes -> assertThat(SourceText.decode(bytes).bytes()).isEqualTo(bytes));
    }

    @Test
    void knowsWhatItsCharacterSetCannotHold() {
        SourceText latin = SourceText.decode(new byte[] {(byte) 0xe9});
        assertThat(latin.canHold("\u00e9")).isTrue();
        assertThat(latin.canHold("\u20ac")).isFalse();
    }

    @Test
    void findsTheLineSeparator() {
        assertThat(SourceText.decode("a\r\nb".getBytes(StandardCharsets.UTF_8)).separator())
                .isEqualTo("\r\n");
        assertThat(SourceText.decode("a\nb\r\n".getBytes(StandardCharsets.UTF_8))
                        .separator())
                .isEqualTo("\n");
    }

    @Test
    void linesCoverTheTextWithoutGaps() {
        List<String> samples = List.of("a\nb\r\nc\rd", "\n\n", "x");
        Fuzz.text(samples, 2_000, text -> {
            for (List<Line> lines : List.of(Line.split(text), Line.splitUniversal(text))) {
                int at = 0;
                for (Line line : lines) {
                    assertThat(line.start()).isEqualTo(at);
                    assertThat(text.substring(line.start(), line.end())).isEqualTo(line.text());
                    at = line.next();
                }
                assertThat(at).isEqualTo(text.length());
            }
        });
    }

    @Test
    void carriageReturnEndsALineOnlyWhereAsked() {
        assertThat(Line.split("a\rb\nc").stream().map(Line::text)).containsExactly("a\rb", "c");
        assertThat(Line.splitUniversal("a\rb\r\nc").stream().map(Line::text)).containsExactly("a", "b", "c");
    }

    @Test
    void stripsWhatPythonStrips() {
        assertThat(PythonText.strip("\u00a0\u000b a b\u2003\u001c")).isEqualTo("a b");
        assertThat(PythonText.strip("\u200b")).isEqualTo("\u200b");
    }
}
