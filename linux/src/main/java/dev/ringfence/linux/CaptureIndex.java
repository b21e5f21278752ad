package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@code collect.sh} looked at on a host, so that what a capture lacks is known to be absent, known to be unread, or
 * not known. The file is {@code .ringfence/index}: a line for each observation, fields separated by tabs.
 *
 * <ul>
 *   <li>{@code capture 1}: the format's version; {@code uid N}, {@code at SECONDS}: who collected, and when
 *   <li>{@code acl yes|no}: whether the host's ls marks access lists; {@code labels yes|none|unseen}: whether SELinux
 *       labels were recorded, do not exist, or could not be seen
 *   <li>{@code there PATH}, {@code dangling PATH}: something of this name is there, or a link that leads nowhere
 *   <li>{@code listed PATH}: every name in this directory is recorded
 *   <li>{@code absent PATH}: nothing is there
 *   <li>{@code unread PATH REASON}: what is there, and below it, could not be read; the reason as the system states it
 * </ul>
 *
 * Paths have no links above their last part. Immutable.
 */
final class CaptureIndex {
    static final CaptureIndex NONE = new CaptureIndex();

    private static final String VERSION = "1";
    private static final int LIMIT_BYTES = 64 << 20;

    /** Names recorded, true where they lead somewhere. */
    private final NavigableMap<String, Boolean> names = new TreeMap<>();

    private final Set<String> listed = new HashSet<>();
    private final Set<String> absent = new HashSet<>();
    private final Map<String, String> unread = new HashMap<>();
    private final Map<String, String> header = new HashMap<>();

    private CaptureIndex() {}

    static CaptureIndex read(Path root) throws IOException {
        Path file = root.resolve(".ringfence").resolve("index");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return NONE;
        }
        if (Files.size(file) > LIMIT_BYTES) {
            throw new IOException(file + ": larger than " + LIMIT_BYTES + " bytes");
        }
        CaptureIndex index = new CaptureIndex();
        int number = 0;
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
            if (!index.add(line.split("\t", 3)) || number == 0 && !line.equals("capture\t" + VERSION)) {
                throw new IOException(
                        file + ":" + (number + 1) + ": not a line of a capture; use the collect.sh of this version");
            }
            number++;
        }
        return index;
    }

    private boolean add(String[] fields) {
        if (fields.length < 2) {
            return false;
        }
        switch (fields[0]) {
            case "there" -> names.put(fields[1], true);
            case "dangling" -> names.put(fields[1], false);
            case "listed" -> listed.add(fields[1]);
            case "absent" -> absent.add(fields[1]);
            case "unread" -> unread.putIfAbsent(fields[1], fields.length > 2 ? fields[2] : "cannot be read");
            case "capture", "uid", "at", "acl", "labels" -> header.put(fields[0], fields[1]);
            default -> {
                return false;
            }
        }
        return true;
    }

    boolean present() {
        return !header.isEmpty();
    }

    /** The effective user id of the collector, -1 where unknown. */
    long uid() {
        return number("uid", -1);
    }

    /** When the collector ran, by the host's clock. */
    Fact<Instant> takenAt() {
        long seconds = number("at", -1);
        return seconds < 0 || seconds > 253_402_300_799L
                ? Fact.notObserved("/.ringfence/index", "recorded", "the capture does not say when it was made")
                : Fact.of(Instant.ofEpochSecond(seconds), "/.ringfence/index", "recorded");
    }

    private long number(String key, long otherwise) {
        try {
            return Long.parseLong(header.getOrDefault(key, String.valueOf(otherwise)));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Whether the host's ls marks access lists. */
    boolean showsAccessLists() {
        return header.getOrDefault("acl", "").equals("yes");
    }

    /** {@code yes}, {@code none} or {@code unseen}. */
    String labels() {
        return header.getOrDefault("labels", "unseen");
    }

    /** Whether something is there, links followed. */
    boolean isThere(String path) {
        return names.getOrDefault(path, false);
    }

    /** Whether every name in a directory is known. */
    boolean isListed(String directory) {
        return listed.contains(directory);
    }

    /** The names in a directory, sorted. */
    List<String> namesIn(String directory) {
        String start = directory.endsWith("/") ? directory : directory + "/";
        List<String> found = new ArrayList<>();
        for (String path : names.tailMap(start, false).keySet()) {
            if (!path.startsWith(start)) {
                break;
            }
            if (path.indexOf('/', start.length()) < 0) {
                found.add(path.substring(start.length()));
            }
        }
        return List.copyOf(found);
    }

    /**
     * What to say of something that the capture does not hold.
     *
     * @param path as it was asked for
     * @param place the same without links
     */
    <T> Fact<T> missing(String path, String place, String how) {
        for (String at = place; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            if (absent.contains(at)) {
                return Fact.absent(path, how);
            }
            String reason = unread.get(at);
            if (reason != null) {
                return HostFiles.failure(path, how, new FileSystemException(path, null, reason));
            }
            if (names.containsKey(at)) {
                if (at.equals(place)) {
                    return names.get(at)
                            ? Fact.notObserved(path, how, "left out of the capture")
                            : Fact.absent(path, how);
                }
            } else if (isListed(parent(at))) {
                return Fact.absent(path, how);
            }
        }
        return Fact.notObserved(path, how, "not in the capture");
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }
}
