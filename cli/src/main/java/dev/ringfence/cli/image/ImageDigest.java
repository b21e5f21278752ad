package dev.ringfence.cli.image;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.image.Sha256;
import dev.ringfence.linux.image.FileDigests;
import dev.ringfence.linux.image.FileHashing;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The digests that a manifest names. */
@Command(
        name = "digest",
        mixinStandardHelpOptions = true,
        description = "Print the SHA-256 of a file and the digest that fs-verity has for it, of one reading.",
        footer = {
            "",
            "A line for each file: sha256:HEX verity-sha256:HEX SIZE FILE",
            "The second is what fsverity digest prints and the kernel measures: SHA-256, blocks of 4096 bytes, no salt.",
            "",
            "Exit status: 0 all were read, 2 usage, 3 a file cannot be read.",
            "",
            "Examples:",
            "  ringfence image digest disk.qcow2",
            "  ringfence image digest --only verity disk.qcow2      as fast as all cores together"
        })
final class ImageDigest implements Callable<Integer> {
    /** More threads would wait for the disk, and take memory. */
    private static final int THREAD_LIMIT = 16;

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Regular files, no symbolic links.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "DIGEST",
            description = "sha256 or verity. Without it both, which takes as long as sha256 alone.")
    private @Nullable Only only;

    enum Only {
        SHA256,
        VERITY
    }

    ImageDigest(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        int threads = Math.min(THREAD_LIMIT, Runtime.getRuntime().availableProcessors());
        FileDigests.Wanted wanted = switch (only) {
            case null -> FileDigests.Wanted.BOTH;
            case SHA256 -> FileDigests.Wanted.SHA256;
            case VERITY -> FileDigests.Wanted.VERITY;
        };
        try (Progress progress = new Progress(terminal)) {
            for (Path file : files) {
                FileDigests digests = digests(file, wanted, threads, progress);
                terminal.out().println(line(digests, file));
            }
        }
        return ExitStatus.CLEAN;
    }

    private static FileDigests digests(Path file, FileDigests.Wanted wanted, int threads, Progress progress)
            throws CommandFailure {
        progress.step("hashing " + printable(file));
        try {
            return FileHashing.of(
                    file,
                    wanted,
                    threads,
                    done -> progress.step("hashing " + printable(file) + ", " + (done >> 20) + " MiB"));
        } catch (NoSuchFileException e) {
            throw CommandFailure.couldNotRun(printable(file) + ": no such file");
        } catch (AccessDeniedException e) {
            throw CommandFailure.couldNotRun(printable(file) + ": permission denied");
        } catch (FileSystemException e) {
            throw CommandFailure.couldNotRun(
                    printable(file) + ": " + (e.getReason() == null ? "cannot be read" : e.getReason()));
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(printable(file) + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.couldNotRun(printable(file) + ": interrupted");
        }
    }

    private static String line(FileDigests digests, Path file) {
        StringBuilder line = new StringBuilder();
        Sha256 whole = digests.sha256();
        if (whole != null) {
            line.append("sha256:").append(whole).append(' ');
        }
        Sha256 verity = digests.veritySha256();
        if (verity != null) {
            line.append("verity-sha256:").append(verity).append(' ');
        }
        return line.append(digests.sizeBytes())
                .append(' ')
                .append(printable(file))
                .toString();
    }

    /** A name with a line end could pass for another line. */
    private static String printable(Path file) {
        return file.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
