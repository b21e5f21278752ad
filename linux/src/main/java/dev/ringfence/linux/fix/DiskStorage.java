package dev.ringfence.linux.fix;

import dev.ringfence.linux.ExtendedAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The file system of this machine. Thread-safe. */
public final class DiskStorage implements Storage {
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Cleared by the kernel when owner or bytes change, so it is set last. */
    private static final String CAPABILITY = "security.capability";

    /** Belong to the bytes and not to the file: the kernel makes them, and those of other bytes would be wrong. */
    private static final Set<String> OF_THE_BYTES = Set.of("security.ima", "security.evm");

    @Override
    public Optional<Kind> kind(Path path) throws IOException {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(
                    switch (mode & 0170000) {
                        case 0100000 -> Kind.FILE;
                        case 0040000 -> Kind.DIRECTORY;
                        case 0120000 -> Kind.LINK;
                        default -> Kind.OTHER;
                    });
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if ("Not a directory".equals(e.getReason())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public byte[] read(Path path, int limitBytes) throws IOException {
        // Opening a FIFO would wait for its writer.
        if (kind(path).orElseThrow(() -> new NoSuchFileException(path.toString())) != Kind.FILE) {
            throw new FileSystemException(path.toString(), null, "not a regular file");
        }
        try (SeekableByteChannel in = open(path, StandardOpenOption.READ)) {
            long size = in.size();
            if (size > limitBytes) {
                throw new FileSystemException(path.toString(), null, "larger than " + limitBytes + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            int more = 0;
            // A read may give less than asked for.
            while (bytes.hasRemaining() && more >= 0) {
                more = in.read(bytes);
            }
            byte[] out = new byte[bytes.position()];
            bytes.flip().get(out);
            return out;
        }
    }

    @Override
    public Metadata metadata(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        return new Metadata(
                Integer.toUnsignedLong((Integer) Objects.requireNonNull(found.get("uid"))),
                Integer.toUnsignedLong((Integer) Objects.requireNonNull(found.get("gid"))),
                (Integer) Objects.requireNonNull(found.get("mode")) & 07777,
                attributes(path));
    }

    private static SortedMap<String, String> attributes(Path path) throws IOException {
        SortedMap<String, String> all = ExtendedAttributes.all(path);
        all.keySet().removeAll(OF_THE_BYTES);
        return all;
    }

    @Override
    public void setMetadata(Path path, Metadata metadata) throws IOException {
        refuseLink(path);
        Metadata now = metadata(path);
        if (now.uid() != metadata.uid()) {
            Files.setAttribute(path, "unix:uid", (int) metadata.uid(), LinkOption.NOFOLLOW_LINKS);
        }
        if (now.gid() != metadata.gid()) {
            Files.setAttribute(path, "unix:gid", (int) metadata.gid(), LinkOption.NOFOLLOW_LINKS);
        }
        // After the owner, whose change drops set-user-ID; before the access list, which carries the mode's group bits.
        Files.setAttribute(path, "unix:mode", metadata.mode());
        SortedMap<String, String> present = attributes(path);
        for (String name : present.keySet()) {
            if (!metadata.attributes().containsKey(name)) {
                ExtendedAttributes.remove(path, name);
            }
        }
        SortedMap<String, String> wanted = new TreeMap<>(metadata.attributes());
        String capability = wanted.remove(CAPABILITY);
        for (Map.Entry<String, String> attribute : wanted.entrySet()) {
            if (!attribute.getValue().equals(present.get(attribute.getKey()))) {
                ExtendedAttributes.set(path, attribute.getKey(), attribute.getValue());
            }
        }
        if (capability != null) {
            ExtendedAttributes.set(path, CAPABILITY, capability);
        }
        Metadata set = metadata(path);
        if (!set.equals(metadata)) {
            throw new FileSystemException(
                    path.toString(), null, "its owner, mode and attributes became " + set + " instead of " + metadata);
        }
    }

    private void refuseLink(Path path) throws IOException {
        if (kind(path).filter(k -> k == Kind.LINK).isPresent()) {
            throw new FileSystemException(path.toString(), null, "a symbolic link");
        }
    }

    @Override
    public void create(Path path, byte[] content) throws IOException {
        Set<OpenOption> options =
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);
        try (SeekableByteChannel out = Files.newByteChannel(path, options, PRIVATE_FILE)) {
            write(out, content);
        }
    }

    @Override
    public void append(Path path, byte[] content) throws IOException {
        try (SeekableByteChannel out = open(path, StandardOpenOption.WRITE)) {
            out.position(out.size());
            write(out, content);
        }
    }

    @Override
    public void truncate(Path path, long lengthBytes) throws IOException {
        try (SeekableByteChannel out = open(path, StandardOpenOption.WRITE)) {
            out.truncate(lengthBytes);
        }
    }

    private static SeekableByteChannel open(Path path, OpenOption how) throws IOException {
        return Files.newByteChannel(path, Set.of(how, LinkOption.NOFOLLOW_LINKS));
    }

    private static void write(SeekableByteChannel out, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    @Override
    public void createDirectory(Path path) throws IOException {
        Files.createDirectory(path, PRIVATE_DIRECTORY);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(directory + ": cannot be listed: " + e.getCause(), e);
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
