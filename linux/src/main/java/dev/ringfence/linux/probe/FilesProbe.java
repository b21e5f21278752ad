package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Owner and mode of the files in {@link WatchedPaths}. */
public final class FilesProbe {
    private final HostFiles files;
    private final FileStatus status;
    private final Map<String, Fact<List<String>>> listed = new LinkedHashMap<>();
    private final Map<String, Fact<FileFacts>> out = new LinkedHashMap<>();

    private FilesProbe(HostFiles files, FileStatus status) {
        this.files = files;
        this.status = status;
    }

    /**
     * What {@code stat} says, by path. A path without a {@code *} is always there, if need be as absent. A pattern is there
     * itself, as not observed, when its directory cannot be listed or holds more than {@link WatchedPaths#MATCH_LIMIT} such
     * files; so a control that looks at all of them notices.
     */
    public static Map<String, Fact<FileFacts>> observe(HostFiles files, FileStatus status) {
        return observe(files, status, WatchedPaths.all());
    }

    static Map<String, Fact<FileFacts>> observe(HostFiles files, FileStatus status, List<String> watched) {
        FilesProbe probe = new FilesProbe(files, status);
        for (String pattern : watched) {
            if (pattern.indexOf('*') < 0) {
                probe.out.put(pattern, status.of(pattern));
            } else {
                probe.expand(pattern);
            }
        }
        return probe.out;
    }

    private void expand(String pattern) {
        List<String> paths = List.of("");
        for (String part : pattern.substring(1).split("/")) {
            List<String> next = new ArrayList<>();
            for (String path : paths) {
                if (part.indexOf('*') < 0) {
                    next.add(path + "/" + part);
                    continue;
                }
                Fact<List<String>> names = listed.computeIfAbsent(path, this::names);
                if (names instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                    out.put(pattern, Fact.notObserved(path, "list", reason));
                    continue;
                }
                Pattern wanted = glob(part);
                names.orElse(List.of()).stream()
                        .filter(name -> wanted.matcher(name).matches())
                        .forEach(name -> next.add(path + "/" + name));
            }
            if (next.size() > WatchedPaths.MATCH_LIMIT) {
                out.put(pattern, Fact.notObserved(pattern, "list", next.size() + " files, too many to look at each"));
            }
            paths = next.subList(0, Math.min(next.size(), WatchedPaths.MATCH_LIMIT));
        }
        for (String path : paths) {
            Fact<FileFacts> fact = status.of(path);
            if (!(fact instanceof Fact.Absent)) {
                out.put(path, fact);
            }
        }
    }

    /** A capture records more than it copies: keys and images have an owner and a mode there, but no content. */
    private Fact<List<String>> names(String directory) {
        TreeSet<String> recorded = new TreeSet<>(files.recordedIn(directory));
        Fact<List<String>> names = files.list(directory);
        if (recorded.isEmpty()) {
            return names;
        }
        recorded.addAll(names.orElse(List.of()));
        return Fact.of(List.copyOf(recorded), directory, "recorded");
    }

    private static Pattern glob(String part) {
        StringBuilder out = new StringBuilder();
        for (String literal : part.split("\\*", -1)) {
            out.append(out.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return Pattern.compile(out.toString(), Pattern.DOTALL);
    }
}
