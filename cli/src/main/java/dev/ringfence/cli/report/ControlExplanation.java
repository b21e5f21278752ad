package dev.ringfence.cli.report;

import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** One control in full: what was read, why it matters, the exact fix. */
public final class ControlExplanation {
    private static final int INDENT = 2;

    private final Terminal terminal;
    private final PrintStream out;

    /** Writes to the terminal's output, in its width. */
    public ControlExplanation(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    /** What the control says of a host. */
    public void write(ControlResult result) {
        head(result.control());
        section("Here: " + text(result.verdict()), style(result.verdict()));
        paragraph(result.evidence());
        for (ControlResult.SubjectResult subject : result.subjects()) {
            paragraph(terminal.style(style(subject.verdict()), text(subject.verdict())) + "  " + subject.subject()
                    + ": " + subject.evidence());
        }
        result.waiver()
                .ifPresent(w -> paragraph((w.expired() ? "Expired waiver" : "Waiver") + " of "
                        + w.waiver().owner() + " until " + w.waiver().expires() + ": "
                        + w.waiver().reason()));
        if (!result.sources().isEmpty()) {
            section("Read", Style.STRONG);
            result.sources().forEach(s -> paragraph(s.where() + " (" + s.how() + ")"));
        }
        tail(result.control());
    }

    /** The control alone, without a host. */
    public void write(Control control) {
        head(control);
        tail(control);
    }

    private void head(Control control) {
        out.println(terminal.style(Style.STRONG, control.id() + "  " + control.title()));
        out.println(lower(control.severity()) + " · " + list(control.threats()) + " · " + list(control.stride())
                + " · from profile " + lower(control.profile()));
    }

    private void tail(Control control) {
        section("Why it matters", Style.STRONG);
        paragraph(control.rationale());
        section("Rule", Style.STRONG);
        if (!control.appliesWhen().isEmpty()) {
            paragraph("applies when  " + control.appliesWhen());
        }
        if (control.judgesEach()) {
            paragraph("for each  " + control.as() + " in " + control.each());
        }
        paragraph(control.rule());
        Fix fix = control.fix();
        section("Fix (" + lower(fix.reach()) + ": " + reach(fix.reach()) + ")", Style.STRONG);
        paragraph(fix.summary());
        for (Fix.Change change : fix.changes()) {
            paragraph(lower(change.kind()) + "  " + change.target()
                    + (change.value().isEmpty() ? "" : "  →  " + change.value()));
        }
        if (!fix.cost().isEmpty()) {
            paragraph("Cost: " + fix.cost());
        }
        section("References", Style.STRONG);
        control.references().forEach(this::paragraph);
    }

    private void section(String title, Style style) {
        out.println();
        out.println(terminal.style(style, title));
    }

    private void paragraph(String text) {
        out.println(" ".repeat(INDENT) + Wrap.hanging(text, INDENT + 2, terminal.columns()));
    }

    private static String reach(Fix.Reach reach) {
        return switch (reach) {
            case LIVE -> "takes effect at once, nothing restarts";
            case DAEMON -> "a daemon restarts, guests keep running";
            case GUEST -> "guests restart, or move away and back";
            case REBOOT -> "the host restarts";
            case BUILD -> "a package is replaced";
        };
    }

    private static String list(List<? extends Enum<?>> constants) {
        return String.join(
                ", ", constants.stream().map(ControlExplanation::lower).toList());
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(Verdict verdict) {
        return lower(verdict).replace('-', ' ');
    }

    private static Style style(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Style.GOOD;
            case FAIL -> Style.BAD;
            case WAIVED, NOT_COVERED -> Style.UNSURE;
            case NOT_APPLICABLE -> Style.QUIET;
        };
    }
}
