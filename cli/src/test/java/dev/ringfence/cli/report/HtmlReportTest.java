package dev.ringfence.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)(?: [a-zA-Z-]+=\"[^\"<>]*\")*(/?)>");

    private static byte[] bytes(AuditReport report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            HtmlReport.write(report, "0.1.0", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String html(AuditReport report) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(report)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AuditReport only(Verdict... verdicts) {
        AuditReport all = SampleReport.faulty();
        return new AuditReport(
                all.host(),
                all.observer(),
                all.observedAt(),
                all.profile(),
                all.results().stream()
                        .filter(r -> List.of(verdicts).contains(r.verdict()))
                        .toList(),
                Map.of());
    }

    private static List<String> all(String regex, String text) {
        List<String> out = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        while (matcher.find()) {
            out.add(matcher.group(1));
        }
        return out;
    }

    private static String section(String html, String id) {
        return all("(<section id=\"" + id + "\".*?</section>)", html).getFirst();
    }

    @Test
    void holdsNoScriptAndLoadsNothing() {
        assertThat(html(SampleReport.faulty()))
                .doesNotContainPattern("(?i)<(script|link|img|iframe|object|embed|form|base)\\b")
                .doesNotContainPattern("(?i)\\b(src|srcset|action|on[a-z]+|style)=")
                .doesNotContainPattern("(?i)@import|url\\((?!#hatch\\))|https?://|javascript:");
    }

    @Test
    void allowsItsOwnStyleSheetAndNothingElse() throws NoSuchAlgorithmException {
        String html = html(SampleReport.faulty());
        String style = all("<style>(.*?)</style>", html).getFirst();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(html)
                .contains("content=\"default-src 'none'; style-src 'sha256-" + hash
                        + "'; base-uri 'none'; form-action 'none'\"");
    }

    @Test
    void showsEveryTextOfAReportAsText() {
        Set<String> asked = new TreeSet<>();
        String html = html(SampleReport.of(name -> {
            asked.add(name);
            return "<x-" + name + ">&\"'";
        }));
        assertThat(html).doesNotContain("<x-");
        // Not shown: what a waiver matches on, and a title where only the verdict counts.
        asked.removeAll(Set.of("control", "waivedHost"));
        assertThat(asked).hasSizeGreaterThan(20);
        for (String name : asked) {
            assertThat(html).contains("&lt;x-" + name + "&gt;&amp;&quot;&#39;");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "</style><script>alert(1)</script>",
                "\"><svg onload=alert(1)>",
                "' onmouseover='alert(1)",
                "<!--",
                "]]>",
                "&lt;b&gt;",
                "\u0000\u001b[2J\u0085\u009b",
                "\ud800",
                "\u202egnp\u2066",
                "a\r\nb\u2028c",
                "\ufffe\ufdd0\ufeff",
                "MEM-001"
            })
    void staysOneWellFormedDocumentWhateverTheTextsHold(String text) {
        String html = html(SampleReport.of(name -> text));
        assertThat(html)
                .doesNotContainPattern(
                        "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]");
        assertWellFormed(html);
    }

    private static void assertWellFormed(String html) {
        String body = html.replaceFirst("<!doctype html>\n", "").replaceFirst("(?s)<style>.*?</style>", "");
        Deque<String> open = new ArrayDeque<>();
        int end = 0;
        Matcher tag = TAG.matcher(body);
        while (tag.find()) {
            assertThat(body.substring(end, tag.start())).doesNotContain("<").doesNotContain(">");
            end = tag.end();
            if (!tag.group(1).isEmpty()) {
                assertThat(open.pop()).isEqualTo(tag.group(2));
            } else if (tag.group(3).isEmpty() && !tag.group(2).equals("meta")) {
                open.push(tag.group(2));
            }
        }
        assertThat(open).isEmpty();
        assertThat(body.substring(end)).isBlank();
    }

    @Test
    void isWellFormedInEveryState() {
        assertWellFormed(html(SampleReport.faulty()));
        for (Verdict verdict : Verdict.values()) {
            assertWellFormed(html(only(verdict)));
        }
        assertWellFormed(html(only()));
    }

    @Test
    void givesEveryAnchorATargetAndEveryIdOnce() {
        for (AuditReport report :
                List.of(SampleReport.faulty(), only(Verdict.PASS), only(Verdict.NOT_COVERED), only())) {
            String html = html(report);
            List<String> ids = all(" id=\"([^\"]*)\"", html);
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(all(" href=\"#([^\"]*)\"", html)).isNotEmpty().isSubsetOf(ids);
            assertThat(all(" aria-labelledby=\"([^\"]*)\"", html)).isSubsetOf(ids);
        }
    }

    @Test
    void skipsNoLevelOfHeadings() {
        List<String> levels = all("<h([1-6])\\b", html(SampleReport.faulty()));
        assertThat(levels.getFirst()).isEqualTo("1");
        assertThat(levels.stream().filter("1"::equals)).hasSize(1);
        for (int i = 1; i < levels.size(); i++) {
            assertThat(Integer.parseInt(levels.get(i))).isLessThanOrEqualTo(Integer.parseInt(levels.get(i - 1)) + 2);
        }
        assertThat(html(SampleReport.faulty())).contains("<html lang=\"en\">");
    }

    @Test
    void tellsCountsAndCoverageInWords() {
        assertThat(html(SampleReport.faulty()))
                .contains("<title>kvm-07.fra1.example.net: 6 controls failed – Ringfence audit</title>")
                .contains(
                        "49 of 51 applicable controls were judged. 2 controls could not be observed, which is never a pass."
                                + " 1 failure is waived for a time.")
                .contains(
                        "<title id=\"bar-title\">6 failed, 2 not covered, 1 waived, 42 passed, 2 not applicable</title>");
    }

    @Test
    void callsAHostGoodOnlyWhenAllWasSeen() {
        assertThat(html(only(Verdict.PASS))).contains("class=\"headline good\">Nothing failed<");
        assertThat(html(only(Verdict.PASS, Verdict.NOT_COVERED)))
                .contains("class=\"headline open\">Nothing failed, 2 not covered<");
        for (AuditReport report : List.of(only(Verdict.NOT_COVERED), only(Verdict.NOT_APPLICABLE), only())) {
            assertThat(html(report)).contains("class=\"headline open\">Nothing was judged<");
        }
    }

    @Test
    void putsTheWorstFirst() {
        String failed = section(html(SampleReport.faulty()), "failed");
        assertThat(all("<h3 id=\"([a-z]+)\"", failed)).containsExactly("critical", "high", "medium", "low");
        assertThat(all("<article class=\"[^\"]*\" id=\"([^\"]+)\"", failed))
                .containsExactly("MEM-001", "GST-003", "LVT-002", "CPU-001", "NET-002", "KRN-004");
        assertThat(all("<span class=\"severity ([a-z]+)\"", section(html(SampleReport.faulty()), "passed")))
                .startsWith("critical")
                .endsWith("low")
                .isSortedAccordingTo(Comparator.comparingInt(List.of("critical", "high", "medium", "low")::indexOf));
    }

    @Test
    void tellsEvidenceThreatsAndTheExactFixWithItsReach() {
        String card = all("(<article[^>]* id=\"MEM-001\".*?</article>)", html(SampleReport.faulty()))
                .getFirst();
        assertThat(card)
                .contains("<code>run = 1, 184320 pages shared</code>")
                .contains("<li class=\"threat\">Guest → guest</li><li>Information disclosure</li>")
                .contains("<span class=\"reach live\">takes effect at once</span>")
                .contains("<code>/sys/kernel/mm/ksm/run</code>")
                .contains("<code>2</code>")
                .contains("check free memory first")
                .contains("<code>/sys/kernel/mm/ksm/pages_sharing</code> read");
    }

    @Test
    void showsSubjectsWithAFindingAndFoldsTheOthers() {
        String card = all("(<article[^>]* id=\"GST-003\".*?</article>)", html(SampleReport.faulty()))
                .getFirst();
        int fold = card.indexOf("<summary>7 without a finding</summary>");
        assertThat(card.substring(0, fold))
                .contains("web-7", "legacy-erp", "build-2")
                .doesNotContain("db-1<");
        assertThat(card.substring(fold)).contains(">db-1<", ">cache-3<");
    }

    @Test
    void namesOwnerAndEndOfAWaiver() {
        assertThat(section(html(SampleReport.faulty()), "waived"))
                .contains("<dt>Owner</dt><dd>a.ngata</dd>")
                .contains("datetime=\"2027-01-31T00:00:00Z\">2027-01-31</time><span class=\"left\">71 days left</span>")
                .contains("SEC-112");
    }

    @Test
    void showsAFailureWhoseWaiverHasExpiredAsAFailure() {
        assertThat(section(html(SampleReport.faulty()), "failed"))
                .contains(
                        "<b>Its waiver has expired</b> on 2026-10-01: vendor appliance needs it until its update (b.okafor,");
    }

    @Test
    void saysWhyAControlIsNotCovered() {
        assertThat(section(html(SampleReport.faulty()), "not-covered"))
                .contains("<code>/etc/shadow: permission denied; run as root</code>");
    }

    @Test
    void foldsWhatNeedsNobodysAttention() {
        String html = html(SampleReport.faulty());
        assertThat(section(html, "passed")).contains("<details class=\"fold\"><summary><h2>Passed");
        assertThat(section(html, "not-applicable")).contains("<details class=\"fold\"><summary><h2>Not applicable");
        assertThat(section(html, "left-out")).contains("The bastion alone reaches port 22.");
    }

    @Test
    void givesTheSameBytesAgain() {
        assertThat(bytes(SampleReport.faulty())).isEqualTo(bytes(SampleReport.faulty()));
    }
}
