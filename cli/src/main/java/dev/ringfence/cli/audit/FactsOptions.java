package dev.ringfence.cli.audit;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Progress;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import dev.ringfence.linux.capture.Capture;
import dev.ringfence.linux.capture.RemoteCapture;
import dev.ringfence.wire.facts.FactsJson;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where facts come from: this host unless an option names something else. */
final class FactsOptions {
    @ArgGroup(exclusive = true)
    private @Nullable Origin origin;

    private static final class Origin {
        @Option(
                names = "--root",
                paramLabel = "DIR|TAR",
                description = "Judge a mounted or captured file tree, or a capture made by collect.sh.")
        private @Nullable Path root;

        @Option(
                names = "--ssh",
                paramLabel = "USER@HOST",
                description = "Judge another host: a collector that changes nothing is sent through ssh.")
        private @Nullable String ssh;

        @Option(names = "--facts", paramLabel = "FILE", description = "Judge facts that 'ringfence facts' wrote.")
        private @Nullable Path facts;
    }

    boolean given() {
        return origin != null;
    }

    /** Reads the facts. */
    HostFacts read(Progress progress, Instant now) throws CommandFailure, IOException {
        if (origin == null) {
            progress.step("reading this host");
            return HostObservation.observe(HostFiles.live(), "live", now);
        }
        if (origin.facts != null) {
            return readJson(origin.facts);
        }
        if (origin.ssh != null) {
            progress.step("reading " + origin.ssh);
            try (Capture capture = RemoteCapture.over(origin.ssh)) {
                return HostObservation.observe(HostFiles.tree(capture.root()), "ssh", now);
            } catch (Capture.Failure e) {
                throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()));
            }
        }
        Path root = java.util.Objects.requireNonNull(origin.root);
        progress.step("reading " + root);
        if (Files.isDirectory(root)) {
            return HostObservation.observe(HostFiles.tree(root), "tree", now);
        }
        if (!Files.exists(root)) {
            throw CommandFailure.couldNotRun(root + ": no such directory or capture");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(root));
                Capture capture = Capture.unpack(in)) {
            return HostObservation.observe(HostFiles.tree(capture.root()), "capture", now);
        } catch (Capture.Failure e) {
            throw CommandFailure.couldNotRun(root + ": " + e.getMessage());
        }
    }

    private static HostFacts readJson(Path file) throws CommandFailure, IOException {
        if (!Files.exists(file)) {
            throw CommandFailure.couldNotRun(file + ": no such file; make it with 'ringfence facts > " + file + "'");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return FactsJson.read(in, file.toString());
        } catch (MalformedDocumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }
}
