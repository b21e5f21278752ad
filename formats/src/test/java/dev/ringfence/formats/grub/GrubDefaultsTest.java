package dev.ringfence.formats.grub;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrubDefaultsTest {
    private static final String LINUX = "GRUB_CMDLINE_LINUX";
    private static final String SAMPLE = """
            # If you change this file, run 'update-grub' afterwards.
            GRUB_DEFAULT=0
            GRUB_TIMEOUT=5
            GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
            GRUB_CMDLINE_LINUX_DEFAULT="quiet splash mitigations=off"
            GRUB_CMDLINE_LINUX='console=ttyS0,115200 apparmor=1'  # serial
            #GRUB_TERMINAL=console
            export GRUB_BADRAM="0x01234567,0xfefefefe"
            if [ -x /usr/bin/true ]; then
              GRUB_INIT_TUNE="480 440 1"
            fi
            GRUB_GFXMODE=640x480; GRUB_DISABLE_OS_PROBER=true
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static GrubDefaults parsed(String text) {
        return value(GrubDefaults.parse(bytes(text)));
    }

    @Test
    void readsValuesThatNeedNoShell() {
        GrubDefaults grub = parsed(SAMPLE);
        assertThat(grub.value("GRUB_TIMEOUT")).contains("5");
        assertThat(grub.value("GRUB_CMDLINE_LINUX_DEFAULT")).contains("quiet splash mitigations=off");
        assertThat(grub.value("GRUB_BADRAM")).contains("0x01234567,0xfefefefe");
        assertThat(grub.value("GRUB_DISABLE_OS_PROBER")).contains("true");
        assertThat(grub.value("GRUB_DISTRIBUTOR")).isEmpty();
        assertThat(grub.assigns("GRUB_DISTRIBUTOR")).isTrue();
        assertThat(grub.value("GRUB_INIT_TUNE")).isEmpty();
        assertThat(grub.arguments(LINUX)).containsExactly("console=ttyS0,115200", "apparmor=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLE, "", "\n", "A=1", "A=\"x\"\r\n", "A=\"a\\\nb\"\n", "A=$(echo ')' \"`b`\")\n"})
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "A=\"\"|A=\"nosmt\"",
                "A=''|A='nosmt'",
                "A=|A=\"nosmt\"",
                "A=quiet|A=\"quiet nosmt\"",
                "A=\"quiet\"|A=\"quiet nosmt\"",
                "A='quiet'|A='quiet nosmt'",
                "A=\"$A quiet\"|A=\"$A quiet nosmt\"",
                "A=\"$(cmd)\"|A=\"$(cmd) nosmt\"",
                "A=\"quiet nosmt\"|A=\"quiet nosmt\"",
                "A=a\\ b|A=\"a b nosmt\"",
                "A='a'b|A=\"ab nosmt\"",
                "export A=\"q\"|export A=\"q nosmt\"",
                "A=\"a \\\"b c\\\"\"|A=\"a \\\"b c\\\" nosmt\"",
                "B=1|~B=1\nA=\"$A nosmt\"\n~",
                "A=\"x\" B=\"y\"|A=\"x nosmt\" B=\"y\""
            })
    void addsAnArgumentInsideTheQuotes(String before, String after) {
        assertThat(value(parsed(before).addArgument("A", "nosmt")).text()).isEqualTo(after);
    }

    @Test
    void addedArgumentsComeOffAgain() {
        for (String text : List.of(SAMPLE, "GRUB_CMDLINE_LINUX=\"\"\n", "GRUB_CMDLINE_LINUX=\"$X quiet \"\n")) {
            GrubDefaults added = value(parsed(text).addArgument(LINUX, "init_on_alloc=1"));
            assertThat(added.arguments(LINUX)).contains("init_on_alloc=1");
            assertThat(value(added.removeArgument(LINUX, "init_on_alloc=1")).text())
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "A=\"mitigations=off\"|mitigations=off|A=\"\"",
                "A=\"mitigations=off quiet\"|mitigations=off|A=\"quiet\"",
                "A=\"quiet mitigations=off splash\"|mitigations=off|A=\"quiet splash\"",
                "A=\"quiet mitigations=off\"|mitigations|A=\"quiet\"",
                "A=\"quiet mitigations=auto\"|mitigations=off|A=\"quiet mitigations=auto\"",
                "A='nopti nopti'|nopti|A=''",
                "A=nopti|nopti|A=",
                "A=\"$B nopti\"|nopti|A=\"$B\"",
                "A=\"init-on-alloc=1 x\"|init_on_alloc=1|A=\"x\"",
                "A=\"x=\\\"a b\\\" y\"|x|A=\"y\"",
                "A=\"quiet\"|quietly|A=\"quiet\"",
                "B=nopti|nopti|B=nopti"
            })
    void removesAnArgument(String before, String argument, String after) {
        assertThat(value(parsed(before).removeArgument("A", argument)).text()).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if true; then A=1; fi",
                "if true\nthen\nA=1\nfi",
                "[ -e x ] && A=1",
                "true ||\nA=1",
                "A=1 | cat",
                "A=1 command",
                "(A=1)",
                "f() { A=1; }",
                "A+=1",
                "A=0; unset A",
                "A=0; read A",
                "A=0; eval x",
                "A=0; . /etc/other",
                "A=0; cat <<E\nA=1\nE",
                "A=$(cmd)",
                "case x in x) A=1 ;; esac"
            })
    void refusesToEditWhatOnlyAShellCouldTell(String text) {
        assertThat(code(parsed(text).addArgument("A", "nosmt"))).isEqualTo("RF-GRB-005");
        assertThat(parsed(text).value("A")).isEmpty();
        assertThat(parsed("A=1 B=2\n").value("A")).contains("1");
    }

    @Test
    void refusesAnArgumentInPieces() {
        assertThat(code(parsed("A=\"quiet no\"'pti'").removeArgument("A", "nopti")))
                .isEqualTo("RF-GRB-006");
        assertThat(value(parsed("A=\"quiet\"' nopti'").removeArgument("A", "nopti"))
                        .text())
                .isEqualTo("A=\"quiet\"''");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "$(x)", "a`b`", "a\\b", "-a", "a'b", "a\nb"})
    void refusesArgumentsThatNeedQuoting(String argument) {
        assertThat(code(parsed(SAMPLE).addArgument(LINUX, argument))).isEqualTo("RF-GRB-004");
        assertThat(code(parsed(SAMPLE).removeArgument(LINUX, argument))).isEqualTo("RF-GRB-004");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=\"x", "A='x", "A=`x", "A=$(x", "A=${x", "A=\"$(\"x"})
    void refusesWhatIsNotClosed(String text) {
        assertThat(code(GrubDefaults.parse(bytes(text)))).isEqualTo("RF-GRB-003");
    }

    @Test
    void setReplacesTheValue() {
        assertThat(value(parsed(SAMPLE).set("GRUB_TIMEOUT", "0")).text())
                .isEqualTo(SAMPLE.replace("GRUB_TIMEOUT=5", "GRUB_TIMEOUT=\"0\""));
        assertThat(value(parsed("").set("A", "$x `y` \"z\" \\")).text())
                .isEqualTo("A=\"\\$x \\`y\\` \\\"z\\\" \\\\\"\n");
        assertThat(code(parsed(SAMPLE).set("GRUB_INIT_TUNE", "1"))).isEqualTo("RF-GRB-005");
        assertThat(code(parsed(SAMPLE).set("A-B", "1"))).isEqualTo("RF-GRB-004");
    }

    @Test
    void aCarriageReturnInsideAValueIsNotHidden() {
        GrubDefaults grub = parsed("A=\"quiet\"\r\n");
        assertThat(grub.value("A")).contains("quiet\r");
        assertThat(grub.bytes()).isEqualTo(bytes("A=\"quiet\"\r\n"));
    }

    @Test
    void refusesLargeFilesAndNul() {
        assertThat(code(GrubDefaults.parse(new byte[(256 << 10) + 1]))).isEqualTo("RF-GRB-001");
        assertThat(code(GrubDefaults.parse(new byte[1]))).isEqualTo("RF-GRB-002");
        assertThat(code(parsed("#".repeat(256 << 10)).set("A", "1"))).isEqualTo("RF-GRB-001");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(code(GrubDefaults.parse(bytes("A=" + "$(".repeat(5_000) + ")".repeat(5_000)))))
                .isEqualTo("RF-GRB-003");
        assertThat(parsed("A=" + "$(".repeat(30) + ")".repeat(30)).value("A")).isEmpty();
    }

    @Test
    void anyTextPrintsAsItWasAndEditsHold() {
        Fuzz.text(List.of(SAMPLE), 3_000, text -> {
            if (!(GrubDefaults.parse(bytes(text)) instanceof Decoded.Value<GrubDefaults>(GrubDefaults grub))) {
                return;
            }
            assertThat(grub.bytes()).isEqualTo(bytes(text));
            if (grub.addArgument(LINUX, "nosmt") instanceof Decoded.Value<GrubDefaults>(GrubDefaults added)) {
                assertThat(added.arguments(LINUX)).contains("nosmt");
                assertThat(added.value("GRUB_TIMEOUT")).isEqualTo(grub.value("GRUB_TIMEOUT"));
            }
            if (grub.removeArgument(LINUX, "apparmor") instanceof Decoded.Value<GrubDefaults>(GrubDefaults gone)) {
                assertThat(gone.arguments(LINUX)).doesNotContain("apparmor=1");
            }
        });
    }

    @Test
    void everyTruncationIsReadOrRefused() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            String text = SAMPLE.substring(0, length);
            switch (GrubDefaults.parse(bytes(text))) {
                case Decoded.Value<GrubDefaults>(GrubDefaults grub) ->
                    assertThat(grub.text()).isEqualTo(text);
                case Decoded.Refused<GrubDefaults>(var refusal) ->
                    assertThat(refusal.code()).isEqualTo("RF-GRB-003");
            }
        }
    }

    /** A shell is the judge: what this reader says of an edited file, a shell must say too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A=\"quiet\"\n",
                "A='it'\\''s'\n",
                "A=a\\ b\n",
                "A=\"a \\\"b c\\\" \\$x \\`y\\` \\\\ \\z\"\n",
                "A=x; A='y z'\n",
                "A=x # A=y\n",
                "export A=\"k=\\\"v w\\\"\"\n",
                "A=\"one\\\ntwo\"\n",
                ""
            })
    void agreesWithAShell(String text, @TempDir Path dir) throws IOException, InterruptedException {
        GrubDefaults added = value(parsed(text).addArgument("A", "nosmt=force"));
        String ours = added.value("A").orElse(" nosmt=force");
        assertThat(shell(dir, added.text())).isEqualTo(ours);
        GrubDefaults removed = value(added.removeArgument("A", "nosmt"));
        assertThat(shell(dir, removed.text())).isEqualTo(removed.value("A").orElse(""));
    }

    private static String shell(Path dir, String text) throws IOException, InterruptedException {
        Path file = Files.writeString(dir.resolve("grub"), text);
        Process process = new ProcessBuilder("/bin/sh", "-c", ". \"$0\"; printf %s \"$A\"", file.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return out;
    }
}
