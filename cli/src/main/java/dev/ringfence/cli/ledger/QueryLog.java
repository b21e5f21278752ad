package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.index.Answer;
import dev.ringfence.ledger.index.LeafIndex;
import dev.ringfence.ledger.index.Query;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafKind;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.StoredTiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds leaves. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Find leaves by subject, kind and time; each comes with the index that 'prove' takes.",
        footer = {
            "",
            "Exit status: 0 answered (also with nothing), 2 usage, 3 could not run.",
            "Uses an index in DIR/.index, which can be removed at any time and is made again.",
            "",
            "Examples:",
            "  ringfence ledger query DIR --subject 3f0c8a52-9f4e-4f5e-9d7a-2c1f6a3b5e10",
            "  ringfence ledger query DIR --kind vm.start --since 2026-03-01T00:00:00Z --format json"
        })
final class QueryLog implements Callable<Integer> {
    private static final int ANSWER_LEAVES = 1000;

    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The log.")
    private Path directory = Path.of("");

    @Option(names = "--subject", paramLabel = "S", description = "Leaves about this subject.")
    private @Nullable String subject;

    @Option(names = "--kind", paramLabel = "K", description = "Leaves of this kind, such as vm.start.")
    private @Nullable String kind;

    @Option(names = "--since", paramLabel = "T", description = "Leaves of this time or later: 2026-03-01T00:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "Leaves before this time.")
    private @Nullable String until;

    @Option(names = "--limit", paramLabel = "N", description = "At most this many (default: all).")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--index-dir", paramLabel = "DIR", description = "Where the index is (default: DIR/.index).")
    private @Nullable Path indexDirectory;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    QueryLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (limit < 1) {
            throw CommandFailure.usage("--limit: a number from 1, not " + limit);
        }
        Query query = query();
        long size = Inputs.checkpoint(directory).checkpoint().size();
        Path place = indexDirectory == null ? directory.resolve(".index") : indexDirectory;
        Files.createDirectories(place);
        LeafIndex index = new LeafIndex(new StoredTiles(new DirectoryStorage(directory)), new DirectoryStorage(place));
        try (Progress progress = new Progress(terminal)) {
            progress.step("reading what the index does not have yet");
            for (Refusal rebuilt : index.update(size)) {
                terminal.err().println("ringfence: " + rebuilt);
            }
        }
        long left = limit;
        Answer answer;
        do {
            answer = index.find(query.atMost((int) Math.min(left, ANSWER_LEAVES)));
            answer.hits().forEach(this::print);
            left -= answer.hits().size();
            query = query.from(answer.next());
        } while (!answer.isComplete() && left > 0);
        if (answer.unreadable() > 0) {
            terminal.err()
                    .println("ringfence: " + answer.unreadable() + " entries of " + directory
                            + " are no leaves that can be searched");
        }
        return ExitStatus.CLEAN;
    }

    private Query query() throws CommandFailure {
        Query query = Query.all();
        if (subject != null) {
            query = query.about(subject);
        }
        if (kind != null) {
            query = query.of(LeafKind.of(kind)
                    .orElseThrow(() -> CommandFailure.usage("--kind: '" + kind + "' is none of "
                            + Arrays.stream(LeafKind.values())
                                    .map(LeafKind::text)
                                    .collect(Collectors.joining(", ")))));
        }
        if (since != null) {
            query = query.since(time("--since", since));
        }
        return until == null ? query : query.until(time("--until", until));
    }

    private static Instant time(String option, String text) throws CommandFailure {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw CommandFailure.usage(option + ": a time such as 2026-03-01T00:00:00Z, not '" + text + "'");
        }
    }

    private void print(Answer.Hit hit) {
        Leaf leaf = hit.leaf();
        terminal.out()
                .println(
                        switch (format) {
                            case TEXT ->
                                hit.index() + "  " + leaf.time() + "  "
                                        + leaf.kind().text() + "  " + leaf.subject() + "  by " + leaf.actor();
                            // The bytes of a leaf are canonical JSON already.
                            case JSON ->
                                "{\"index\":" + hit.index() + ",\"leaf\":"
                                        + new String(leaf.bytes(), StandardCharsets.UTF_8) + "}";
                        });
    }
}
