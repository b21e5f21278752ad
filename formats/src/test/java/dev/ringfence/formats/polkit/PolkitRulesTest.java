package dev.ringfence.formats.polkit;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.polkit.PolkitRules.Verdict;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolkitRulesTest {
    private static final String GROUP_RULE = """
            // members of a group
            polkit.addRule(function(action, subject) {
                if (action.id == "org.libvirt.unix.manage" &&
                    subject.isInGroup("libvirt")) {
                    return polkit.Result.YES;
                }
            });
            """;

    private static PolkitRules parsed(String text) {
        return value(PolkitRules.parse(text.getBytes(StandardCharsets.UTF_8), PolkitRules.LIBVIRT_MANAGE));
    }

    /** The verdict on a rule with this body. */
    private static Verdict body(String body) {
        PolkitRules rules = parsed("polkit.addRule(function(action, subject) {" + body + "});");
        assertThat(rules.rules()).hasSize(1);
        assertThat(rules.understood()).isTrue();
        return rules.rules().getFirst().verdict();
    }

    @Test
    void aRuleThatLooksAtTheSubjectIsNoAndSaysAtWhat() {
        PolkitRules rules = parsed(GROUP_RULE);
        assertThat(rules.rules()).containsExactly(new PolkitRules.Rule(Verdict.NO, List.of("isInGroup(libvirt)"), 2));
        assertThat(rules.understood()).isTrue();
        assertThat(rules.verdict()).isEqualTo(Verdict.NO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return polkit.Result.YES;",
                "return 'yes'",
                "if (action.id == 'org.libvirt.unix.manage') return polkit.Result.YES;",
                "if (action.id === \"org.libvirt.unix.manage\") { return polkit.Result.YES }",
                "if (action.id.indexOf('org.libvirt.') == 0) return polkit.Result.YES;",
                "if (action.id.indexOf('org.libvirt.') !== -1) return polkit.Result.YES;",
                "if (action.id.startsWith('org.libvirt')) { return polkit.Result.YES; }",
                "if (['a', 'org.libvirt.unix.manage'].indexOf(action.id) >= 0) return polkit.Result.YES;",
                "if (['org.libvirt.unix.manage'].includes(action.id)) return polkit.Result.YES;",
                "if (action.id != 'other') return polkit.Result.YES;",
                "if (!(action.id == 'other')) return polkit.Result.YES;",
                "if (action.id == 'other') { return polkit.Result.NO; } else { return polkit.Result.YES; }",
                "if (subject.active || true) return polkit.Result.YES;",
                "if (subject.active) { polkit.log('x'); } return polkit.Result.YES;",
                "var id = action.id; if (id == 'org.libvirt.unix.manage') return polkit.Result.YES;",
                "return action.id == 'org.libvirt.unix.manage' ? polkit.Result.YES : polkit.Result.NO;",
                "return action.id == 'org.libvirt.unix.manage' && polkit.Result.YES;",
                "return null || polkit.Result.YES",
                "if ('org.libvirt.' + 'unix.manage' == action.id) return polkit.Result.YES;",
                "polkit.log('x')\nreturn polkit.Result.YES",
                "if (action.id.length > 3) return polkit.Result.YES; /* \" */ // '\n"
            })
    void seesThatEverybodyIsLetIn(String body) {
        assertThat(body(body)).isEqualTo(Verdict.YES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (subject.user == 'x') { return polkit.Result.NO; } return polkit.Result.YES;",
                "if (subject.user != '') return polkit.Result.YES;",
                "if (!subject.isInGroup('guests')) return polkit.Result.YES;",
                "if (['a'].indexOf(subject.user) == -1) return polkit.Result.YES;",
                "if (['a'].indexOf(subject.user) < 0) return polkit.Result.YES;",
                "return subject.local ? polkit.Result.YES : polkit.Result.YES;"
            })
    void aListOfThoseTurnedAwayIsNoProofThatFewAreLetIn(String body) {
        assertThat(body(body)).isEqualTo(Verdict.CANNOT_TELL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "return polkit.Result.NO;",
                "return;",
                "return null;",
                "return polkit.Result.AUTH_ADMIN;",
                "return polkit.Result.NOT_HANDLED;",
                "return true;",
                "return 'YES';",
                "if (action.id == 'org.other') return polkit.Result.YES;",
                "if (action.id != 'org.libvirt.unix.manage') return polkit.Result.YES;",
                "if (action.id.indexOf('org.other') === 0) return polkit.Result.YES;",
                "if (subject.isInGroup('a') && action.id == 'org.libvirt.unix.manage') return polkit.Result.YES;",
                "if (action.id == 'org.libvirt.unix.manage') { if (subject.user == 'v') return polkit.Result.YES; }",
                "if (subject.user !== 'v') { return polkit.Result.NOT_HANDLED; } return polkit.Result.YES;",
                "if (!subject.local) return; return polkit.Result.YES;",
                "return subject.active ? polkit.Result.YES : polkit.Result.NO;",
                "var ok = subject.isInGroup('a') || subject.isInGroup('b'); if (ok) return polkit.Result.YES;",
                "if (['a','b'].indexOf(subject.user) >= 0) return polkit.Result.YES;",
                "if (subject.groups.indexOf('a') != -1) return polkit.Result.YES;",
                "if (unknown() && subject.active) return polkit.Result.YES;",
                "return polkit.Result.NO; return polkit.Result.YES;"
            })
    void seesThatNobodyIsLetInUnseen(String body) {
        assertThat(body(body)).isEqualTo(Verdict.NO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (helper(action)) return polkit.Result.YES;",
                "return helper();",
                "return polkit.spawn(['/x']);",
                "if (action.lookup('unit') == 'x') return polkit.Result.YES;",
                "if (/libvirt/.test(action.id)) return polkit.Result.YES;",
                "switch (action.id) { case 'org.libvirt.unix.manage': return polkit.Result.YES; }",
                "for (var i in x) { return polkit.Result.YES; }",
                "try { return polkit.Result.YES; } catch (e) {}",
                "var r = polkit.Result.NO; r = polkit.Result.YES; return r;",
                "var r = polkit.Result.NO; if (subject.active) { r = x; } return r;",
                "x: { return polkit.Result.YES; }",
                "return polkit.Result.Yes;",
                "return polkit['Result'].YES;",
                "return `yes`;",
                "return '\\u0079es';",
                "if (subject == null) return polkit.Result.YES;",
                "action.id = 'x'; if (action.id == 'x') return polkit.Result.YES;",
                "if (helper(subject)) return polkit.Result.YES;",
                "return (function() { return 'yes'; })();",
                "while (true) return polkit.Result.YES;",
                "if (a) if (b) return x; else return polkit.Result.YES;"
            })
    void admitsWhatItCannotTell(String body) {
        assertThat(body(body)).isEqualTo(Verdict.CANNOT_TELL);
    }

    @Test
    void otherActionsAreJudgedForThemselves() {
        byte[] text = "polkit.addRule(function(a, s) { if (a.id == 'org.x') return polkit.Result.YES; });"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(value(PolkitRules.parse(text, "org.x")).verdict()).isEqualTo(Verdict.YES);
        assertThat(value(PolkitRules.parse(text, "org.y")).verdict()).isEqualTo(Verdict.NO);
    }

    @Test
    void arrowFunctionsAndOddParametersAreRead() {
        assertThat(parsed("polkit.addRule((a, s) => { return polkit.Result.YES; });")
                        .verdict())
                .isEqualTo(Verdict.YES);
        assertThat(parsed("polkit.addRule((a, s) => polkit.Result.YES);").verdict())
                .isEqualTo(Verdict.YES);
        assertThat(parsed("polkit.addRule(function() { return polkit.Result.YES; });")
                        .verdict())
                .isEqualTo(Verdict.YES);
        assertThat(parsed("polkit.addRule(a => polkit.Result.NO);").verdict()).isEqualTo(Verdict.CANNOT_TELL);
        assertThat(parsed("polkit.addRule(rule);").verdict()).isEqualTo(Verdict.CANNOT_TELL);
    }

    @Test
    void everyRuleOfAFileIsSeen() {
        PolkitRules rules = parsed(GROUP_RULE + "polkit.addAdminRule(function(a, s) { return ['unix-group:sudo']; });\n"
                + "polkit.log('x');\nvar admins = ['a', 'b'];\nfunction helper(s) { return s.user; }\n"
                + "polkit.addRule(function(a, s) { return polkit.Result.YES; });");
        assertThat(rules.understood()).isTrue();
        assertThat(rules.rules().stream().map(PolkitRules.Rule::verdict)).containsExactly(Verdict.NO, Verdict.YES);
        assertThat(rules.verdict()).isEqualTo(Verdict.YES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var p = polkit; p.addRule(f);",
                "polkit['addRule'](f);",
                "eval('x');",
                "if (x) { polkit.addRule(f); }",
                "function f() { polkit.addRule(g); }\nf();",
                "x\n"
            })
    void aFileThatMayAddRulesUnseenIsNotUnderstood(String text) {
        PolkitRules rules = parsed(text);
        assertThat(rules.understood()).isFalse();
        assertThat(rules.verdict()).isEqualTo(Verdict.CANNOT_TELL);
    }

    @Test
    void anEmptyFileLetsNobodyIn() {
        assertThat(parsed("/* nothing */").verdict()).isEqualTo(Verdict.NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"||", "&&", "+", ".a", "!", "(", "[", "if (x) ", "a ? "})
    void longAndDeepTextEnds(String piece) {
        String many = "a" + piece.repeat(100_000);
        PolkitRules rules = parsed("polkit.addRule(function(a, s) { return " + many + "; });\n" + GROUP_RULE);
        assertThat(rules.rules().getFirst().verdict()).isNotEqualTo(Verdict.NO);
    }

    @Test
    void refusesLargeFiles() {
        assertThat(code(PolkitRules.parse(new byte[(1 << 20) + 1], "x"))).isEqualTo("RF-PLK-001");
    }

    @Test
    void truncatedRulesAreNeverHarmless() {
        String rule = "polkit.addRule(function(action, subject) { return polkit.Result.YES; });";
        for (int length = "polkit.addRule(".length(); length < rule.length() - 1; length++) {
            assertThat(parsed(rule.substring(0, length)).verdict())
                    .as("cut at %d", length)
                    .isEqualTo(Verdict.CANNOT_TELL);
        }
    }

    @Test
    void mutatedFilesNeverThrow() {
        List<String> samples = List.of(
                GROUP_RULE,
                "polkit.addRule((a, s) => a.id == 'x' ? polkit.Result.YES : [1, 'a'].indexOf(s.user) >= -1);",
                "polkit.addRule(function(a, s) { var x = /re[/]/; switch (x) { case 1: } try { } catch (e) { } });");
        Fuzz.text(samples, 5_000, text -> assertThat(parsed(text).verdict()).isNotNull());
    }
}
