package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.fsck.Fault;
import dev.ringfence.ledger.fsck.Fsck;
import dev.ringfence.ledger.fsck.FsckReport;
import dev.ringfence.ledger.leaf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks every file of a log. */
@Command(
        name = "fsck",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Derive the whole log again from its entries and name every file that is wrong.",
        footer = {
            "",
            "Exit status: 0 sound, 1 not sound, 2 usage, 3 could not run.",
            "Shares no code with what writes the log. The same without this program: java -jar ledger.jar fsck.",
            "",
            "Examples:",
            "  ringfence ledger fsck /var/lib/ledger --key ledger.key.pub",
            "  ringfence ledger fsck /var/lib/ledger --key ledger.key.pub --last-signed ledger.last-signed"
        })
final class CheckLog implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The log.")
    private Path directory = Path.of("");

    @Option(
            names = "--key",
            required = true,
            paramLabel = "PUB",
            description = "Public key of the log: the .pub file, or its text.")
    private String key = "";

    @Option(names = "--last-signed", paramLabel = "FILE", description = "The last signed checkpoint, kept elsewhere.")
    private @Nullable Path lastSigned;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    CheckLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (!Files.isDirectory(directory)) {
            throw CommandFailure.couldNotRun(directory + ": is no directory");
        }
        String vkey = Inputs.key(key).vkey();
        Fsck fsck = (lastSigned == null ? Fsck.of(directory, vkey) : Fsck.of(directory, vkey, lastSigned))
                .orElseThrow(() -> CommandFailure.usage("--key: " + key + " is no key of a log"));
        FsckReport report;
        try (Progress progress = new Progress(terminal)) {
            progress.step("checking " + directory);
            report = fsck.run();
        }
        switch (format) {
            case TEXT -> text(report);
            case JSON -> terminal.out().println(json(report));
        }
        return report.isSound() ? ExitStatus.CLEAN : ExitStatus.FINDINGS;
    }

    private void text(FsckReport report) {
        report.faults().forEach(fault -> terminal.out().println(fault));
        String strays = report.strays() == 0 ? "" : ", " + report.strays() + " files beside them";
        if (report.isSound()) {
            terminal.out()
                    .println("sound: " + report.size() + " leaves of " + report.origin() + ", root " + report.root()
                            + " (" + report.files() + " files, " + report.readBytes() + " bytes" + strays + ")");
        } else {
            String count = report.faults().size() == Fsck.FAULT_LIMIT ? "at least " : "";
            terminal.out()
                    .println("not sound: " + count + report.faults().size() + " faults in " + directory + strays
                            + ". Restore the named files from a copy; keep the damaged ones as evidence.");
        }
    }

    private static JsonLine json(FsckReport report) {
        return new JsonLine()
                .with("sound", report.isSound())
                .with("origin", report.origin())
                .with("size", report.size())
                .with("root", report.root())
                .with("files", report.files())
                .with("readBytes", report.readBytes())
                .with("strays", report.strays())
                .with("faults", report.faults().stream().map(CheckLog::json).toList());
    }

    private static Json json(Fault fault) {
        return new JsonLine()
                .with("code", fault.code())
                .with("file", fault.file())
                .with("offsetBytes", fault.offsetBytes())
                .with("reason", fault.reason())
                .value();
    }
}
