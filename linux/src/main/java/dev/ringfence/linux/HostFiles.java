package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of a host: the running one, or a tree that was mounted or captured. Paths are absolute, as the host sees
 * them. In a tree, symbolic links never lead outside it. Only regular files are read (so no FIFO can block and no device
 * is endless), and at most a given number of bytes. Thread-safe.
 */
public final class HostFiles {
    /** Enough for any configuration file, far less than a host could be made to swallow. */
    public static final int TEXT_LIMIT_BYTES = 4 << 20;

    private static final int LINK_LIMIT = 40;
    private static final int ENTRY_LIMIT = 200_000;
    private static final List<String> KERNEL_TREES = List.of("/proc/", "/sys/", "/dev/");

    private final Path root;
    private final boolean live;
    private final StatManifest manifest;
    private final CaptureIndex index;

    /** Where on the host the root stands: empty for {@code /}. */
    private final String at;

    /** Those of {@link #KERNEL_TREES} that a disk or an incomplete capture leaves empty: nothing below is known. */
    private final List<String> unseenTrees;

    private HostFiles(Path root, boolean live, StatManifest manifest, CaptureIndex index, String at) {
        this.root = root;
        this.live = live;
        this.manifest = manifest;
        this.index = index;
        this.at = at;
        this.unseenTrees = live || index.present()
                ? List.of()
                : KERNEL_TREES.stream().filter(this::holdsNothing).toList();
    }

    private boolean holdsNothing(String tree) {
        if (manifest.mentions(tree)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directoryAt(tree))) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            return true;
        }
    }

    /** The host that this process runs on. */
    public static HostFiles live() {
        return new HostFiles(Path.of("/"), true, StatManifest.NONE, CaptureIndex.NONE, "");
    }

    /**
     * A tree that stands for a host. A capture made by {@code collect.sh} says which owners and modes files had, and what
     * was looked at: what it lacks is absent only where the collector saw that, and not observed otherwise.
     *
     * @throws IOException if the directory is not there or the manifest cannot be read
     */
    public static HostFiles tree(Path root) throws IOException {
        Path real = root.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(root.toString());
        }
        CaptureIndex index = CaptureIndex.read(real);
        return new HostFiles(real, false, StatManifest.read(real, index), index, "");
    }

    /**
     * One directory of a host, seen at its usual place; nothing else of the host is there.
     *
     * @param at absolute path such as {@code /etc/nova}
     * @throws IOException if the directory is not there
     */
    public static HostFiles directory(Path directory, String at) throws IOException {
        return new HostFiles(directory.toRealPath(), false, StatManifest.NONE, CaptureIndex.NONE, at);
    }

    /** Whether this is the running host. */
    public boolean isLive() {
        return live;
    }

    /** Whether this is an archive that does not say what it left out: what it lacks may well be on the host. */
    public boolean isPartial() {
        return manifest.present() && !index.present();
    }

    /** When a capture was made, by its host's clock; absent for other hosts. */
    public Fact<Instant> takenAt() {
        return index.present() ? index.takenAt() : Fact.absent("/.ringfence/index", "recorded");
    }

    /** The effective user id of who made a capture, -1 for other hosts. */
    public long takenBy() {
        return index.uid();
    }

    /** The directory that stands for {@code /}. */
    public Path root() {
        return root;
    }

    StatManifest manifest() {
        return manifest;
    }

    /** The text of a file, at most {@link #TEXT_LIMIT_BYTES}; see {@link #text(String, int)}. */
    public Fact<String> text(String path) {
        return text(path, TEXT_LIMIT_BYTES);
    }

    /** The text of a file; bytes that are not UTF-8 are replaced. Larger files are not observed. */
    public Fact<String> text(String path, int limitBytes) {
        return bytes(path, limitBytes).map(b -> new String(b, StandardCharsets.UTF_8));
    }

    /** The first line of a file without surrounding white space; what most of /proc and /sys holds. */
    public Fact<String> line(String path) {
        return text(path, 1 << 16).map(t -> t.lines().findFirst().orElse("").strip());
    }

    /** The bytes of a file. Larger files are not observed. */
    public Fact<byte[]> bytes(String path, int limitBytes) {
        try {
            Path real = regular(path);
            try (InputStream in = Files.newInputStream(real)) {
                byte[] bytes = in.readNBytes(limitBytes);
                if (bytes.length == limitBytes && in.read() >= 0) {
                    return Fact.notObserved(path, "read", "larger than " + limitBytes + " bytes");
                }
                return Fact.of(bytes, path, "read");
            }
        } catch (IOException e) {
            return missing(path, "read", e);
        }
    }

    /** The first bytes of a file, fewer if it is shorter; for long files of which only the start matters. */
    public Fact<byte[]> prefix(String path, int lengthBytes) {
        try (InputStream in = Files.newInputStream(regular(path))) {
            return Fact.of(in.readNBytes(lengthBytes), path, "read");
        } catch (IOException e) {
            return missing(path, "read", e);
        }
    }

    /** A regular file's place on this machine, for readers that need random access. */
    public Fact<Path> file(String path) {
        try {
            return Fact.of(regular(path), path, "read");
        } catch (IOException e) {
            return missing(path, "read", e);
        }
    }

    /** Names in a directory, sorted. */
    public Fact<List<String>> list(String path) {
        if (index.present()) {
            return listed(path);
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directoryAt(path))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
                if (names.size() > ENTRY_LIMIT) {
                    return Fact.notObserved(path, "list", "more than " + ENTRY_LIMIT + " entries");
                }
            }
        } catch (NotDirectoryException e) {
            return missing(path, "list", e);
        } catch (DirectoryIteratorException e) {
            return missing(path, "list", cause(e));
        } catch (IOException e) {
            return missing(path, "list", e);
        }
        Collections.sort(names);
        return Fact.of(names, path, "list");
    }

    private Fact<List<String>> listed(String path) {
        try {
            Path real = resolve(path, true);
            String place = place(real);
            if (index.isListed(place)) {
                return Fact.of(index.namesIn(place), path, "list");
            }
            boolean isFile = Files.isRegularFile(real)
                    || manifest.entry(place)
                            .filter(e -> (e.mode() & 0170000) == 0100000)
                            .isPresent();
            return isFile ? Fact.absent(path, "list") : missing(path, "list", new NoSuchFileException(path));
        } catch (IOException e) {
            return missing(path, "list", e);
        }
    }

    /** Names in a directory that an archive recorded but {@link #list} does not show; none for other hosts. */
    public List<String> recordedIn(String directory) {
        if (index.present()) {
            return List.of();
        }
        String start = directory + "/";
        List<String> names = new ArrayList<>();
        for (String path : manifest.entries().keySet()) {
            if (path.startsWith(start) && path.length() > start.length() && path.indexOf('/', start.length()) < 0) {
                names.add(path.substring(start.length()));
            }
        }
        return List.copyOf(names);
    }

    /** Where a symbolic link points, as it is written. */
    public Fact<String> link(String path) {
        try {
            Path real = resolve(path, false);
            if (!live) {
                Optional<String> recorded = manifest.link(place(real));
                if (recorded.isPresent()) {
                    return Fact.of(recorded.get(), path, "readlink");
                }
                Optional<StatManifest.Entry> entry = manifest.entry(place(real));
                if (entry.isPresent() && (entry.get().mode() & 0170000) == 0120000 && index.present()) {
                    return Fact.notObserved(path, "readlink", "permission denied; run as root");
                }
            }
            if (!Files.isSymbolicLink(real)) {
                return Files.exists(real, LinkOption.NOFOLLOW_LINKS)
                        ? Fact.notObserved(path, "readlink", "not a symbolic link")
                        : missing(path, "readlink", new NoSuchFileException(path));
            }
            return Fact.of(Files.readSymbolicLink(real).toString(), path, "readlink");
        } catch (IOException e) {
            return missing(path, "readlink", e);
        }
    }

    /** The symbolic links in a directory and where they point, as it is written; other entries are left out. */
    public Fact<Map<String, String>> links(String path) {
        try {
            Path real = resolve(path, true);
            Map<String, String> links = new TreeMap<>(manifest.linksIn(place(real)));
            if (index.present()) {
                // Of a process's descriptors only those are recorded that are sockets; they are not listed.
                return links.isEmpty() ? list(path).map(names -> links) : Fact.of(links, path, "list");
            }
            if (links.isEmpty() || Files.isDirectory(real)) {
                addLinks(real, links);
            }
            return links.size() > ENTRY_LIMIT
                    ? Fact.notObserved(path, "list", "more than " + ENTRY_LIMIT + " entries")
                    : Fact.of(links, path, "list");
        } catch (DirectoryIteratorException e) {
            return missing(path, "list", cause(e));
        } catch (IOException e) {
            return missing(path, "list", e);
        }
    }

    private static void addLinks(Path directory, Map<String, String> links) throws IOException {
        requireDirectory(directory);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                try {
                    links.putIfAbsent(
                            String.valueOf(entry.getFileName()),
                            Files.readSymbolicLink(entry).toString());
                } catch (NotLinkException | NoSuchFileException e) {
                    // Not a link, or gone since the directory was read, as the descriptors of a process often are.
                    continue;
                }
                if (links.size() > ENTRY_LIMIT) {
                    return;
                }
            }
        }
    }

    /** Whether anything is there, links followed; not observed where a directory above may not be searched. */
    public Fact<Boolean> exists(String path) {
        try {
            Files.readAttributes(resolve(path, true), "unix:mode");
            return Fact.of(true, path, "stat");
        } catch (IOException e) {
            if (isRecorded(path)) {
                return Fact.of(true, path, "recorded");
            }
            return switch (this.<Boolean>missing(path, "stat", e)) {
                case Fact.Absent<Boolean> absent -> Fact.of(false, path, "stat");
                case Fact<Boolean> unknown -> unknown;
            };
        }
    }

    /** Whether a capture or an archive says that something is there, though it holds no copy. */
    private boolean isRecorded(String path) {
        if (live) {
            return false;
        }
        try {
            String place = place(resolve(path, true));
            return index.isThere(place)
                    || manifest.entry(place)
                            .filter(e -> (e.mode() & 0170000) != 0120000)
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** The path on the host of a place in a tree. */
    String place(Path real) {
        return real.equals(root) ? "/" : "/" + root.relativize(real);
    }

    /** Mode, owner and times of a file as {@code unix:} attributes. */
    Map<String, Object> attributes(String path, boolean follow) throws IOException {
        LinkOption[] options = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        return Files.readAttributes(resolve(path, follow), "unix:mode,uid,gid,ino,dev,size,lastModifiedTime", options);
    }

    /** The place on this machine of a path of the host. */
    Path resolve(String path, boolean followLast) throws IOException {
        if (!path.startsWith("/")) {
            throw new FileSystemException(path, null, "not an absolute path");
        }
        if (path.indexOf('\0') >= 0) {
            throw new FileSystemException("?", null, "a path with a NUL byte");
        }
        if (!path.startsWith(at) || !at.isEmpty() && path.length() > at.length() && path.charAt(at.length()) != '/') {
            throw new NoSuchFileException(path);
        }
        return live ? Path.of(path) : confined(path.substring(at.length()), followLast);
    }

    private Path confined(String path, boolean followLast) throws IOException {
        Deque<String> todo = new ArrayDeque<>(List.of(path.split("/")));
        Path at = root;
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(root) ? root : Objects.requireNonNull(at.getParent());
                continue;
            }
            Path next = at.resolve(name);
            if (Files.isSymbolicLink(next) && (followLast || !todo.isEmpty())) {
                if (++links > LINK_LIMIT) {
                    throw new FileSystemLoopException(path);
                }
                String target = Files.readSymbolicLink(next).toString();
                at = target.startsWith("/") ? root : at;
                List<String> parts = List.of(target.split("/"));
                for (int i = parts.size() - 1; i >= 0; i--) {
                    todo.push(parts.get(i));
                }
            } else {
                at = next;
            }
        }
        return at;
    }

    /** The JDK promises a cause, its signature does not. */
    private static IOException cause(DirectoryIteratorException e) {
        return Objects.requireNonNullElseGet(e.getCause(), () -> new IOException("cannot be listed"));
    }

    private Path directoryAt(String path) throws IOException {
        Path real = resolve(path, true);
        requireDirectory(real);
        return real;
    }

    /** Opening a FIFO as a directory would wait for its writer. */
    private static void requireDirectory(Path real) throws IOException {
        if (!Files.isDirectory(real)) {
            // Says why, where it is more than that it is none.
            Files.getAttribute(real, "unix:mode");
            throw new NotDirectoryException(real.toString());
        }
    }

    private Path regular(String path) throws IOException {
        Path real = resolve(path, true);
        int mode = live || Files.exists(real)
                ? (Integer) Files.getAttribute(real, "unix:mode")
                : manifest.entry(place(real))
                        .map(StatManifest.Entry::mode)
                        .filter(m -> (m & 0170000) != 0100000 && (m & 0170000) != 0120000)
                        .orElseThrow(() -> new NoSuchFileException(path));
        if ((mode & 0170000) != 0100000) {
            throw new FileSystemException(path, null, "not a regular file but a " + FileKind.of(mode));
        }
        return real;
    }

    /** What an exception says of a path of this host: what a tree does not hold at all is not observed. */
    <T> Fact<T> missing(String path, String how, IOException e) {
        Fact<T> fact = failure(path, how, e);
        if (fact instanceof Fact.Absent<T>) {
            if (index.present()) {
                return index.missing(path, placeOf(path), how);
            }
            for (String tree : unseenTrees) {
                if (path.startsWith(tree)) {
                    return Fact.notObserved(path, how, "this tree holds nothing of " + tree);
                }
            }
        }
        return fact;
    }

    private String placeOf(String path) {
        try {
            return place(resolve(path, true));
        } catch (IOException e) {
            return path;
        }
    }

    /** What an exception says of a path. */
    static <T> Fact<T> failure(String path, String how, IOException e) {
        return switch (e) {
            case NoSuchFileException n -> Fact.absent(path, how);
            case NotDirectoryException n -> Fact.absent(path, how);
            case AccessDeniedException a -> Fact.notObserved(path, how, "permission denied; run as root");
            case FileSystemLoopException l -> Fact.notObserved(path, how, "symbolic link loop");
            case FileSystemException f -> {
                String reason = f.getReason() == null ? "cannot be read" : f.getReason();
                yield switch (reason) {
                    case "Not a directory" -> Fact.absent(path, how);
                    case "No such process" -> Fact.notObserved(path, how, "the process ended while it was read");
                    case "Operation not permitted", "Permission denied" ->
                        Fact.notObserved(path, how, "permission denied; run as root");
                    case "Too many levels of symbolic links" -> Fact.notObserved(path, how, "symbolic link loop");
                    default -> Fact.notObserved(path, how, reason);
                };
            }
            default -> {
                String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                yield message.contains("No such process")
                        ? Fact.notObserved(path, how, "the process ended while it was read")
                        : Fact.notObserved(path, how, message);
            }
        };
    }
}
