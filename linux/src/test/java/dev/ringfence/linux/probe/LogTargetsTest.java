package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import dev.ringfence.testkit.Fuzz;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTargetsTest {
    private static final String MAIN = "/etc/rsyslog.conf";
    private static final String TLS = "global(DefaultNetstreamDriver=\"gtls\")\n";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*.* @log.example | log.example | false",
                "*.* @@log.example:6514 | log.example:6514 | false",
                "*.* @@(o,z9)[2001:db8::1]:6514;tmpl | [2001:db8::1]:6514 | false",
                "& @@log.example | log.example | false",
                "*.* :omrelp:log.example:2514 | log.example:2514 | false",
                "action(type=\"omfwd\" target=\"log.example\" port=\"514\") | log.example:514 | false",
                "action(type=\"omfwd\" Target=\"log.example\" Protocol=\"tcp\" StreamDriverMode=\"1\") | log.example | true",
                "action(type=\"omfwd\" target=\"log.example\" protocol=\"udp\" StreamDriverMode=\"1\") | log.example | false",
                "action(type=\"omfwd\" target=\"log.example\" protocol=\"tcp\" StreamDriverMode=\"0\") | log.example | false",
                "action(type=\"omfwd\" target=\"log.example\" protocol=\"tcp\" StreamDriver=\"ptcp\" StreamDriverMode=\"1\") | log.example | false",
                "if $msg contains \"(\" then { action(type=\"omrelp\" target=\"log.example\" port=\"2514\" tls=\"on\") } | log.example:2514 | true",
                "action(type=\"omrelp\" target=\"log.example\" tls=\"off\") | log.example | false",
                "action(type=\"omelasticsearch\" server=\"es.example\" serverport=\"9200\" usehttps=\"on\") | es.example:9200 | true",
                "action(type=\"omelasticsearch\" server=\"https://u:p4ss@es.example\" usehttps=\"on\") | https://u:[redacted]@es.example | true",
            })
    void findsTargetsAndWhetherTheyAreEncrypted(String line, String target, boolean encrypted) {
        tree.file(MAIN, TLS + line + "\n");
        assertThat(value(observe())).containsExactly(new Services.LogTarget(MAIN, target, encrypted));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# *.* @@log.example",
                "/* *.* @@log.example */",
                "mail.* -/var/log/mail.log",
                "action(type=\"omfile\" file=\"/var/log/x\" target=\"no\")",
                "template(name=\"t\" type=\"string\" string=\"user@host\")",
                "*.* /var/log/a@b",
            })
    void findsNoneWhereNoneAre(String line) {
        tree.file(MAIN, line + "\n");
        assertThat(value(observe())).isEmpty();
    }

    @Test
    void oldDirectivesHoldUntilTheyAreReset() {
        tree.file(MAIN, """
                $DefaultNetstreamDriver gtls
                *.* @@before.example
                $ActionSendStreamDriverMode 1
                *.* @@tls.example
                *.* @udp.example
                $ResetConfigVariables
                *.* @@after.example
                """);
        assertThat(value(observe()))
                .extracting(Services.LogTarget::target, Services.LogTarget::encrypted)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("before.example", false),
                        org.assertj.core.groups.Tuple.tuple("tls.example", true),
                        org.assertj.core.groups.Tuple.tuple("udp.example", false),
                        org.assertj.core.groups.Tuple.tuple("after.example", false));
    }

    @Test
    void readsIncludedFilesInTheirPlace() {
        tree.file(MAIN, TLS + "$IncludeConfig /etc/rsyslog.d/*.conf\ninclude(file=\"/etc/more\" mode=\"optional\")\n")
                .file("/etc/rsyslog.d/b.conf", "*.* @b.example\n")
                .file("/etc/rsyslog.d/a.conf", "*.* @a.example\n")
                .file("/etc/rsyslog.d/c.txt", "*.* @c.example\n");
        assertThat(value(observe()))
                .containsExactly(
                        new Services.LogTarget("/etc/rsyslog.d/a.conf", "a.example", false),
                        new Services.LogTarget("/etc/rsyslog.d/b.conf", "b.example", false));
        tree.fifo("/etc/rsyslog.d/d.conf");
        assertThat(reason(observe())).contains("d.conf").contains("fifo");
    }

    @Test
    void includesWithoutEndAreCutOff() {
        tree.file(MAIN, "$IncludeConfig /etc/rsyslog.conf\n$IncludeConfig /etc/rsyslog.conf\n");
        assertThat(reason(observe())).contains("too many files");
    }

    @ParameterizedTest
    @CsvSource({"https://log.example:19532, true", "log.example, true", "http://log.example, false"})
    void readsJournalUpload(String url, boolean encrypted) {
        tree.file("/etc/systemd/journal-upload.conf", "[Upload]\nURL=" + url + "\n");
        assertThat(value(observe()))
                .containsExactly(new Services.LogTarget("/etc/systemd/journal-upload.conf", url, encrypted));
    }

    @Test
    void saysNothingWhereAnotherProgramMaySendLogs() {
        tree.file("/etc/syslog-ng/syslog-ng.conf", "destination d { network(\"x\"); };\n");
        assertThat(reason(observe())).contains("not read");
        tree.file(MAIN, "*.* @log.example\n");
        assertThat(value(observe())).hasSize(1);
    }

    @Test
    void readsListsOfTargetsAndEscapedQuotes() {
        tree.file(
                MAIN,
                "action(type=\"omfwd\" target=[\"a.example\", \"b.example\"] port=\"514\" template=\"x \\\" y\" protocol=\"tcp\")\n");
        assertThat(value(observe())).extracting(Services.LogTarget::target).containsExactly("a.example b.example:514");
    }

    @Test
    void textMadeToBeSlowIsReadInTime() {
        for (String slow : List.of(
                "\n".repeat(1 << 20),
                "action(" + "a=[".repeat(300_000),
                "action(type=\"" + "\\\"".repeat(300_000) + "\")",
                "action(" + "a".repeat(1 << 20) + ")",
                "$" + "a".repeat(1 << 20))) {
            tree.file(MAIN, slow);
            assertThat(value(observe())).isEmpty();
        }
    }

    @Test
    void neverThrowsForMutatedText() {
        Fuzz.text(
                List.of(
                        TLS + "*.* @@(o)host:1;x\n$IncludeConfig /etc/rsyslog.d/*.conf\n:omrelp:a:b\n",
                        "if $a == \"\\\"\" then { action(type=\"omfwd\" target=[\"a\", \"b\"] port=\"1\") } # x\n/* y */"),
                500,
                text -> {
                    tree.file(MAIN, text);
                    assertThat(observe()).isNotNull();
                });
    }

    private Fact<List<Services.LogTarget>> observe() {
        return LogTargets.observe(tree.files());
    }
}
