package dev.ringfence.cli.audit;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.RingfenceMain;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.report.HtmlReport;
import dev.ringfence.cli.report.TableReport;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.wire.report.JUnitXml;
import dev.ringfence.wire.report.OscalResults;
import dev.ringfence.wire.report.ReportJson;
import dev.ringfence.wire.report.Sarif;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a report is written: to the screen, and to any number of files. */
final class ReportOptions {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            split = ",",
            description =
                    "table (the default), json, sarif, oscal, junit or html. Repeatable; each takes the --out at its"
                            + " place, one is left for the screen.")
    private List<Format> formats = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write to FILE instead. Without --format its name tells:"
                    + " .json .sarif .oscal.json .junit.xml .html .txt")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--sarif-problems",
            description = "In SARIF leave out what passed or does not apply, for consumers that take every result for a"
                    + " problem, such as GitHub code scanning.")
    private boolean problemsOnly;

    /** Formats by the name that users type. */
    enum Format {
        TABLE,
        JSON,
        SARIF,
        OSCAL,
        JUNIT,
        HTML
    }

    private record Target(Format format, Optional<Path> file) {}

    /** Checks the combination before any work is done. */
    void check() throws CommandFailure {
        targets();
    }

    private List<Target> targets() throws CommandFailure {
        List<Target> targets = new ArrayList<>();
        if (formats.isEmpty()) {
            for (Path file : files) {
                targets.add(new Target(byName(file), Optional.of(file)));
            }
            targets.add(new Target(Format.TABLE, Optional.empty()));
            return targets;
        }
        if (files.size() > formats.size()) {
            throw CommandFailure.usage("more --out files than --format names; give one format for each file");
        }
        for (int i = 0; i < formats.size(); i++) {
            targets.add(new Target(formats.get(i), i < files.size() ? Optional.of(files.get(i)) : Optional.empty()));
        }
        if (targets.stream().filter(t -> t.file().isEmpty()).count() > 1) {
            throw CommandFailure.usage("several formats and one screen; give an --out FILE for all but one");
        }
        return targets;
    }

    private static Format byName(Path file) throws CommandFailure {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".oscal.json")) {
            return Format.OSCAL;
        }
        if (name.endsWith(".sarif") || name.endsWith(".sarif.json")) {
            return Format.SARIF;
        }
        if (name.endsWith(".json")) {
            return Format.JSON;
        }
        if (name.endsWith(".xml")) {
            return Format.JUNIT;
        }
        if (name.endsWith(".html") || name.endsWith(".htm")) {
            return Format.HTML;
        }
        if (name.endsWith(".txt")) {
            return Format.TABLE;
        }
        throw CommandFailure.usage(
                file + ": its name does not tell the format; add --format json (or sarif, oscal, junit, html)");
    }

    void write(AuditReport report, Terminal terminal) throws CommandFailure, IOException {
        for (Target target : targets()) {
            if (target.file().isEmpty()) {
                write(report, target.format(), terminal.out(), terminal, true);
                terminal.out().flush();
                continue;
            }
            Path file = target.file().get();
            // Aside, then renamed: a full disk leaves the old report, never half of a new one.
            Path aside = file.resolveSibling(file.getFileName() + ".part");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside))) {
                    write(report, target.format(), out, terminal, false);
                }
                Files.move(aside, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Files.deleteIfExists(aside);
                throw CommandFailure.couldNotRun(file + ": cannot be written: " + e.getMessage());
            }
        }
    }

    private void write(AuditReport report, Format format, OutputStream out, Terminal terminal, boolean screen)
            throws IOException {
        String version = RingfenceMain.version();
        switch (format) {
            case TABLE -> {
                Terminal target = new Terminal(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        terminal.err(),
                        screen && terminal.color(),
                        screen ? terminal.columns() : 100,
                        false);
                new TableReport(target).write(report);
                target.out().flush();
            }
            case JSON -> ReportJson.write(report, version, out);
            case SARIF -> {
                if (problemsOnly) {
                    Sarif.writeProblems(report, version, out);
                } else {
                    Sarif.write(report, version, out);
                }
            }
            case OSCAL -> OscalResults.write(report, version, out);
            case JUNIT -> JUnitXml.write(report, version, out);
            case HTML -> HtmlReport.write(report, version, out);
        }
    }
}
