package dev.ringfence.ledger.fsck;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a log, by the paths of C2SP tlog-tiles. Reads regular files only, and counts what it reads. */
final class LogFiles {
    static final int TILE_BYTES = 256 * Digests.BYTES;
    static final int BUNDLE_BYTES = 256 * (2 + 65_535);
    static final int CHECKPOINT_BYTES = 512 * 1024;

    /** Level of entry bundles. */
    static final int ENTRIES = -1;

    private static final Pattern NAME =
            Pattern.compile("tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\\.p/([0-9]{1,3}))?");

    private final Path root;
    long files;
    long readBytes;

    LogFiles(Path root) {
        this.root = root;
    }

    /** Path of a tile below the log's directory. */
    static String name(int level, long index, int width) {
        StringBuilder digits = new StringBuilder(Long.toString(index));
        while (digits.length() % 3 != 0) {
            digits.insert(0, '0');
        }
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            digits.insert(at, '/');
        }
        String path = digits.toString().replaceAll("([0-9]{3})/", "x$1/");
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + path + (width == 256 ? "" : ".p/" + width);
    }

    /** The bytes of a file, at most one more than the limit; null if it is not there. */
    byte @Nullable [] read(String name, int limitBytes) throws IOException {
        return read(root.resolve(name), limitBytes);
    }

    byte @Nullable [] read(Path path, int limitBytes) throws IOException {
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("cannot read " + path + ": it is no regular file, or its directory is closed");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(limitBytes + 1);
            files++;
            readBytes += bytes.length;
            return bytes;
        } catch (IOException e) {
            throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** Widths of the partial tiles of one place, ascending. */
    List<Integer> partialWidths(int level, long index) throws IOException {
        Path directory = root.resolve(name(level, index, 256) + ".p");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Integer> widths = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (name.matches("[1-9][0-9]{0,2}") && Integer.parseInt(name) < 256) {
                    widths.add(Integer.parseInt(name));
                }
            }
        }
        Collections.sort(widths);
        return widths;
    }

    /** Counts the files below {@code tile} that are no tile of a tree of this size. */
    long strays(long size) throws IOException {
        Path tiles = root.resolve("tile");
        if (!Files.isDirectory(tiles)) {
            return 0;
        }
        long[] strays = {0};
        Files.walkFileTree(tiles, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!attributes.isRegularFile()
                        || !belongs(root.relativize(file).toString(), size)) {
                    strays[0]++;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return strays[0];
    }

    private static boolean belongs(String name, long size) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
        String digits = matcher.group(2).replace("x", "").replace("/", "");
        int width = matcher.group(3) == null ? 256 : Integer.parseInt(matcher.group(3));
        int shift = 8 * Math.max(level, 0);
        if (digits.length() > 18 || shift > 62 || width < 1 || width > 256) {
            return false;
        }
        long index = Long.parseLong(digits);
        long hashes = size >>> shift;
        long end = index << 8;
        return name(level, index, width).equals(name) && end >>> 8 == index && end + width <= hashes;
    }
}
