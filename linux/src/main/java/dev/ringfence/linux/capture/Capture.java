package dev.ringfence.linux.capture;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.tar.TarLimits;
import dev.ringfence.formats.tar.TarReader;
import dev.ringfence.formats.tar.TarTotals;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A host's files in a private temporary directory (mode 0700, its files 0600), unpacked from an archive and removed by
 * {@link #close}, or when the process ends. For one thread.
 */
public final class Capture implements AutoCloseable {
    /** Far above what the collector sends; a bomb reaches it. */
    private static final TarLimits LIMITS = new TarLimits(200_000, 1L << 30);

    private static final int GZIP_BUFFER_BYTES = 64 << 10;
    private static final int PADDING_LIMIT_BYTES = 1 << 20;

    private final Path directory;
    private final Path root;
    private final Thread remover;

    private Capture(Path directory, Path root) {
        this.directory = directory;
        this.root = root;
        this.remover = new Thread(() -> {
            try {
                delete(directory);
            } catch (IOException e) {
                // The process is ending; there is nobody left to tell.
                return;
            }
        });
        Runtime.getRuntime().addShutdownHook(remover);
    }

    /** An archive that is not taken, or a host that cannot be captured. The message names object, cause and next step. */
    public static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private final String code;
        private final String explanation;

        /** The message begins with a stable code such as {@code RF-CAP-001}. */
        Failure(String code, String explanation) {
            super(code + " " + explanation);
            this.code = code;
            this.explanation = explanation;
        }

        /** The stable code, {@code RF-CAP-…}, {@code RF-SSH-…} or one of {@link TarReader}. */
        public String code() {
            return code;
        }

        String explanation() {
            return explanation;
        }
    }

    /**
     * Unpacks an archive: tar, plain or compressed with gzip, at most 200,000 members and 1 GiB. Regular files,
     * directories, symbolic links and hard links within the archive are made; devices and FIFOs are only recorded with
     * their owners and modes.
     *
     * @param in read up to the archive's end, not closed
     * @throws Failure if the archive is refused: a code {@code RF-TAR-…} as in {@link TarReader}, {@code RF-CAP-001}
     *     compression that is not read, {@code 002} a name that is given twice or lies below something that is no
     *     directory, {@code 003} a hard link to anything but an earlier file, {@code 004} a name that this machine
     *     cannot hold, {@code 005} damaged or cut gzip data, {@code 006} an empty archive, {@code 007} too many
     *     directories. Nothing is left behind
     * @throws IOException if the stream or this machine's file system fails. Nothing is left behind
     */
    public static Capture unpack(InputStream in) throws Failure, IOException {
        Path directory = Files.createTempDirectory(
                "ringfence-capture-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Capture capture = new Capture(directory, directory.resolve("root"));
        boolean whole = false;
        try {
            Unpacking unpacking = new Unpacking(capture.root, LIMITS.entries());
            read(decompressed(in), unpacking);
            unpacking.finish();
            whole = true;
            return capture;
        } finally {
            if (!whole) {
                capture.close();
            }
        }
    }

    /** The directory that stands for the host's {@code /}. */
    public Path root() {
        return root;
    }

    /**
     * Removes the directory and all that is in it. A second call does nothing.
     *
     * @throws IOException if something could not be removed; the rest is
     */
    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(remover);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook removes it.
            return;
        }
        delete(directory);
    }

    private static void read(InputStream in, Unpacking unpacking) throws Failure, IOException {
        try {
            switch (TarReader.read(in, LIMITS, unpacking)) {
                case Decoded.Value<TarTotals>(TarTotals totals) -> {
                    if (totals.entries() == 0) {
                        throw new Failure("RF-CAP-006", "the archive is empty. Make it again on the host.");
                    }
                    drain(in);
                }
                case Decoded.Refused<TarTotals>(Refusal refusal) -> throw new Failure(refusal.code(), advice(refusal));
            }
        } catch (ZipException | EOFException e) {
            // Only the decompressor throws these; the archive's own end is a refusal.
            throw new Failure("RF-CAP-005", "the compressed archive is damaged or cut off. Fetch it again.");
        }
    }

    /** Zeros that fill up the last record, so that gzip's checksum is verified too; more than that is left alone. */
    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[GZIP_BUFFER_BYTES];
        int left = PADDING_LIMIT_BYTES;
        while (left > 0) {
            int read = in.read(buffer);
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    private static String advice(Refusal refusal) {
        return refusal.reason()
                + switch (refusal.code()) {
                    case "RF-TAR-001" -> ". Give a tar archive, as collect.sh writes it.";
                    case "RF-TAR-002", "RF-TAR-003" -> ". Fetch it again; a part is missing or changed.";
                    case "RF-TAR-007" -> ". Make it again without options for sparse files and volumes.";
                    default -> ". Do not trust it; make it again on the host with collect.sh.";
                };
    }

    private static InputStream decompressed(InputStream in) throws Failure, IOException {
        PushbackInputStream start = new PushbackInputStream(in, 6);
        byte[] magic = start.readNBytes(6);
        start.unread(magic);
        if (starts(magic, 0x1f, 0x8b)) {
            try {
                return new GZIPInputStream(start, GZIP_BUFFER_BYTES);
            } catch (ZipException | EOFException e) {
                throw new Failure("RF-CAP-005", "the compressed archive is damaged or cut off. Fetch it again.");
            }
        }
        String other = otherCompression(magic);
        if (other != null) {
            throw new Failure(
                    "RF-CAP-001", "the archive is compressed with " + other + ". Decompress it, or use gzip.");
        }
        return start;
    }

    private static @Nullable String otherCompression(byte[] magic) {
        if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return "zstd";
        }
        if (starts(magic, 0xfd, '7', 'z', 'X', 'Z')) {
            return "xz";
        }
        return starts(magic, 'B', 'Z', 'h') ? "bzip2" : null;
    }

    private static boolean starts(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Links are removed, never followed. */
    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
