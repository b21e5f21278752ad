package dev.ringfence.linux.watch;

import dev.ringfence.core.watch.Thing;
import dev.ringfence.linux.ExtendedAttributes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The state of a watched thing as one line of text: digest, mode and owner of files, values of the kernel as they are.
 * Contents of files are never a part of it. For one thread.
 */
final class ThingReader {
    static final String ABSENT = "absent";
    private static final long MAX_DIGESTED_BYTES = 64L << 20;
    private static final int MAX_ENTRIES = 1_000;
    private static final int MAX_VALUE_BYTES = 4_096;
    private static final int DIGEST_CHARS = 16;

    private final Path root;
    private final QemuPostures processes;
    private final byte[] buffer = new byte[64 << 10];
    private final Map<Path, Digested> digests = new HashMap<>();

    private record Digested(String signature, String digest) {}

    ThingReader(Path root) {
        this.root = root;
        this.processes = new QemuPostures(root.resolve("proc"));
    }

    Path place(Thing thing) {
        return root.resolve(thing.path().substring(1));
    }

    /**
     * The state now.
     *
     * @param again whether to read a file even though its size and times are as before: times have a grain
     */
    String state(Thing thing, boolean again) {
        Path path = place(thing);
        try {
            return switch (thing.kind()) {
                case CONTENT, DEFINITIONS -> content(path, again, true);
                case STATUS -> status(path, Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS));
                case VALUE -> Files.isDirectory(path) ? values(path) : value(path);
                case PROCESSES -> processes.state();
            };
        } catch (NoSuchFileException e) {
            return ABSENT;
        } catch (DirectoryIteratorException e) {
            return "not readable: " + e.getMessage();
        } catch (IOException e) {
            return "not readable: " + e.getClass().getSimpleName();
        }
    }

    private String content(Path path, boolean again, boolean intoDirectory) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        String status = status(path, attributes);
        int type = number(attributes, "mode") & 0170000;
        if (type == 0120000) {
            String target;
            try {
                target = content(path.toRealPath(), again, intoDirectory);
            } catch (NoSuchFileException e) {
                target = ABSENT;
            }
            return "link to " + Files.readSymbolicLink(path) + ", " + target;
        }
        if (type == 0040000) {
            return intoDirectory ? status + entries(path, again) : status;
        }
        return type == 0100000 ? "sha256:" + digest(path, attributes, again) + " " + status : status;
    }

    private String entries(Path directory, boolean again) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
                if (names.size() > MAX_ENTRIES) {
                    return "; more than " + MAX_ENTRIES + " entries";
                }
            }
        }
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            out.append("; ").append(oneLine(name)).append(' ');
            try {
                out.append(content(directory.resolve(name), again, false));
            } catch (NoSuchFileException e) {
                out.append(ABSENT);
            }
        }
        return out.toString();
    }

    /** Mode, owner and extended attributes; the latter by digest, because labels and lists are long. */
    private static String status(Path path, Map<String, Object> attributes) throws IOException {
        StringBuilder out = new StringBuilder();
        int mode = number(attributes, "mode");
        out.append(
                switch (mode & 0170000) {
                    case 0040000 -> "directory ";
                    case 0120000 -> "link ";
                    case 0100000 -> "";
                    default -> "special file ";
                });
        out.append(String.format("%04o", mode & 07777)).append(' ');
        out.append(owner(attributes, "owner", "uid")).append(':').append(owner(attributes, "group", "gid"));
        Map<String, String> extended = ExtendedAttributes.all(path);
        if (!extended.isEmpty()) {
            out.append(" attributes ")
                    .append(shortDigest(sha256().digest(extended.toString().getBytes(StandardCharsets.UTF_8))));
        }
        return out.toString();
    }

    private static String owner(Map<String, Object> attributes, String name, String number) {
        Object owner = attributes.get(name);
        return owner == null ? String.valueOf(attributes.get(number)) : owner.toString();
    }

    private static int number(Map<String, Object> attributes, String name) {
        return ((Number) Objects.requireNonNull(attributes.get(name))).intValue();
    }

    private String digest(Path path, Map<String, Object> attributes, boolean again) throws IOException {
        String signature = attributes.get("dev") + " " + attributes.get("ino") + " " + attributes.get("size") + " "
                + attributes.get("lastModifiedTime") + " " + attributes.get("ctime");
        Digested known = digests.get(path);
        if (!again && known != null && known.signature().equals(signature)) {
            return known.digest();
        }
        if (((Number) Objects.requireNonNull(attributes.get("size"))).longValue() > MAX_DIGESTED_BYTES) {
            return "not read, " + signature;
        }
        MessageDigest digest = sha256();
        long total = 0;
        try (InputStream in = Files.newInputStream(path)) {
            int read = in.read(buffer);
            while (read >= 0 && total <= MAX_DIGESTED_BYTES) {
                digest.update(buffer, 0, read);
                total += read;
                read = in.read(buffer);
            }
        }
        String found = shortDigest(digest.digest());
        digests.put(path, new Digested(signature, found));
        return found;
    }

    private String values(Path directory) throws IOException {
        TreeSet<String> values = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (values.size() < MAX_ENTRIES && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    values.add(entry.getFileName() + "=" + value(entry));
                }
            }
        }
        return String.join("; ", values);
    }

    private String value(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "not a regular file" : ABSENT;
        }
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.readNBytes(buffer, 0, MAX_VALUE_BYTES);
            return oneLine(new String(buffer, 0, length, StandardCharsets.UTF_8).strip());
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\x00-\\x1f;]+", " ");
    }

    private static String shortDigest(byte[] digest) {
        return HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
