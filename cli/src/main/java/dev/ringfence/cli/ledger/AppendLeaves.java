package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.log.Append;
import dev.ringfence.ledger.log.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Appends leaves. */
@Command(
        name = "append",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Append leaves, one JSON object a line, and print the index of each as soon as it is durable.",
        footer = {
            "",
            "Exit status: 0 all are in the log, 1 one was refused, 2 usage, 3 could not run.",
            "Reading ends at the first line that is refused; what has an index stands under a published",
            "checkpoint, on the disk. Lines that come together share one checkpoint.",
            "",
            "A leaf: {\"kind\":\"vm.start\",\"actor\":\"nova\",\"subject\":\"UUID\",\"body\":{...}}; without \"time\" it is now.",
            "",
            "Examples:",
            "  ringfence ledger append DIR events.jsonl",
            "  produce-events | ringfence ledger append DIR"
        })
final class AppendLeaves implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "DIR", description = "The log.")
    private Path directory = Path.of("");

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "JSON lines, or - for standard input.")
    private String file = "-";

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    AppendLeaves(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        InputStream in = input();
        try (LogHome.Opened opened = open()) {
            LeafLines lines = LeafLines.start(in, opened.log());
            while (true) {
                if (lines.isEmpty()) {
                    terminal.out().flush();
                }
                switch (lines.next()) {
                    case LeafLines.Line line -> {
                        print(line);
                        lines.answered(line);
                    }
                    case LeafLines.Broken(IOException cause) ->
                        throw CommandFailure.couldNotRun(source() + ": cannot be read (" + cause.getMessage() + ")");
                    case LeafLines.End() -> {
                        return ExitStatus.CLEAN;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.couldNotRun("append: interrupted");
        } finally {
            terminal.out().flush();
        }
    }

    private LogHome.Opened open() throws CommandFailure, IOException {
        try (Progress progress = new Progress(terminal)) {
            progress.step("opening " + directory);
            return LogHome.of(directory.toAbsolutePath().normalize()).open(terminal);
        }
    }

    private InputStream input() throws CommandFailure {
        if (file.equals("-")) {
            return System.in;
        }
        try {
            return Files.newInputStream(Path.of(file));
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    file + ": cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private String source() {
        return file.equals("-") ? "standard input" : file;
    }

    private void print(LeafLines.Line line) throws CommandFailure, InterruptedException {
        if (!line.answer().isDone()) {
            terminal.out().flush();
        }
        String object = source() + " line " + line.number();
        try {
            switch (line.answer().get()) {
                case Append.Accepted accepted -> print(line.number(), accepted);
                case Append.Unpublished unpublished -> throw Refusals.failure(object, unpublished.why());
                case Append.Refused refused -> throw Refusals.failure(object, refused.why());
            }
        } catch (ExecutionException e) {
            throw CommandFailure.couldNotRun(object + ": the storage failed ("
                    + (e.getCause() instanceof StorageException broken ? broken.getMessage() : e)
                    + "); whether the leaf is in the log is known when it is opened again");
        }
    }

    private void print(long number, Append.Accepted accepted) {
        terminal.out()
                .println(
                        switch (format) {
                            case TEXT -> String.valueOf(accepted.index());
                            case JSON ->
                                new JsonLine()
                                        .with("line", number)
                                        .with("index", accepted.index())
                                        .with("checkpointSize", accepted.checkpointSize())
                                        .toString();
                        });
    }
}
