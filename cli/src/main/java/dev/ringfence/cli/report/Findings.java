package dev.ringfence.cli.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Stride;
import dev.ringfence.core.audit.Threat;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.core.host.Source;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The sections of a report below its summary. */
final class Findings {
    private static final Pattern ID = Pattern.compile("[A-Z][A-Z0-9]{1,9}-[0-9]{3}");
    private static final int SUBJECTS_SHOWN = 8;

    private final Markup html;
    private final AuditReport report;

    Findings(Markup html, AuditReport report) {
        this.html = html;
        this.report = report;
    }

    static List<Severity> worstFirst() {
        return List.of(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW);
    }

    static String className(Enum<?> constant) {
        return constantText(constant);
    }

    static String sectionId(Verdict verdict) {
        return switch (verdict) {
            case FAIL -> "failed";
            case PASS -> "passed";
            case NOT_APPLICABLE, NOT_COVERED, WAIVED -> constantText(verdict);
        };
    }

    /** Worst first. */
    private List<ControlResult> with(Verdict verdict) {
        return report.results().stream()
                .filter(r -> r.verdict() == verdict)
                .sorted(Comparator.comparing((ControlResult r) -> r.control().severity())
                        .reversed())
                .toList();
    }

    private void startSection(Verdict verdict, String intro) {
        String id = sectionId(verdict);
        html.open("section", "id", id, "aria-labelledby", id + "-title").line();
        html.open("h2", "id", id + "-title").text(Words.of(verdict)).raw(" ");
        html.leaf("span", String.valueOf(report.count(verdict)), "class", "count")
                .close("h2")
                .line();
        html.leaf("p", intro, "class", "intro").line();
    }

    void failed() {
        startSection(
                Verdict.FAIL,
                report.count(Verdict.FAIL) == 0
                        ? "No control failed."
                        : "Worst first. Each finding says what was seen, why it matters, and the exact fix with what it disturbs.");
        for (Severity severity : worstFirst()) {
            List<ControlResult> results = with(Verdict.FAIL).stream()
                    .filter(r -> r.control().severity() == severity)
                    .toList();
            if (results.isEmpty()) {
                continue;
            }
            html.open("h3", "id", className(severity), "class", "group " + className(severity));
            html.text(Words.of(severity)).raw(" ");
            html.leaf("span", String.valueOf(results.size()), "class", "count")
                    .close("h3")
                    .line();
            results.forEach(this::finding);
        }
        html.close("section").line();
    }

    private void finding(ControlResult result) {
        Control control = result.control();
        startCard(result, "card " + className(control.severity()));
        result.waiver().filter(ControlResult.AppliedWaiver::expired).ifPresent(w -> {
            html.open("p", "class", "expired").leaf("b", "Its waiver has expired");
            html.text(" on " + Words.day(w.waiver().expires()) + ": " + owned(w.waiver()))
                    .close("p")
                    .line();
        });
        seen(result);
        html.leaf("p", control.rationale(), "class", "why").line();
        tags(control);
        fix(control.fix());
        more(result);
        html.close("article").line();
    }

    private static String owned(Waiver waiver) {
        return waiver.reason() + " (" + waiver.owner() + (waiver.ticket().isBlank() ? "" : ", " + waiver.ticket())
                + ")";
    }

    private void startCard(ControlResult result, String cardClass) {
        Control control = result.control();
        if (ID.matcher(control.id()).matches()) {
            html.open("article", "class", cardClass, "id", control.id());
        } else {
            html.open("article", "class", cardClass);
        }
        html.line().raw("<header>").leaf("span", control.id(), "class", "id").raw(" ");
        html.leaf("h4", control.title()).raw(" ");
        severity(control.severity());
        html.raw("</header>\n");
    }

    private void severity(Severity severity) {
        html.leaf("span", Words.of(severity), "class", "severity " + className(severity));
    }

    private void seen(ControlResult result) {
        html.open("p", "class", "seen").leaf("span", "Seen", "class", "label").raw(" ");
        html.leaf("code", result.evidence()).close("p").line();
        List<ControlResult.SubjectResult> subjects = result.subjects().stream()
                .sorted(Comparator.comparingInt(s -> rank(s.verdict())))
                .toList();
        if (subjects.isEmpty()) {
            return;
        }
        int problems = (int) subjects.stream()
                .filter(s -> rank(s.verdict()) < rank(Verdict.PASS))
                .count();
        int shown = Math.min(SUBJECTS_SHOWN, problems);
        if (shown > 0) {
            subjects(subjects.subList(0, shown), result);
        }
        if (subjects.size() > shown) {
            html.raw("<details class=\"more\">");
            html.leaf("summary", rest(problems - shown, subjects.size() - problems))
                    .line();
            subjects(subjects.subList(shown, subjects.size()), result);
            html.close("details").line();
        }
    }

    private static String rest(int problems, int fine) {
        String without = fine + " without a finding";
        return problems == 0 ? without : problems + " more" + (fine == 0 ? "" : ", " + without);
    }

    private static int rank(Verdict verdict) {
        return switch (verdict) {
            case FAIL -> 0;
            case NOT_COVERED -> 1;
            case WAIVED -> 2;
            case PASS -> 3;
            case NOT_APPLICABLE -> 4;
        };
    }

    private void subjects(List<ControlResult.SubjectResult> subjects, ControlResult result) {
        String kind =
                result.control().as().isBlank() ? "Subject" : result.control().as();
        html.raw("<table class=\"subjects\">");
        html.leaf("caption", "What " + result.control().id() + " says of each", "class", "hidden");
        html.raw("<thead><tr>").leaf("th", kind, "scope", "col");
        html.raw("<th scope=\"col\">Verdict</th><th scope=\"col\">Seen</th></tr></thead>\n<tbody>\n");
        for (ControlResult.SubjectResult subject : subjects) {
            html.raw("<tr>").leaf("th", subject.subject(), "scope", "row").raw("<td>");
            html.leaf("span", Words.of(subject.verdict()), "class", "verdict " + className(subject.verdict()));
            html.raw("</td><td>").leaf("code", subject.evidence()).raw("</td></tr>\n");
        }
        html.raw("</tbody></table>\n");
    }

    private void tags(Control control) {
        html.raw("<ul class=\"tags\" aria-label=\"Threats\">");
        for (Threat threat : control.threats()) {
            html.leaf("li", Words.of(threat), "class", "threat");
        }
        for (Stride stride : control.stride()) {
            html.leaf("li", Words.of(stride));
        }
        html.raw("</ul>\n");
    }

    private void fix(Fix fix) {
        html.raw("<div class=\"fix\">\n<h5>Fix ");
        html.leaf("span", Words.of(fix.reach()), "class", "reach " + className(fix.reach()))
                .raw("</h5>\n");
        html.leaf("p", fix.summary()).line();
        if (!fix.changes().isEmpty()) {
            html.raw("<ul class=\"changes\">\n");
            for (Fix.Change change : fix.changes()) {
                html.raw("<li>")
                        .leaf("span", Words.of(change.kind()), "class", "kind")
                        .raw(" ");
                html.leaf("code", change.target());
                if (!change.value().isEmpty()) {
                    html.raw(" <span class=\"becomes\" aria-hidden=\"true\">→</span> ")
                            .leaf("code", change.value());
                }
                html.raw("</li>\n");
            }
            html.raw("</ul>\n");
        }
        if (!fix.cost().isBlank()) {
            html.open("p", "class", "cost")
                    .leaf("b", "Cost")
                    .text(" " + fix.cost())
                    .close("p")
                    .line();
        }
        html.raw("</div>\n");
    }

    private void more(ControlResult result) {
        if (result.sources().isEmpty() && result.control().references().isEmpty()) {
            return;
        }
        html.raw("<details class=\"more\"><summary>Sources and references</summary>\n");
        if (!result.sources().isEmpty()) {
            html.raw("<ul class=\"sources\">");
            for (Source source : result.sources()) {
                html.raw("<li>")
                        .leaf("code", source.where())
                        .text(" " + source.how())
                        .raw("</li>");
            }
            html.raw("</ul>\n");
        }
        if (!result.control().references().isEmpty()) {
            html.leaf("p", String.join(" · ", result.control().references()), "class", "references")
                    .line();
        }
        html.raw("</details>\n");
    }

    void notCovered() {
        List<ControlResult> results = with(Verdict.NOT_COVERED);
        if (results.isEmpty()) {
            return;
        }
        startSection(Verdict.NOT_COVERED, "Not observed is not passed. Take away the reason, and audit again.");
        table(results, "Why not");
        html.close("section").line();
    }

    void waived() {
        List<ControlResult> results = with(Verdict.WAIVED);
        if (results.isEmpty()) {
            return;
        }
        startSection(Verdict.WAIVED, "These rules do not hold. Somebody answers for each until a date, and no longer.");
        for (ControlResult result : results) {
            startCard(result, "card waived");
            result.waiver().ifPresent(this::waiver);
            seen(result);
            html.close("article").line();
        }
        html.close("section").line();
    }

    private void waiver(ControlResult.AppliedWaiver applied) {
        Waiver waiver = applied.waiver();
        html.raw("<dl class=\"waiver\">");
        fact("Owner", waiver.owner());
        html.raw("<div><dt>Until</dt><dd>");
        html.leaf(
                "time",
                Words.day(waiver.expires()),
                "datetime",
                waiver.expires().toString());
        html.leaf("span", Words.left(report.observedAt(), waiver.expires()), "class", "left")
                .raw("</dd></div>");
        if (!waiver.ticket().isBlank()) {
            fact("Ticket", waiver.ticket());
        }
        if (!waiver.subject().equals("*")) {
            fact("Covers", waiver.subject());
        }
        html.raw("<div class=\"wide\"><dt>Reason</dt>")
                .leaf("dd", waiver.reason())
                .raw("</div></dl>\n");
    }

    private void fact(String name, String value) {
        html.raw("<div>").leaf("dt", name).leaf("dd", value).raw("</div>");
    }

    /** Controls that the profile leaves out by name. */
    void leftOut() {
        if (report.left().isEmpty()) {
            return;
        }
        html.raw("<section id=\"left-out\" aria-labelledby=\"left-out-title\">\n<h2 id=\"left-out-title\">Left out ");
        html.leaf("span", String.valueOf(report.left().size()), "class", "count")
                .raw("</h2>\n");
        html.leaf("p", "The profile takes these controls out by name. They were not judged.", "class", "intro")
                .line();
        html.raw("<table class=\"list\"><caption class=\"hidden\">Controls that are left out</caption>");
        html.raw("<thead><tr><th scope=\"col\">Control</th><th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n");
        new TreeMap<>(report.left()).forEach((id, reason) -> {
            html.raw("<tr><th scope=\"row\">").leaf("span", id, "class", "id").raw("</th>");
            html.leaf("td", reason).raw("</tr>\n");
        });
        html.raw("</tbody></table>\n</section>\n");
    }

    /** What needs nobody's attention. */
    void folded(Verdict verdict, String id) {
        List<ControlResult> results = with(verdict);
        if (results.isEmpty()) {
            return;
        }
        html.open("section", "id", id).line();
        html.raw("<details class=\"fold\"><summary><h2>")
                .text(Words.of(verdict))
                .raw(" ");
        html.leaf("span", String.valueOf(results.size()), "class", "count").raw("</h2></summary>\n");
        table(results, verdict == Verdict.PASS ? "Seen" : "Why");
        html.raw("</details>\n</section>\n");
    }

    private void table(List<ControlResult> results, String evidence) {
        html.raw("<table class=\"list\">");
        html.leaf("caption", Words.of(results.getFirst().verdict()) + " controls", "class", "hidden");
        html.raw("<thead><tr><th scope=\"col\">Control</th><th scope=\"col\">Severity</th>");
        html.leaf("th", evidence, "scope", "col").raw("</tr></thead>\n<tbody>\n");
        for (ControlResult result : results) {
            html.raw("<tr><th scope=\"row\">")
                    .leaf("span", result.control().id(), "class", "id")
                    .raw(" ");
            html.leaf("span", result.control().title(), "class", "title").raw("</th><td>");
            severity(result.control().severity());
            html.raw("</td><td>").leaf("code", result.evidence()).raw("</td></tr>\n");
        }
        html.raw("</tbody></table>\n");
    }
}
