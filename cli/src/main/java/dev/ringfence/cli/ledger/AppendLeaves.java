package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafText;
import dev.ringfence.ledger.log.Append;
import dev.ringfence.ledger.log.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        String source = file.equals("-") ? "standard input" : file;
        try (InputStream in = input();
                LogHome.Opened opened = open();
                AppendedLines answers = new AppendedLines(terminal, format)) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
            long number = 0;
            while (!answers.hasFailed()) {
                Optional<String> line = line(lines);
                if (line.isEmpty()) {
                    break;
                }
                number++;
                if (line.get().isBlank()) {
                    continue;
                }
                String object = source + " line " + number;
                switch (LeafText.parse(line.get(), Instant.now())) {
                    case Parsed.Refused<Leaf>(Refusal why) -> answers.refuse(object, why);
                    case Parsed.Value<Leaf>(Leaf leaf) -> submit(opened.log(), leaf, object, number, answers);
                }
            }
            Optional<CommandFailure> failure = answers.end();
            if (failure.isPresent()) {
                throw failure.get();
            }
            return ExitStatus.CLEAN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private LogHome.Opened open() throws CommandFailure, IOException {
        try (Progress progress = new Progress(terminal)) {
            progress.step("opening " + directory);
            return LogHome.of(directory.toAbsolutePath().normalize()).open(terminal);
        }
    }

    /** Waits for room when too much waits already. */
    private static void submit(Log log, Leaf leaf, String object, long number, AppendedLines answers)
            throws InterruptedException {
        byte[] bytes = leaf.bytes();
        while (!answers.hasFailed()) {
            var answer = log.submit(bytes);
            boolean full = answer.isDone()
                    && !answer.isCompletedExceptionally()
                    && answer.join() instanceof Append.Refused(Refusal why)
                    && why.code().equals("RF-LDG-101");
            if (!full) {
                answers.add(new AppendedLines.Line(object, number, answer));
                return;
            }
            answers.awaitOne();
        }
    }

    private InputStream input() throws CommandFailure {
        if (file.equals("-")) {
            return System.in;
        }
        try {
            return Files.newInputStream(Path.of(file));
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(file + ": cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** The next line, cut where it is longer than any leaf can be, which then is refused. */
    private static Optional<String> line(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return Optional.empty();
        }
        while (c >= 0 && c != '\n') {
            if (line.length() <= LeafText.LINE_LIMIT) {
                line.append((char) c);
            }
            c = in.read();
        }
        return Optional.of(line.toString());
    }
}
