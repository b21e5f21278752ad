package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Owners and modes that a capture recorded, because the copies have those of whoever made them. The file is {@code
 * .ringfence/stat}: what {@code ls -ldn} (POSIX, ls) says of each path, a line for each: mode, number of links, owner,
 * group, size or device, date, absolute path, and for a symbolic link {@code ->} and its target. Labels, if any, are in
 * {@code .ringfence/labels} as {@code ls -dZ} writes them.
 */
record StatManifest(NavigableMap<String, Entry> entries, NavigableMap<String, String> links, boolean present) {
    static final StatManifest NONE =
            new StatManifest(Collections.emptyNavigableMap(), Collections.emptyNavigableMap(), false);

    private static final int LIMIT_BYTES = 64 << 20;
    private static final int LIST_MARK = 10;

    /**
     * What was recorded of one path.
     *
     * @param mode with the bits of the file's type
     * @param acl whether an access list stands beside the mode
     */
    record Entry(int mode, long uid, long gid, Fact<Boolean> acl, Fact<String> label) {}

    static StatManifest read(Path root, CaptureIndex index) throws IOException {
        Path file = root.resolve(".ringfence").resolve("stat");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return NONE;
        }
        NavigableMap<String, Entry> entries = new TreeMap<>();
        NavigableMap<String, String> links = new TreeMap<>();
        Map<String, String> labels = labels(root);
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String[] fields = line.split(" +", 5);
            int at = fields.length == 5 ? fields[4].indexOf('/') : -1;
            if (at < 0 || fields[0].length() < LIST_MARK) {
                throw new IOException(file + ":" + number + ": not a line of a capture; make it again");
            }
            String path = fields[4].substring(at);
            int arrow = fields[0].charAt(0) == 'l' ? path.indexOf(" -> ") : -1;
            if (arrow >= 0) {
                links.put(path.substring(0, arrow), path.substring(arrow + 4));
                path = path.substring(0, arrow);
            }
            try {
                entries.put(
                        path,
                        new Entry(
                                mode(fields[0]),
                                Long.parseLong(fields[2]),
                                Long.parseLong(fields[3]),
                                acl(fields[0], path, index),
                                label(path, labels, index)));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ":" + number + ": not a line of a capture; make it again", e);
            }
        }
        return new StatManifest(
                Collections.unmodifiableNavigableMap(entries), Collections.unmodifiableNavigableMap(links), true);
    }

    private static String[] lines(Path file) throws IOException {
        if (Files.size(file) > LIMIT_BYTES) {
            throw new IOException(file + ": larger than " + LIMIT_BYTES + " bytes");
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return text.isEmpty() ? new String[0] : text.split("\n");
    }

    private static Map<String, String> labels(Path root) throws IOException {
        Path file = root.resolve(".ringfence").resolve("labels");
        Map<String, String> labels = new HashMap<>();
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            for (String line : lines(file)) {
                int path = line.indexOf(" /");
                if (path > 0) {
                    String label = line.substring(0, path).strip();
                    labels.put(line.substring(path + 1), label.equals("?") ? "" : label);
                }
            }
        }
        return labels;
    }

    /** The octal mode behind {@code drwxr-sr-t}. */
    private static int mode(String text) {
        int mode = switch (text.charAt(0)) {
            case '-' -> 0100000;
            case 'd' -> 0040000;
            case 'l' -> 0120000;
            case 's' -> 0140000;
            case 'c' -> 0020000;
            case 'b' -> 0060000;
            case 'p' -> 0010000;
            default -> throw new IllegalArgumentException("no type of file: " + text);
        };
        for (int i = 0; i < 9; i++) {
            char c = text.charAt(1 + i);
            int bit = 0400 >> i;
            int special = i == 2 ? 04000 : i == 5 ? 02000 : 01000;
            switch (c) {
                case '-' -> {}
                case 'r', 'w', 'x' -> mode |= bit;
                case 's', 't' -> mode |= bit | special;
                case 'S', 'T' -> mode |= special;
                default -> throw new IllegalArgumentException("no permission: " + text);
            }
        }
        return mode;
    }

    private static Fact<Boolean> acl(String mode, String path, CaptureIndex index) {
        if (mode.length() > LIST_MARK && mode.charAt(LIST_MARK) == '+') {
            return Fact.of(true, path, "recorded");
        }
        return index.showsAccessLists()
                ? Fact.of(false, path, "recorded")
                : Fact.notObserved(path, "recorded", "the host's ls does not show access lists");
    }

    private static Fact<String> label(String path, Map<String, String> labels, CaptureIndex index) {
        String label = index.labels().equals("none") ? "" : labels.get(path);
        return label == null
                ? Fact.notObserved(path, "recorded", "the capture did not record its label")
                : Fact.of(label, path, "recorded");
    }

    Optional<Entry> entry(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    Optional<String> link(String path) {
        return Optional.ofNullable(links.get(path));
    }

    /** Whether anything below a directory was recorded; its path ends with a slash. */
    boolean mentions(String directory) {
        String next = entries.ceilingKey(directory);
        return next != null && next.startsWith(directory);
    }

    /** The recorded links that lie directly in a directory, by name. */
    Map<String, String> linksIn(String directory) {
        if (links.isEmpty()) {
            return Map.of();
        }
        String start = directory.endsWith("/") ? directory : directory + "/";
        Map<String, String> found = new HashMap<>();
        for (Map.Entry<String, String> link : links.tailMap(start).entrySet()) {
            if (!link.getKey().startsWith(start)) {
                break;
            }
            String name = link.getKey().substring(start.length());
            if (!name.isEmpty() && name.indexOf('/') < 0) {
                found.put(name, link.getValue());
            }
        }
        return found;
    }
}
