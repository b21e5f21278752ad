package dev.ringfence.formats.sudoers;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.sudoers.Sudoers.Alias;
import dev.ringfence.formats.sudoers.Sudoers.Defaults;
import dev.ringfence.formats.sudoers.Sudoers.Include;
import dev.ringfence.formats.sudoers.Sudoers.Setting;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SudoersTest {
    private static final String SAMPLE = """
            Defaults env_keep += "A B", !lecture, timestamp_timeout=10
            Defaults:%ops !requiretty
            User_Alias ADM = a, b : OPS = d, !ADM
            Cmnd_Alias S = /bin/sh, sha256:ab12 /bin/ls -l : R = /sbin/reboot
            ADM, #1000 h1 = (root, bin : adm) NOPASSWD: SETENV: S, PASSWD: R, !/bin/su : OPS = ALL
            nova ALL = (root) NOPASSWD: /usr/bin/nova-rootwrap /etc/nova/rootwrap.conf *  # trailing
            %wheel ALL=(ALL:ALL) ALL
            @includedir /etc/sudoers.d
            #include "/etc/more sudoers"
            """;

    private static Sudoers parsed(String text) {
        return value(Sudoers.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Rule only(String text) {
        Sudoers sudoers = parsed(text);
        assertThat(sudoers.problems()).isEmpty();
        assertThat(sudoers.rules()).hasSize(1);
        return sudoers.rules().getFirst();
    }

    @Test
    void readsDefaultsAliasesAndIncludes() {
        Sudoers sudoers = parsed(SAMPLE);
        assertThat(sudoers.problems()).isEmpty();
        assertThat(sudoers.defaults())
                .containsExactly(
                        new Defaults(
                                "",
                                List.of(),
                                List.of(
                                        new Setting("env_keep", "+=", "A B", false),
                                        new Setting("lecture", "", "", true),
                                        new Setting("timestamp_timeout", "=", "10", false)),
                                1),
                        new Defaults("user", List.of("%ops"), List.of(new Setting("requiretty", "", "", true)), 2));
        assertThat(sudoers.aliases())
                .containsExactly(
                        new Alias("User_Alias", "ADM", List.of("a", "b"), 3),
                        new Alias("User_Alias", "OPS", List.of("d", "!ADM"), 3),
                        new Alias("Cmnd_Alias", "S", List.of("/bin/sh", "sha256:ab12 /bin/ls -l"), 4),
                        new Alias("Cmnd_Alias", "R", List.of("/sbin/reboot"), 4));
        assertThat(sudoers.includes())
                .containsExactly(new Include(true, "/etc/sudoers.d", 8), new Include(false, "/etc/more sudoers", 9));
    }

    @Test
    void oneLineBecomesOneRulePerCommandWithWhatHoldsForIt() {
        List<Rule> rules = parsed(SAMPLE).rules();
        assertThat(rules)
                .startsWith(
                        new Rule(
                                List.of("ADM", "#1000"),
                                List.of("h1"),
                                List.of("root", "bin"),
                                List.of("adm"),
                                List.of(),
                                List.of("NOPASSWD", "SETENV"),
                                "S",
                                "",
                                false,
                                List.of(),
                                5),
                        new Rule(
                                List.of("ADM", "#1000"),
                                List.of("h1"),
                                List.of("root", "bin"),
                                List.of("adm"),
                                List.of(),
                                List.of("SETENV", "PASSWD"),
                                "R",
                                "",
                                false,
                                List.of(),
                                5),
                        new Rule(
                                List.of("ADM", "#1000"),
                                List.of("h1"),
                                List.of("root", "bin"),
                                List.of("adm"),
                                List.of(),
                                List.of("SETENV", "PASSWD"),
                                "/bin/su",
                                "",
                                true,
                                List.of(),
                                5),
                        new Rule(
                                List.of("ADM", "#1000"),
                                List.of("OPS"),
                                List.of("root"),
                                List.of(),
                                List.of(),
                                List.of(),
                                "ALL",
                                "",
                                false,
                                List.of(),
                                5));
        Rule nova = rules.get(4);
        assertThat(nova.command()).isEqualTo("/usr/bin/nova-rootwrap");
        assertThat(nova.args()).isEqualTo("/etc/nova/rootwrap.conf *");
        assertThat(nova.nopasswd()).isTrue();
        assertThat(rules.getLast().runasGroups()).containsExactly("ALL");
        assertThat(rules).hasSize(6);
    }

    @Test
    void expandsAliasesWithTheirNegation() {
        List<Rule> rules = parsed(SAMPLE).expanded().rules();
        assertThat(rules.stream().limit(4).map(Rule::command))
                .containsExactly("/bin/sh", "/bin/ls", "/sbin/reboot", "/bin/su");
        assertThat(rules.getFirst().users()).containsExactly("a", "b", "#1000");
        assertThat(rules.get(1).args()).isEqualTo("-l");
        assertThat(rules.get(1).digests()).containsExactly("sha256:ab12");
        Sudoers denied = parsed("User_Alias A = x, !y\nCmnd_Alias C = /c1, !/c2\nA, !A ALL = ALL, !C\n");
        assertThat(denied.expanded().rules().getFirst().users()).containsExactly("x", "!y", "!x", "y");
        assertThat(denied.expanded().rules().stream().map(r -> (r.denied() ? "!" : "") + r.command()))
                .containsExactly("ALL", "!/c1", "/c2");
    }

    @Test
    void aliasesThatNameEachOtherEnd() {
        assertThat(parsed("User_Alias A = B : B = A, x\nA ALL = ALL\n")
                        .expanded()
                        .rules()
                        .getFirst()
                        .users())
                .containsExactly("x");
        String doubling = IntStream.range(0, 40)
                .mapToObj(i -> "Cmnd_Alias A" + i + " = A" + (i + 1) + ", A" + (i + 1))
                .collect(Collectors.joining("\n"));
        assertThat(parsed(doubling + "\nx ALL = A0\n").expanded().rules()).hasSizeLessThan(5);
    }

    @Test
    void tooManyRulesBecomeAProblem() {
        String members = IntStream.range(0, 8_000).mapToObj(i -> "/c" + i).collect(Collectors.joining(","));
        Sudoers sudoers = parsed("Cmnd_Alias C = " + members + "\na ALL = C\nb ALL = C\nc ALL = C\n")
                .expanded();
        assertThat(sudoers.rules()).hasSize(20_000);
        assertThat(sudoers.problems().stream().map(Refusal::code)).containsExactly("RF-SUD-007");
    }

    @Test
    void mergeKeepsTheOrderOfFiles() {
        Sudoers merged = Sudoers.merge(List.of(parsed("a ALL = C\n"), parsed("Cmnd_Alias C = /x\nb ALL = C\n")));
        assertThat(merged.expanded().rules().stream().map(Rule::command)).containsExactly("/x", "/x");
        assertThat(merged.rules().stream().map(r -> r.users().getFirst())).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x ALL = /c \"\"|/c|\"\"", "x ALL = /c a\\,b\\:c\\=d|/c|a,b:c=d", "x ALL = /c --a=b|/c|--a=b",
                "x ALL = /c  a \t b|/c|a b", "x ALL = sudoedit /etc/x|sudoedit|/etc/x", "x ALL = /c\\ d|/c d|''",
                "x ALL = /c \\*|/c|\\*", "x ALL = /c \\#1|/c|#1"
            })
    void readsCommandsAndArguments(String line, String command, String args) {
        Rule rule = only(line);
        assertThat(rule.command()).isEqualTo(command);
        assertThat(rule.args()).isEqualTo(args);
    }

    @Test
    void runAsIsRootUnlessSaid() {
        assertThat(only("x ALL = /c").runasUsers()).containsExactly("root");
        assertThat(only("x ALL = () /c").runasUsers()).isEmpty();
        assertThat(only("x ALL = (:g) /c").runasUsers()).isEmpty();
        assertThat(only("x ALL = (:g) /c").runasGroups()).containsExactly("g");
        assertThat(only("x ALL = (#0) /c").runasUsers()).containsExactly("#0");
    }

    @Test
    void optionsAndTagsAreKept() {
        Rule rule = only("x ALL = (root) CWD=/tmp TIMEOUT = 10 NOEXEC: NOPASSWD: PASSWD: /c");
        assertThat(rule.options()).containsExactly("CWD=/tmp", "TIMEOUT=10");
        assertThat(rule.tags()).containsExactly("NOEXEC", "PASSWD");
        assertThat(rule.nopasswd()).isFalse();
    }

    @Test
    void linesGoOnBehindABackslashButCommentsDoNot() {
        assertThat(only("x ALL = \\\n  /c \\\n  a\n").args()).isEqualTo("a");
        assertThat(only("# c \\\nx ALL = /c\n").line()).isEqualTo(2);
        assertThat(only("x ALL = /c # d \\\n").args()).isEmpty();
        assertThat(parsed("x ALL = /a, \\\n /b # c\ny ALL = /d\n").rules()).hasSize(3);
    }

    @Test
    void quotedAndEscapedUsersArePlain() {
        assertThat(only("\"a b\", DOM\\\\u, !c ALL = /c").users()).containsExactly("a b", "DOM\\u", "!c");
    }

    @Test
    void aColonBeginsOtherHostsOnlyBeforeHosts() {
        assertThat(parsed("x h1 = NOPASSWD: ALL : h2 = /b").rules().stream()
                        .map(r -> r.hosts().getFirst()))
                .containsExactly("h1", "h2");
        assertThat(only("x fe80::1 = /c").hosts()).containsExactly("fe80::1");
        assertThat(only("x ALL = sha224:abc /c").digests()).containsExactly("sha224:abc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x ALL = \"/c|RF-SUD-002",
                "x ALL = (root /c|RF-SUD-002",
                "word|RF-SUD-003",
                "Defaults ,|RF-SUD-003",
                "bad line here|RF-SUD-004",
                "x ALL =|RF-SUD-004",
                "x ALL = /a,,/b|RF-SUD-004",
                "x ALL = NOPASSWD:|RF-SUD-004",
                "User_Alias = a|RF-SUD-005",
                "User_Alias lower = a|RF-SUD-005",
                "User_Alias A|RF-SUD-005",
                "@include|RF-SUD-006",
                "#include \"\"|RF-SUD-006"
            })
    void aLineThatCannotBeReadIsAProblemAndNoRule(String line, String code) {
        Sudoers sudoers = parsed("ok ALL = /c\n" + line + "\n");
        assertThat(sudoers.problems().stream().map(Refusal::code)).containsExactly(code);
        assertThat(sudoers.problems().getFirst().reason()).endsWith("in line 2");
        assertThat(sudoers.rules().getFirst().users()).containsExactly("ok");
    }

    @Test
    void aVeryLongStatementIsAProblem() {
        Sudoers sudoers = parsed("x ALL = /c " + ":".repeat(70_000));
        assertThat(sudoers.problems().stream().map(Refusal::code)).containsExactly("RF-SUD-008");
        assertThat(parsed("x ALL = /c " + ":".repeat(60_000)).rules()).hasSize(1);
    }

    @Test
    void refusesLargeFiles() {
        assertThat(code(Sudoers.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-SUD-001");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            assertThat(parsed(SAMPLE.substring(0, length)).expanded()).isNotNull();
        }
        Fuzz.bytes(
                List.of(SAMPLE.getBytes(StandardCharsets.UTF_8)),
                4_000,
                bytes -> assertThat(value(Sudoers.parse(bytes)).expanded()).isNotNull());
    }
}
