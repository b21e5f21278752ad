package dev.ringfence.cli.audit;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.audit.AuditDiff;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.JudgedControl;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.wire.json.MalformedDocumentException;
import dev.ringfence.wire.report.AuditDocument;
import dev.ringfence.wire.report.DiffJson;
import dev.ringfence.wire.report.ReportJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two audits of a host. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Compare two audits of a host, control by control: is it more or less secure than before?",
            "The attack-surface score adds the weights of what fails or is waived (critical 40, high 10, medium 3,"
                    + " low 1) and half the weight of what is not covered."
        },
        footer = {
            "",
            "Exit status: 0 not less secure, 1 something appeared, got worse or is no longer observed, 2 usage, 3 could not run.",
            "",
            "Examples:",
            "  ringfence audit --format json --out before.json",
            "  ringfence audit --format json --out after.json",
            "  ringfence diff before.json after.json"
        })
public final class DiffCommand implements Callable<Integer> {
    private static final int SIDE_LIMIT = 120;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "A report in JSON.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "A later report in JSON.")
    private Path after = Path.of("");

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (the default) or json.")
    private Format format = Format.TABLE;

    enum Format {
        TABLE,
        JSON
    }

    /** Reports on the given terminal. */
    public DiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        AuditDocument old = read(before);
        AuditDocument now = read(after);
        AuditDiff diff = AuditDiff.of(judged(old), judged(now));
        if (format == Format.JSON) {
            DiffJson.write(old, now, diff, terminal.out());
        } else {
            table(old, now, diff);
        }
        return diff.lessSecure() ? ExitStatus.FINDINGS : ExitStatus.CLEAN;
    }

    private static AuditDocument read(Path file) throws CommandFailure, IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.couldNotRun(
                    file + ": no such file; make it with 'ringfence audit --format json --out " + file + "'");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return ReportJson.read(in, file.toString());
        } catch (MalformedDocumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    private static List<JudgedControl> judged(AuditDocument document) {
        return document.controls().stream()
                .map(c -> new JudgedControl(
                        c.id(),
                        c.title(),
                        c.severity(),
                        c.verdict(),
                        c.evidence(),
                        c.subjects().stream()
                                .filter(s -> s.verdict() == Verdict.FAIL || s.verdict() == Verdict.WAIVED)
                                .map(ControlResult.SubjectResult::subject)
                                .toList()))
                .toList();
    }

    private void table(AuditDocument old, AuditDocument now, AuditDiff diff) {
        terminal.out()
                .println(terminal.style(
                        Style.STRONG,
                        (old.host().equals(now.host()) ? old.host() : old.host() + " and " + now.host()) + ": "
                                + old.observedAt().truncatedTo(ChronoUnit.SECONDS) + " to "
                                + now.observedAt().truncatedTo(ChronoUnit.SECONDS)));
        if (!old.profile().equals(now.profile())) {
            terminal.out()
                    .println(terminal.style(
                            Style.UNSURE,
                            "The profiles differ (" + old.profile() + ", " + now.profile()
                                    + "); the scores do not compare."));
        }
        AuditDiff.Kind section = null;
        for (AuditDiff.Change change : diff.changes()) {
            if (change.kind() != section) {
                section = change.kind();
                terminal.out().println();
                terminal.out()
                        .println(terminal.style(style(section), section.name().replace('_', ' ')));
            }
            String text = change.title() + " (" + change.severity().name().toLowerCase(Locale.ROOT) + "): "
                    + Wrap.shorten(change.before(), SIDE_LIMIT) + " → " + Wrap.shorten(change.after(), SIDE_LIMIT);
            terminal.out().printf("  %-8s %s%n", change.id(), Wrap.hanging(text, 11, terminal.columns()));
        }
        terminal.out().println();
        double change = diff.scoreAfter() - diff.scoreBefore();
        terminal.out()
                .println("Attack surface " + number(diff.scoreBefore()) + " → " + number(diff.scoreAfter()) + " ("
                        + (change > 0 ? "+" : "") + number(change) + ") · "
                        + diff.changes().size() + " changed, "
                        + diff.unchanged() + " unchanged");
    }

    private static String number(double score) {
        return score == Math.rint(score) ? String.valueOf((long) score) : String.format(Locale.ROOT, "%.1f", score);
    }

    private static Style style(AuditDiff.Kind kind) {
        return switch (kind) {
            case APPEARED, WORSE -> Style.BAD;
            case NO_LONGER_OBSERVED, GONE -> Style.UNSURE;
            case BETTER, FIXED, NEWLY_OBSERVED -> Style.GOOD;
        };
    }
}
