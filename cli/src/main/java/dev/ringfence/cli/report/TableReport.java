package dev.ringfence.cli.report;

import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import java.io.PrintStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An audit for a person at a terminal: worst first, one entry for each finding, then what could not be seen. */
public final class TableReport {
    private static final int INDENT = 11;

    /** The whole evidence is a command away; a screen full of it hides the next finding. */
    private static final int EVIDENCE_LIMIT = 200;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Terminal terminal;
    private final PrintStream out;

    /** Writes to the terminal's output, in its width. */
    public TableReport(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    /** Writes the whole report. */
    public void write(AuditReport report) {
        out.println(terminal.style(
                Style.STRONG,
                "Ringfence audit of " + report.host() + " · " + report.profile() + " · " + report.observer() + " · "
                        + TIME.format(report.observedAt())));
        for (Severity severity : List.of(Severity.values()).reversed()) {
            failures(report, severity);
        }
        waived(report);
        notCovered(report);
        summary(report);
    }

    private void failures(AuditReport report, Severity severity) {
        List<ControlResult> failed = report.results().stream()
                .filter(r -> r.verdict() == Verdict.FAIL && r.control().severity() == severity)
                .toList();
        if (failed.isEmpty()) {
            return;
        }
        Style style = severity.compareTo(Severity.HIGH) >= 0 ? Style.BAD : Style.POOR;
        out.println();
        out.println(terminal.style(
                style, severity.name() + " · " + failed.size() + (failed.size() == 1 ? " does" : " do") + " not hold"));
        failed.forEach(r -> entry(r, style, r.evidence() + expiredWaiver(r)));
    }

    private static String expiredWaiver(ControlResult result) {
        return result.waiver()
                .filter(ControlResult.AppliedWaiver::expired)
                .map(w -> " [waiver of " + w.waiver().owner() + " expired " + day(w) + "]")
                .orElse("");
    }

    private static String day(ControlResult.AppliedWaiver waiver) {
        return waiver.waiver().expires().toString().substring(0, 10);
    }

    private void waived(AuditReport report) {
        List<ControlResult> waived = report.results().stream()
                .filter(r -> r.verdict() == Verdict.WAIVED)
                .toList();
        if (waived.isEmpty()) {
            return;
        }
        out.println();
        out.println(terminal.style(Style.UNSURE, "WAIVED " + waived.size()));
        for (ControlResult result : waived) {
            String by = result.waiver()
                    .map(w -> " [" + w.waiver().owner() + " until " + day(w) + ": "
                            + w.waiver().reason() + "]")
                    .orElse("");
            entry(result, Style.UNSURE, result.evidence() + by);
        }
    }

    private void entry(ControlResult result, Style style, String evidence) {
        String id = String.format("  %-8s ", result.control().id());
        String body = Wrap.hanging(
                result.control().title() + ": " + Wrap.shorten(evidence, EVIDENCE_LIMIT), INDENT, terminal.columns());
        out.println(terminal.style(style, id) + strong(body, result.control().title()));
    }

    /** The title in bold, on each line that it takes. */
    private String strong(String body, String title) {
        int end = 0;
        for (String word : title.split(" ")) {
            int at = body.indexOf(word, end);
            if (at < 0 || !body.substring(end, at).isBlank()) {
                return body;
            }
            end = at + word.length();
        }
        StringBuilder out = new StringBuilder();
        for (String line : body.substring(0, end).split("(?<=\n)")) {
            String text = line.strip();
            int from = line.indexOf(text);
            out.append(line, 0, from)
                    .append(terminal.style(Style.STRONG, text))
                    .append(line.substring(from + text.length()));
        }
        return out + body.substring(end);
    }

    private void notCovered(AuditReport report) {
        Map<String, List<String>> byReason = new TreeMap<>();
        for (ControlResult result : report.results()) {
            if (result.verdict() == Verdict.NOT_COVERED) {
                byReason.computeIfAbsent(reason(result), k -> new ArrayList<>())
                        .add(result.control().id());
            }
        }
        if (byReason.isEmpty()) {
            return;
        }
        out.println();
        out.println(terminal.style(
                Style.UNSURE, "NOT COVERED " + report.count(Verdict.NOT_COVERED) + " (could not be seen; not a pass)"));
        byReason.forEach((reason, ids) ->
                out.println("  " + Wrap.hanging(reason + ": " + String.join(" ", ids), 4, terminal.columns())));
    }

    /** Groups what has one cause, so that twenty controls which need root are one entry. */
    private static String reason(ControlResult result) {
        String evidence = result.evidence();
        return evidence.contains("run as root") ? "permission denied; run as root" : evidence;
    }

    private void summary(AuditReport report) {
        long judged = report.count(Verdict.PASS) + report.count(Verdict.FAIL) + report.count(Verdict.WAIVED);
        long applicable = judged + report.count(Verdict.NOT_COVERED);
        out.println();
        out.println("Coverage " + bar(judged, applicable) + " " + judged + " of " + applicable
                + " applicable controls judged");
        out.println(terminal.style(Style.GOOD, report.count(Verdict.PASS) + " pass") + " · "
                + terminal.style(Style.BAD, report.count(Verdict.FAIL) + " fail") + " · "
                + report.count(Verdict.WAIVED) + " waived · " + report.count(Verdict.NOT_COVERED) + " not covered · "
                + report.count(Verdict.NOT_APPLICABLE) + " not applicable"
                + (report.left().isEmpty() ? "" : " · " + report.left().size() + " left out by the profile"));
        report.results().stream()
                .filter(r -> r.verdict() == Verdict.FAIL)
                .max(java.util.Comparator.comparing(r -> r.control().severity()))
                .ifPresent(r -> out.println(terminal.style(
                        Style.QUIET,
                        "Why, and the fix: ringfence audit " + r.control().id())));
    }

    private String bar(long part, long whole) {
        int width = 20;
        int full = whole == 0 ? 0 : (int) (part * width / whole);
        return terminal.style(Style.GOOD, "█".repeat(full)) + terminal.style(Style.QUIET, "░".repeat(width - full));
    }
}
