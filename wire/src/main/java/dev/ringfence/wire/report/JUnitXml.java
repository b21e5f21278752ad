package dev.ringfence.wire.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.wire.json.Utf8Writer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.time.temporal.ChronoUnit;

/**
 * Reports as JUnit XML, which every build server shows. One suite, one test case for each control. A failed control is a
 * failure; a waived one, one that does not apply, and one that could not be observed are skipped, with a message that
 * begins with that word. So a build that must not go on with unobserved controls has to look at the exit status of the
 * audit, not at this file alone: JUnit has no outcome between passed and failed but skipped. Thread-safe.
 */
public final class JUnitXml {
    private JUnitXml() {}

    /**
     * Writes a report. Equal reports give equal bytes. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(AuditReport report, String toolVersion, OutputStream out) throws IOException {
        Writer xml = Utf8Writer.over(out);
        long skipped =
                report.count(Verdict.NOT_APPLICABLE) + report.count(Verdict.NOT_COVERED) + report.count(Verdict.WAIVED);
        String counts = " tests=\"" + report.results().size() + "\" failures=\"" + report.count(Verdict.FAIL)
                + "\" errors=\"0\" skipped=\"" + skipped + "\" time=\"0\"";
        xml.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"Ringfence\"" + counts + ">\n");
        // The date type of the format has neither fractions nor a zone.
        String seconds = CalendarDates.text(report.observedAt().truncatedTo(ChronoUnit.SECONDS))
                .replace("Z", "");
        xml.write("  <testsuite" + attribute("name", "Ringfence " + report.profile() + " on " + report.host()) + counts
                + attribute("timestamp", seconds) + attribute("hostname", report.host()) + ">\n    <properties>\n");
        property(xml, "version", toolVersion);
        property(xml, "profile", report.profile());
        property(xml, "observer", report.observer());
        property(xml, "observedAt", report.observedAt().toString());
        for (var left : new java.util.TreeMap<>(report.left()).entrySet()) {
            property(xml, "leftOut." + left.getKey(), left.getValue());
        }
        xml.write("    </properties>\n");
        for (ControlResult result : report.results()) {
            testCase(xml, report, result);
        }
        xml.write("  </testsuite>\n</testsuites>\n");
        xml.flush();
    }

    private static void property(Writer xml, String name, String value) throws IOException {
        xml.write("      <property" + attribute("name", name) + attribute("value", value) + "/>\n");
    }

    private static void testCase(Writer xml, AuditReport report, ControlResult result) throws IOException {
        Control control = result.control();
        xml.write("    <testcase" + attribute("classname", "ringfence." + report.profile())
                + attribute("name", control.id() + " " + control.title()) + " time=\"0\"");
        switch (result.verdict()) {
            case PASS -> xml.write("/>\n");
            case FAIL ->
                xml.write(">\n      <failure" + attribute("type", constantText(control.severity()))
                        + attribute("message", result.evidence()) + ">" + text(details(result))
                        + "</failure>\n    </testcase>\n");
            case WAIVED -> skipped(xml, "waived: " + waived(result));
            case NOT_COVERED -> skipped(xml, "not covered: " + result.evidence());
            case NOT_APPLICABLE -> skipped(xml, "not applicable: " + result.evidence());
        }
    }

    private static String waived(ControlResult result) {
        return result.waiver().map(w -> WaivedSubjects.sentence(w.waiver())).orElse("by a valid waiver") + ": "
                + result.evidence();
    }

    private static void skipped(Writer xml, String message) throws IOException {
        xml.write(">\n      <skipped" + attribute("message", message) + "/>\n    </testcase>\n");
    }

    private static String details(ControlResult result) {
        Control control = result.control();
        StringBuilder out = new StringBuilder(result.evidence()).append('\n');
        for (ControlResult.SubjectResult subject : result.subjects()) {
            out.append(subject.subject())
                    .append(": ")
                    .append(constantText(subject.verdict()))
                    .append(": ")
                    .append(subject.evidence())
                    .append('\n');
        }
        out.append('\n').append(control.rationale()).append("\n\nFix (reach: ");
        out.append(constantText(control.fix().reach()))
                .append("): ")
                .append(control.fix().summary())
                .append('\n');
        control.fix()
                .changes()
                .forEach(c -> out.append("  ").append(FixText.line(c)).append('\n'));
        return out.toString();
    }

    private static String attribute(String name, String value) {
        return " " + name + "=\""
                + text(value).replace("\"", "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") + "\"";
    }

    /** Character data: markup is escaped, and what XML 1.0 (2.2) does not allow becomes U+FFFD. */
    private static String text(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16);
        value.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '\r' -> out.append("&#13;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xfffd);
            }
        });
        return out.toString();
    }

    private static boolean isAllowed(int c) {
        return c == '\t'
                || c == '\n'
                || c >= 0x20 && c <= 0xd7ff
                || c >= 0xe000 && c <= 0xfffd
                || c >= 0x10000 && c <= 0x10ffff;
    }
}
