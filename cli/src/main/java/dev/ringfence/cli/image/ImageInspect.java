package dev.ringfence.cli.image;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.formats.image.Expectation;
import dev.ringfence.formats.image.ImageChain;
import dev.ringfence.formats.image.ImageFormat;
import dev.ringfence.formats.image.ImageInspector;
import dev.ringfence.formats.image.ImageLimits;
import dev.ringfence.formats.image.ImageReport;
import dev.ringfence.linux.image.ChainWalk;
import dev.ringfence.linux.image.ImageFile;
import dev.ringfence.linux.image.PoolDirectory;
import dev.ringfence.wire.inspect.ImageJson;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** What an image is, and whether it may be opened. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Say what a disk image is, what it would make its reader open, and whether it is safe.",
        footer = {
            "",
            "Nothing but the file itself is opened, unless --chain is given; no other program is run.",
            "",
            "Exit status: 0 safe, 1 refused, 2 usage, 3 the file cannot be read.",
            "",
            "Examples:",
            "  ringfence image inspect disk.img --format-declared raw",
            "  ringfence image inspect overlay.qcow2 --chain --pool /var/lib/nova/instances",
            "  ringfence image inspect upload.bin --max-virtual-size 100G --format json"
        })
final class ImageInspect implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The image: a regular file, no symbolic link.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--format-declared",
            paramLabel = "FORMAT",
            converter = DeclaredFormat.class,
            description =
                    "The format that the image is said to have. Another is refused, and so is a raw disk that begins as another format.")
    private @Nullable ImageFormat declared;

    @Option(
            names = "--encrypted",
            description =
                    "The image is said to be encrypted. Without it encryption is refused, except that of --format-declared luks.")
    private boolean encrypted;

    @Option(names = "--chain", description = "Look at the backing files too, in the directory of --pool only.")
    private boolean chain;

    @Option(
            names = "--pool",
            paramLabel = "DIR",
            description = "The directory in which the image and its backing files lie.")
    private @Nullable Path pool;

    @Option(
            names = "--max-virtual-size",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Refuse a larger virtual disk: bytes, or with K, M, G, T. The default is 64T.")
    private long maxVirtualSizeBytes = ImageLimits.STANDARD.virtualSizeBytes();

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (the default) or json.")
    private Format format = Format.TABLE;

    enum Format {
        TABLE,
        JSON
    }

    ImageInspect(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (chain != (pool != null)) {
            throw CommandFailure.usage("image inspect: --chain and --pool DIR belong together");
        }
        ImageChain found = look();
        if (format == Format.JSON) {
            ImageJson.write(found, terminal.out());
        } else {
            new ImageTable(terminal).write(found);
        }
        return found.safe() ? ExitStatus.CLEAN : ExitStatus.FINDINGS;
    }

    private ImageChain look() throws CommandFailure {
        Expectation expected = new Expectation(declared, encrypted || declared == ImageFormat.LUKS);
        ImageLimits standard = ImageLimits.STANDARD;
        ImageLimits limits = new ImageLimits(
                standard.memoryBytes(), standard.readBytes(), standard.readCount(), maxVirtualSizeBytes);
        try {
            if (pool != null) {
                try (PoolDirectory directory = PoolDirectory.open(pool)) {
                    return ChainWalk.walk(directory, file, expected, limits);
                }
            }
            try (ImageFile image = ImageFile.open(file)) {
                ImageReport report = ImageInspector.inspect(image, expected, limits);
                return ImageChain.alone(new ImageChain.Link(file.toString(), report, image.allocatedBytes()));
            }
        } catch (NoSuchFileException e) {
            throw CommandFailure.couldNotRun(e.getFile() + ": no such file");
        } catch (AccessDeniedException e) {
            throw CommandFailure.couldNotRun(e.getFile() + ": permission denied");
        } catch (FileSystemException e) {
            throw CommandFailure.couldNotRun(
                    e.getFile() + ": " + (e.getReason() == null ? "cannot be read" : e.getReason()));
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(file + ": " + e.getMessage());
        }
    }

    /** A format by QEMU's or the usual name. */
    static final class DeclaredFormat implements ITypeConverter<ImageFormat> {
        @Override
        public ImageFormat convert(String value) {
            List<String> known =
                    Arrays.stream(ImageFormat.values()).map(ImageFormat::title).toList();
            return ImageFormat.named(value)
                    .orElseThrow(() ->
                            new TypeConversionException("'" + value + "' is none of " + String.join(", ", known)));
        }
    }

    /** A size with a binary suffix. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            String digits = value;
            int shift = 0;
            int suffix = value.isEmpty() ? -1 : "KMGT".indexOf(Character.toUpperCase(value.charAt(value.length() - 1)));
            if (suffix >= 0) {
                digits = value.substring(0, value.length() - 1);
                shift = 10 * (suffix + 1);
            }
            try {
                long number = Long.parseLong(digits);
                if (number > 0 && number <= Long.MAX_VALUE >> shift) {
                    return number << shift;
                }
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + value + "' is no size");
            }
            throw new TypeConversionException("'" + value + "' is no size");
        }
    }
}
