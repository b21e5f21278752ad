package dev.ringfence.linux.capture;

import dev.ringfence.formats.tar.TarEntry;
import dev.ringfence.formats.tar.TarVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes an archive's members below one directory. A member is only ever made in a directory that was made here, as a new
 * name; so nothing is written through a link, whatever the archive says.
 */
final class Unpacking implements TarVisitor<Capture.Failure> {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private final Path statOfHeaders;
    private final Writer stat;
    private final Set<String> directories = new HashSet<>();
    private final int directoryLimit;

    /**
     * Makes the directory.
     *
     * @param directoryLimit the most directories that are made: names of many parts make more of them than members
     */
    Unpacking(Path root, int directoryLimit) throws IOException {
        this.root = root;
        this.directoryLimit = directoryLimit;
        Files.createDirectory(root, PRIVATE_DIRECTORY);
        directories.add("");
        statOfHeaders = root.resolveSibling("stat");
        stat = Files.newBufferedWriter(statOfHeaders, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void entry(TarEntry entry, InputStream content) throws Capture.Failure, IOException {
        try {
            switch (entry.kind()) {
                case DIRECTORY -> directory(entry.name());
                case FILE -> file(entry, content);
                case SYMBOLIC_LINK -> Files.createSymbolicLink(place(entry), Path.of(entry.linkTarget()));
                case HARD_LINK -> hardLink(entry);
                case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> directory(parent(entry.name()));
                case OTHER -> {
                    return;
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new Capture.Failure(
                    "RF-CAP-002",
                    "the archive has '" + shown(entry.name())
                            + "' twice, or below something that is no directory. Do not trust it.");
        } catch (InvalidPathException e) {
            throw new Capture.Failure(
                    "RF-CAP-004",
                    "the archive has a name that this machine cannot hold: '" + shown(entry.name())
                            + "'. Try again with LC_ALL=C.UTF-8.");
        } catch (FileSystemException e) {
            if ("File name too long".equals(e.getReason())) {
                throw new Capture.Failure(
                        "RF-CAP-004", "the archive has a name that is too long for this machine. Do not trust it.");
            }
            throw e;
        }
        record(entry);
    }

    /** To be called after the last member. An archive without records of owners and modes gets those of its headers. */
    void finish() throws Capture.Failure, IOException {
        stat.close();
        Path own = root.resolve(".ringfence").resolve("stat");
        try {
            directory(".ringfence");
        } catch (FileAlreadyExistsException e) {
            throw new Capture.Failure("RF-CAP-002", "the archive's .ringfence is no directory. Do not trust it.");
        }
        if (!Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(statOfHeaders, own);
        } else if (Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(statOfHeaders);
        } else {
            throw new Capture.Failure("RF-CAP-002", "the archive's .ringfence/stat is no file. Do not trust it.");
        }
    }

    private void file(TarEntry entry, InputStream content) throws Capture.Failure, IOException {
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                place(entry), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE))) {
            content.transferTo(out);
        }
    }

    private void hardLink(TarEntry entry) throws Capture.Failure, IOException {
        Path target = root.resolve(entry.linkTarget());
        // Its directory was made here, so that no link lies on the way, and it is itself no link.
        if (!directories.contains(parent(entry.linkTarget()))
                || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new Capture.Failure(
                    "RF-CAP-003",
                    "the archive has a hard link '" + shown(entry.name())
                            + "' to something that is no earlier file of it. Do not trust it.");
        }
        Files.createLink(place(entry), target);
    }

    /** Where a member goes, its directory made. */
    private Path place(TarEntry entry) throws Capture.Failure, IOException {
        directory(parent(entry.name()));
        return root.resolve(entry.name());
    }

    private void directory(String name) throws Capture.Failure, IOException {
        if (directories.contains(name)) {
            return;
        }
        if (directories.size() >= directoryLimit) {
            throw new Capture.Failure(
                    "RF-CAP-007", "the archive has more than " + directoryLimit + " directories. Do not trust it.");
        }
        directory(parent(name));
        Files.createDirectory(root.resolve(name), PRIVATE_DIRECTORY);
        directories.add(name);
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /** One line of a stat record; see {@code StatManifest}. A name that would break the line is left out. */
    private void record(TarEntry entry) throws IOException {
        String name = entry.name() + entry.linkTarget();
        if (name.chars().anyMatch(Character::isISOControl)) {
            return;
        }
        boolean link = entry.kind() == TarEntry.Kind.SYMBOLIC_LINK;
        stat.write(type(entry.kind()) + permissions(entry.mode()) + " 1 " + entry.uid() + " " + entry.gid()
                + " 0 - - - /" + entry.name() + (link ? " -> " + entry.linkTarget() : "") + "\n");
    }

    private static char type(TarEntry.Kind kind) {
        return switch (kind) {
            case DIRECTORY -> 'd';
            case SYMBOLIC_LINK -> 'l';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
            case FIFO -> 'p';
            case FILE, HARD_LINK, OTHER -> '-';
        };
    }

    /** As ls(1) writes them. */
    private static String permissions(int mode) {
        char[] out = new char[9];
        for (int i = 0; i < 9; i++) {
            out[i] = (mode & 0400 >> i) != 0 ? "rwx".charAt(i % 3) : '-';
        }
        special(out, 2, (mode & 04000) != 0, 's');
        special(out, 5, (mode & 02000) != 0, 's');
        special(out, 8, (mode & 01000) != 0, 't');
        return new String(out);
    }

    private static void special(char[] out, int at, boolean set, char mark) {
        if (set) {
            out[at] = out[at] == 'x' ? mark : Character.toUpperCase(mark);
        }
    }

    private static String shown(String name) {
        String start = name.length() <= 80 ? name : name.substring(0, 80) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
