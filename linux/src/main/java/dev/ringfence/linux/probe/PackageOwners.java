package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which package a file belongs to, and the checksum it should have. The database has one list of files for each package and
 * no index; so the lists of packages that share a word with the file's name are searched first, and usually alone.
 *
 * <p>Source: dpkg(1), /var/lib/dpkg/info. Not for diverted files. Not thread-safe.
 */
final class PackageOwners {
    private static final String INFO = "/var/lib/dpkg/info";
    private static final int LIST_LIMIT_BYTES = 16 << 20;
    /** Directories that are links into /usr on a merged system; the lists may have either name. */
    private static final List<String> MERGED = List.of("/bin/", "/sbin/", "/lib/", "/lib64/", "/lib32/");

    private final HostFiles files;
    private final Fact<List<String>> lists;

    PackageOwners(HostFiles files) {
        this.files = files;
        this.lists = files.list(INFO)
                .map(names ->
                        names.stream().filter(name -> name.endsWith(".list")).toList());
    }

    /**
     * A file of a package.
     *
     * @param md5 32 hexadecimal digits, empty when the package keeps no checksum of it
     */
    record PackageFile(String packageName, String md5) {}

    /** The owner of a path, links resolved. Absent when no package has it. */
    Fact<PackageFile> of(String path) {
        return switch (lists) {
            case Fact.Absent<List<String>> a ->
                Fact.notObserved(INFO, "list", "no package database that is known here");
            case Fact.NotObserved<List<String>>(var source, String reason) ->
                Fact.notObserved(source.where(), source.how(), reason);
            case Fact.Observed<List<String>>(List<String> names, var ignored) -> find(path, names);
        };
    }

    private Fact<PackageFile> find(String path, List<String> names) {
        List<String> spellings = spellings(path);
        for (String list : likelyFirst(names, Readings.baseName(path))) {
            Fact<String> content = text(INFO + "/" + list);
            if (content instanceof Fact.NotObserved<String>(var source, String reason)) {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
            String lines = content.orElse("");
            for (String spelling : spellings) {
                if (hasLine(lines, spelling)) {
                    String stem = list.substring(0, list.length() - ".list".length());
                    return Fact.of(
                            new PackageFile(stem.replaceFirst(":.*", ""), checksum(stem, spelling)),
                            INFO + "/" + list,
                            "parsed");
                }
            }
        }
        return Fact.absent(INFO, "parsed");
    }

    private String checksum(String stem, String path) {
        String lines = text(INFO + "/" + stem + ".md5sums").orElse("");
        String wanted = "  " + path.substring(1);
        for (int at = lines.indexOf(wanted); at >= 0; at = lines.indexOf(wanted, at + 1)) {
            int end = at + wanted.length();
            boolean whole = end == lines.length() || lines.charAt(end) == '\n';
            if (whole && at >= 32) {
                String md5 = lines.substring(at - 32, at).toLowerCase(Locale.ROOT);
                return md5.matches("[0-9a-f]{32}") ? md5 : "";
            }
        }
        return "";
    }

    /** Bytes as they are: a name that is not UTF-8 must not match another. */
    private Fact<String> text(String path) {
        return files.bytes(path, LIST_LIMIT_BYTES).map(b -> new String(b, StandardCharsets.ISO_8859_1));
    }

    private static boolean hasLine(String lines, String line) {
        for (int at = lines.indexOf(line); at >= 0; at = lines.indexOf(line, at + 1)) {
            int end = at + line.length();
            if ((at == 0 || lines.charAt(at - 1) == '\n') && (end == lines.length() || lines.charAt(end) == '\n')) {
                return true;
            }
        }
        return false;
    }

    private static List<String> spellings(String path) {
        List<String> out = new ArrayList<>();
        String bytes = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        out.add(bytes);
        for (String directory : MERGED) {
            if (bytes.startsWith(directory)) {
                out.add("/usr" + bytes);
            } else if (bytes.startsWith("/usr" + directory)) {
                out.add(bytes.substring("/usr".length()));
            }
        }
        return out;
    }

    private static List<String> likelyFirst(List<String> names, String fileName) {
        List<String> words = new ArrayList<>();
        for (String word : fileName.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
            if (word.length() > 2) {
                words.add(word);
            }
        }
        List<String> likely = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String name : names) {
            (words.stream().anyMatch(name::contains) ? likely : rest).add(name);
        }
        // The more of the words, the sooner.
        likely.sort((a, b) -> Long.compare(
                words.stream().filter(b::contains).count(),
                words.stream().filter(a::contains).count()));
        likely.addAll(rest);
        return likely;
    }
}
