package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Configuration that is spread over directories: files are read in the order of their names, and a name in an earlier
 * directory hides the same name in a later one (modprobe.d(5), systemd's drop-ins, QEMU's firmware descriptors).
 */
final class ConfigDirectories {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");

    private ConfigDirectories() {}

    /**
     * The files that count, in the order in which they are read; empty where no directory is there. Not observed when a
     * directory could not be listed, because a hidden file may change everything.
     *
     * @param directories from the one that counts most
     */
    static Fact<List<String>> effective(HostFiles files, String suffix, List<String> directories) {
        Map<String, String> byName = new TreeMap<>();
        for (String directory : directories) {
            switch (files.list(directory)) {
                case Fact.Observed<List<String>>(List<String> names, var source) ->
                    names.stream()
                            .filter(n -> n.endsWith(suffix) && !n.startsWith("."))
                            .forEach(n -> byName.putIfAbsent(n, directory + "/" + n));
                case Fact.Absent<List<String>> absent -> {}
                case Fact.NotObserved<List<String>> unseen -> {
                    return unseen;
                }
            }
        }
        return Fact.of(new ArrayList<>(byName.values()), String.join(" ", directories), "list");
    }

    /**
     * The paths that a pattern of an include directive stands for, sorted: a plain path, or one whose last part holds
     * {@code *} and {@code ?}. A directory that is not there gives none; one that cannot be listed is not observed.
     */
    static Fact<List<String>> matching(HostFiles files, String pattern) {
        String last = Readings.baseName(pattern);
        if (!pattern.startsWith("/")) {
            return Fact.notObserved(pattern, "list", "not an absolute path");
        }
        String directory = pattern.substring(0, pattern.length() - last.length() - 1);
        if (WILDCARD.matcher(directory).find()) {
            return Fact.notObserved(pattern, "list", "a pattern of directories is not followed");
        }
        if (!WILDCARD.matcher(last).find()) {
            return Fact.of(List.of(pattern), pattern, "list");
        }
        Optional<PathGlob> glob = PathGlob.of(last);
        if (glob.isEmpty()) {
            return Fact.notObserved(pattern, "list", "a pattern too long to be judged");
        }
        return Readings.orElse(
                        files.list(directory.isEmpty() ? "/" : directory), () -> Fact.of(List.of(), directory, "list"))
                .map(names -> names.stream()
                        .filter(name -> !name.startsWith(".") && glob.get().matches(name))
                        .map(name -> directory + "/" + name)
                        .toList());
    }

    /** The text of a configuration file; one that points to /dev/null is empty, which is how a file is masked. */
    static Fact<String> text(HostFiles files, String path) {
        return text(files, path, HostFiles.TEXT_LIMIT_BYTES);
    }

    /** As the other, for a file of at most that many bytes. */
    static Fact<String> text(HostFiles files, String path, int limitBytes) {
        return files.link(path).orElse("").equals("/dev/null")
                ? Fact.of("", path, "read")
                : files.text(path, limitBytes);
    }
}
