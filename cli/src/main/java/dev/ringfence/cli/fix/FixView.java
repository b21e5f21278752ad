package dev.ringfence.cli.fix;

import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.Step;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan as a person reviews it. */
final class FixView {
    private static final int LABEL = 10;
    private static final int INDENT = 2;

    private final Terminal terminal;
    private final PrintStream out;

    /** What has been said already, and by which step; a control's advice is shown once. */
    private final Map<String, Integer> said = new HashMap<>();

    /** Writes to the terminal's output, in its width. */
    FixView(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    /**
     * The overview, and the steps.
     *
     * @param whole whether each step is shown in full
     */
    void write(FixPlan plan, boolean whole) {
        String where = plan.target().root().equals("/")
                ? ""
                : " below " + plan.target().root();
        out.println(terminal.style(
                Style.STRONG,
                wrapped("Plan " + plan.id().abbreviated() + " for "
                        + plan.target().host() + where)));
        out.println(wrapped("made " + plan.createdAt().truncatedTo(ChronoUnit.SECONDS) + " by ringfence "
                + plan.version() + ", profile " + plan.profile()));
        if (plan.steps().isEmpty() && plan.manual().isEmpty()) {
            out.println();
            out.println("Nothing to do.");
            return;
        }
        overview(plan);
        if (whole) {
            for (Step step : plan.steps()) {
                writeStep(step);
            }
        }
        manual(plan.manual(), whole);
    }

    private void overview(FixPlan plan) {
        Map<Fix.Reach, Integer> counts = new EnumMap<>(Fix.Reach.class);
        plan.steps().forEach(s -> counts.merge(s.reach(), 1, Integer::sum));
        out.println();
        out.println(count(plan.steps().size(), "step") + " by program"
                + (counts.isEmpty()
                        ? ""
                        : ": "
                                + counts.entrySet().stream()
                                        .map(e -> e.getValue() + " " + lower(e.getKey()))
                                        .collect(Collectors.joining(", ")))
                + "; " + count(plan.manual().size(), "finding") + " by hand");
        for (Step step : plan.steps()) {
            String mark = String.format("%4d  %-6s ", step.number(), lower(step.reach()));
            out.println(mark + Wrap.hanging(printable(step.title()), mark.length(), terminal.columns()));
        }
        Map<String, Step.Disturbance.How> disturbed = new TreeMap<>();
        plan.steps().stream()
                .flatMap(s -> s.disturbs().stream())
                .forEach(d -> disturbed.merge(d.guest(), d.how(), (a, b) -> a.compareTo(b) > 0 ? a : b));
        out.println();
        String names = disturbed.isEmpty()
                ? "No running guest is disturbed."
                : "Running guests that are disturbed: "
                        + disturbed.entrySet().stream()
                                .map(e -> e.getKey() + " (" + how(e.getValue()) + ")")
                                .collect(Collectors.joining(", "))
                        + ".";
        out.println(wrapped(names));
    }

    /** One step in full. */
    void writeStep(Step step) {
        out.println();
        out.println(terminal.style(
                Style.STRONG,
                Wrap.hanging("Step " + step.number() + "  " + printable(step.title()), 2, terminal.columns())));
        field("for", String.join(" ", step.controls()));
        field("reach", lower(step.reach()) + ": " + reach(step.reach()));
        field("guests", guests(step));
        for (Step.UnitRestart restart : step.restarts()) {
            field(restart.reload() ? "reload" : "restart", restart.unit() + ", only when asked");
        }
        field("cost", step.cost().isEmpty() ? "none known" : step.cost());
        field("undo", step.undo().text() + undoNote(step.undo()));
        for (Step.Precondition precondition : step.preconditions()) {
            switch (precondition) {
                case Step.Precondition.Unchanged(String path, var state) -> field("needs", path + " unchanged");
                case Step.Precondition.ProgramThere(String program) -> field("needs", "the program " + program);
                case Step.Precondition.Reviewed(String text) -> {
                    Integer before = said.putIfAbsent(text, step.number());
                    String once = text.split(":", 2)[0] + ": as in step " + before;
                    field("consider", before == null ? text : once);
                }
            }
        }
        action(step.action());
    }

    private void action(Action action) {
        switch (action) {
            case Action.EditFile edit -> {
                edit.checks().forEach(c -> field("check", c.argv().toString()));
                edit.regenerate().forEach(r -> field("then", r.toString()));
                boolean kept = edit.before() instanceof dev.ringfence.core.fix.FileState.Present present
                        && present.attributes().equals(edit.attributes());
                if (!kept) {
                    field("file", edit.attributes().toString());
                }
                diff(edit.diff());
            }
            case Action.SetKernelValue value ->
                field("change", value.path() + ": '" + value.before() + "' → '" + value.after() + "'");
            case Action.SetFileAttributes attributes ->
                attributes.changes().forEach(c -> field("change", c.path() + ": " + c.before() + " → " + c.after()));
            case Action.SetSelinuxBoolean selinux ->
                field("change", selinux.name() + ": " + onOff(selinux.before()) + " → " + onOff(selinux.after()));
            case Action.ChangeUnit unit ->
                field("change", unit.unit() + ": " + lower(unit.before()) + " → " + lower(unit.verb()));
            case Action.RunCommand command -> field("run", command.argv().toString());
            case Action.EditDomain domain -> diff(domain.diff());
            case Action.ChangePackage change ->
                field(
                        "change",
                        lower(change.verb()) + " " + change.name()
                                + change.before().map(v -> ", now " + v).orElse(", now not installed"));
        }
    }

    private void diff(String diff) {
        for (String line : diff.lines().toList()) {
            Style style = line.startsWith("+") ? Style.GOOD : line.startsWith("-") ? Style.POOR : Style.QUIET;
            String text = printable(line.replace("\t", "    "));
            for (int at = 0; at == 0 || at < text.length(); ) {
                int width = terminal.columns() - INDENT - (at == 0 ? 0 : 1);
                int end = Math.min(text.length(), at + width);
                // A line that goes on is marked, so that it is not taken for one of its own.
                String piece = (at == 0 ? "" : "›") + text.substring(at, end);
                out.println(" ".repeat(INDENT) + (style == Style.QUIET ? piece : terminal.style(style, piece)));
                at = Math.max(end, at + 1);
            }
        }
    }

    private void manual(List<ManualStep> steps, boolean whole) {
        if (steps.isEmpty()) {
            return;
        }
        out.println();
        out.println(terminal.style(Style.STRONG, "By hand"));
        for (ManualStep step : steps) {
            String head = step.control() + "  " + lower(step.reach()) + "  ";
            out.println("  " + head + Wrap.hanging(printable(step.title()), 2 + head.length(), terminal.columns()));
            if (whole) {
                List<String> lines = new ArrayList<>(List.of("why: " + step.why(), "do: " + step.what()));
                if (!step.subjects().isEmpty()) {
                    lines.add("concerns: " + String.join(", ", step.subjects()));
                }
                lines.forEach(l -> out.println("    " + Wrap.hanging(printable(l), 6, terminal.columns())));
            }
        }
    }

    private void field(String label, String text) {
        String start = " ".repeat(INDENT) + label + " ".repeat(Math.max(1, LABEL - label.length()));
        out.println(start + Wrap.hanging(printable(text), start.length(), terminal.columns()));
    }

    private String wrapped(String text) {
        return Wrap.hanging(printable(text), 0, terminal.columns());
    }

    private static String guests(Step step) {
        return step.disturbs().isEmpty()
                ? "none disturbed"
                : step.disturbs().stream()
                        .map(d -> d.guest() + " " + how(d.how()))
                        .collect(Collectors.joining(", "));
    }

    private static String how(Step.Disturbance.How how) {
        return switch (how) {
            case NEEDS_RESTART -> "needs a restart, or to migrate away and back";
            case HOST_RESTARTS -> "must move away: the host restarts";
        };
    }

    private static String undoNote(Step.Undo undo) {
        return switch (undo.kind()) {
            case AUTOMATIC -> "";
            case WITH_RESTART -> " (not by a rollback alone)";
            case NONE -> " (a rollback does not take it back)";
        };
    }

    private static String reach(Fix.Reach reach) {
        return switch (reach) {
            case LIVE -> "takes effect at once, nothing restarts";
            case DAEMON -> "a daemon restarts, guests keep running";
            case GUEST -> "guests have it after a restart or a migration";
            case REBOOT -> "the host restarts";
            case BUILD -> "a package is replaced";
        };
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private static String count(int n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Texts come from hosts and from files: what would steer a terminal is shown as a question mark. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> shown.appendCodePoint(
                        Character.isISOControl(c)
                                        || Character.getType(c) == Character.FORMAT
                                        || Character.getType(c) == Character.SURROGATE
                                        || Character.getType(c) == Character.LINE_SEPARATOR
                                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                                ? '?'
                                : c));
        return shown.toString();
    }
}
