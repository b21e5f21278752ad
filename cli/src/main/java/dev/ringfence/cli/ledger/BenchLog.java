package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.leaf.Content;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafKind;
import dev.ringfence.ledger.log.LoadGenerator;
import dev.ringfence.ledger.log.Log;
import dev.ringfence.ledger.log.LogSettings;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures durable appends. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measure durable single-leaf appends: many submitters, each waiting for its published checkpoint.",
        footer = {
            "",
            "Exit status: 0 measured, 1 refused, 2 usage, 3 could not run.",
            "Makes a log with a key that is thrown away; the files stay in DIR.",
            "",
            "Examples:",
            "  ringfence ledger bench /disk/to/measure/log",
            "  ringfence ledger bench DIR --submitters 64 --appends 200000 --format json"
        })
final class BenchLog implements Callable<Integer> {
    private static final int APPENDS_LIMIT = 50_000_000;

    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "An empty directory, or one to make, on the disk to measure.")
    private Path directory = Path.of("");

    @Option(names = "--submitters", paramLabel = "N", description = "Submitters at a time (default: 64).")
    private int submitters = 64;

    @Option(names = "--appends", paramLabel = "N", description = "Leaves in all (default: 100000).")
    private int appends = 100_000;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    BenchLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (submitters < 1 || appends < submitters || appends > APPENDS_LIMIT) {
            throw CommandFailure.usage("bench: --submitters from 1, and --appends from that to " + APPENDS_LIMIT);
        }
        Path log = directory.toAbsolutePath().normalize();
        SignerKey key =
                SignerKey.generate("bench.invalid/log", SignatureType.ED25519).orThrow();
        LogSettings settings = LogSettings.of(log, log.resolveSibling(log.getFileName() + ".last-signed"), key);
        LoadGenerator.Result result;
        try (Progress progress = new Progress(terminal);
                Log opened = Refusals.unwrap(directory.toString(), Log.create(settings))) {
            progress.step("appending " + appends + " leaves");
            result = new LoadGenerator(opened, BenchLog::leaf).run(submitters, appends);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.couldNotRun("bench: interrupted");
        }
        switch (format) {
            case TEXT ->
                terminal.out()
                        .printf(
                                Locale.ROOT,
                                "%d leaves, %d submitters: %.0f durable appends/s, p50 %.2f ms, p99 %.2f ms, worst %.1f ms%n",
                                result.appends(),
                                submitters,
                                result.appendsPerSecond(),
                                result.p50Millis(),
                                result.p99Millis(),
                                result.worstMillis());
            case JSON ->
                terminal.out()
                        .println(new JsonLine()
                                .with("appends", result.appends())
                                .with("submitters", submitters)
                                .with("appendsPerSecond", Math.round(result.appendsPerSecond()))
                                .with("p50Micros", Math.round(result.p50Millis() * 1000))
                                .with("p99Micros", Math.round(result.p99Millis() * 1000))
                                .with("worstMicros", Math.round(result.worstMillis() * 1000)));
        }
        return ExitStatus.CLEAN;
    }

    /** A leaf of about 250 bytes, as an instance's start leaves one. */
    private static byte[] leaf(long number) {
        return new Leaf(
                        LeafKind.VM_START,
                        Instant.ofEpochSecond(1_780_000_000L + number / 100),
                        "nova-compute",
                        new UUID(0x3f0c8a529f4e4f5eL, number).toString(),
                        new Content.Body(new Json.Members(Map.of(
                                "host", new Json.Characters("hv-" + number % 1000),
                                "image", new Json.Characters("sha256:" + "0123456789abcdef".repeat(4)),
                                "tenant", new Json.Characters("tenant-" + number % 97)))))
                .bytes();
    }
}
