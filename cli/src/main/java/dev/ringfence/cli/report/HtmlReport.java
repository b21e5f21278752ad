package dev.ringfence.cli.report;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.wire.json.Utf8Writer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Reports as one HTML file, for a screen, for paper and for an archive. It holds no script and loads nothing: its content
 * security policy allows its own style sheet and nothing else. Thread-safe.
 */
public final class HtmlReport {
    private static final String STYLE = style();

    /** In the order of the bar: what asks for work first. */
    private static final List<Verdict> BAR =
            List.of(Verdict.FAIL, Verdict.NOT_COVERED, Verdict.WAIVED, Verdict.PASS, Verdict.NOT_APPLICABLE);

    private final AuditReport report;
    private final String toolVersion;
    private final Markup html = new Markup();

    private HtmlReport(AuditReport report, String toolVersion) {
        this.report = report;
        this.toolVersion = toolVersion;
    }

    /**
     * Writes a report. Equal reports give equal bytes. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(AuditReport report, String toolVersion, OutputStream out) throws IOException {
        HtmlReport page = new HtmlReport(report, toolVersion);
        page.document();
        Writer writer = Utf8Writer.over(out);
        writer.write(page.html.toString());
        writer.flush();
    }

    private void document() {
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                + sha256(STYLE) + "'; base-uri 'none'; form-action 'none'\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n");
        html.leaf("title", report.host() + ": " + headline() + " – Ringfence audit")
                .line();
        html.raw("<style>" + STYLE + "</style>\n</head>\n<body>\n");
        html.leaf("a", "Skip to the findings", "class", "skip", "href", "#failed")
                .line();
        header();
        html.raw("<main>\n");
        summary();
        Findings findings = new Findings(html, report);
        findings.failed();
        findings.notCovered();
        findings.waived();
        findings.leftOut();
        findings.folded(Verdict.PASS, "passed");
        findings.folded(Verdict.NOT_APPLICABLE, "not-applicable");
        html.raw("</main>\n");
        footer();
        html.raw("</body>\n</html>\n");
    }

    private void header() {
        html.raw("<header class=\"top\">\n<p class=\"brand\">" + MARK + "Ringfence <span>audit</span></p>\n");
        html.leaf("h1", report.host().isBlank() ? "(unnamed host)" : report.host())
                .line();
        html.raw("<dl>");
        html.raw("<div><dt>Observed</dt><dd>");
        html.leaf(
                "time",
                Words.minute(report.observedAt()),
                "datetime",
                report.observedAt().toString());
        html.raw("</dd></div>");
        fact("How", report.observer());
        fact("Profile", report.profile());
        fact("Controls", String.valueOf(report.results().size()));
        fact("Ringfence", toolVersion);
        html.raw("</dl>\n</header>\n");
    }

    private static final String MARK = "<svg viewBox=\"0 0 32 32\" width=\"22\" height=\"22\" aria-hidden=\"true\">"
            + "<circle cx=\"16\" cy=\"16\" r=\"12.5\" class=\"ring\"/><circle cx=\"16\" cy=\"16\" r=\"5\" class=\"core\"/></svg>";

    private void fact(String name, String value) {
        html.raw("<div>").leaf("dt", name).leaf("dd", value).raw("</div>");
    }

    private String headline() {
        long failed = report.count(Verdict.FAIL);
        long blind = report.count(Verdict.NOT_COVERED);
        if (failed > 0) {
            return Words.count(failed, "control") + " failed";
        }
        if (!report.judgedAnything()) {
            return "nothing was judged";
        }
        return blind > 0 ? "nothing failed, " + blind + " not covered" : "nothing failed";
    }

    private void summary() {
        html.raw("<section id=\"summary\" class=\"summary\" aria-labelledby=\"summary-title\">\n");
        html.open("h2", "id", "summary-title", "class", "headline " + mood());
        html.text(sentenceCase(headline())).close("h2").line();
        html.leaf("p", explanation(), "class", "lead").line();
        html.raw("<ul class=\"tiles\">\n");
        for (Severity severity : Findings.worstFirst()) {
            tile(severity);
        }
        html.raw("</ul>\n");
        bar();
        html.raw("</section>\n");
    }

    private String mood() {
        return report.count(Verdict.FAIL) > 0
                ? "bad"
                : report.count(Verdict.NOT_COVERED) > 0 || !report.judgedAnything() ? "open" : "good";
    }

    private static String sentenceCase(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private String explanation() {
        long applicable = report.results().size() - report.count(Verdict.NOT_APPLICABLE);
        long blind = report.count(Verdict.NOT_COVERED);
        long judged = applicable - blind;
        if (!report.judgedAnything()) {
            return "No control could be judged, so this report says nothing good about the host.";
        }
        StringBuilder out = new StringBuilder();
        out.append(judged).append(" of ").append(Words.count(applicable, "applicable control"));
        out.append(applicable == 1 ? " was judged" : " were judged").append(". ");
        if (blind > 0) {
            out.append(Words.count(blind, "control")).append(" could not be observed, which is never a pass. ");
        }
        long waived = report.count(Verdict.WAIVED);
        if (waived > 0) {
            out.append(Words.count(waived, "failure"))
                    .append(waived == 1 ? " is" : " are")
                    .append(" waived for a time.");
        }
        return out.toString().strip();
    }

    private void tile(Severity severity) {
        long failed = report.results().stream()
                .filter(r -> r.verdict() == Verdict.FAIL && r.control().severity() == severity)
                .count();
        String name = Findings.className(severity);
        html.open("li", "class", "tile " + name + (failed == 0 ? " none" : ""));
        if (failed > 0) {
            html.open("a", "href", "#" + name);
        }
        html.leaf("strong", String.valueOf(failed)).raw(" ").leaf("span", Words.of(severity));
        if (failed > 0) {
            html.close("a");
        }
        html.close("li").line();
    }

    /** All controls as one bar; the list below it says the same in words. */
    private void bar() {
        int total = report.results().size();
        if (total == 0) {
            return;
        }
        html.raw(
                "<figure class=\"coverage\">\n<svg class=\"bar\" width=\"100%\" height=\"20\" role=\"img\" aria-labelledby=\"bar-title\">");
        html.leaf("title", barText(), "id", "bar-title");
        html.raw(
                "<defs><pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                        + "<rect width=\"7\" height=\"7\" class=\"hatch-ground\"/><rect width=\"3\" height=\"7\" class=\"hatch-line\"/></pattern></defs>");
        double at = 0;
        for (Verdict verdict : BAR) {
            double share = 100.0 * report.count(verdict) / total;
            if (share > 0) {
                html.open(
                        "rect",
                        "x",
                        percent(at),
                        "width",
                        percent(share),
                        "height",
                        "100%",
                        "class",
                        "bar-" + Findings.className(verdict));
                html.close("rect");
            }
            at += share;
        }
        html.raw("</svg>\n<figcaption><ul class=\"legend\">\n");
        for (Verdict verdict : BAR) {
            html.open("li", "class", Findings.className(verdict));
            boolean any = report.count(verdict) > 0;
            if (any) {
                html.open("a", "href", "#" + Findings.sectionId(verdict));
            }
            html.raw("<span class=\"swatch\"></span>").leaf("b", String.valueOf(report.count(verdict)));
            html.text(" " + Words.of(verdict).toLowerCase(Locale.ROOT));
            if (any) {
                html.close("a");
            }
            html.close("li").line();
        }
        html.raw("</ul></figcaption>\n</figure>\n");
    }

    private String barText() {
        StringBuilder out = new StringBuilder();
        for (Verdict verdict : BAR) {
            out.append(out.isEmpty() ? "" : ", ")
                    .append(report.count(verdict))
                    .append(' ')
                    .append(Words.of(verdict).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    private static String percent(double share) {
        return Math.round(share * 1000) / 1000.0 + "%";
    }

    private void footer() {
        html.raw("<footer>\n<details>\n<summary>How to read this report</summary>\n<dl>");
        fact(
                "Failed",
                "The rule does not hold. Critical and high come first; each finding says how to fix it, and what the fix disturbs.");
        fact(
                "Not covered",
                "It could not be observed, or the rule could not be evaluated. It may hold or not; treat it as open.");
        fact(
                "Waived",
                "The rule does not hold, and somebody answers for that until a date. It is judged again in every audit.");
        fact("Passed", "The rule holds, by the evidence beside it.");
        fact("Not applicable", "The thing that the rule is about does not exist on this host.");
        html.raw("</dl>\n</details>\n");
        html.leaf("p", "Ringfence " + toolVersion + ". Names and values come from the host that was looked at.");
        html.raw("\n</footer>\n");
    }

    private static String style() {
        try (InputStream in =
                Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"), "report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own style sheet", e);
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
