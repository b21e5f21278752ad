package dev.ringfence.formats.elf;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of {@code /etc/ld.so.conf} and of the files that it includes (ldconfig(8)). Directories and includes come in
 * the order of the file, because an earlier directory wins; the caller expands the patterns and reads the files.
 */
public final class LdSoConf {
    /** One line's meaning. */
    public sealed interface Entry {}

    /** An absolute directory that holds libraries. */
    public record Directory(String path) implements Entry {}

    /** A file name pattern as in glob(7); relative to the directory of the including file. */
    public record Include(String pattern) implements Entry {}

    private LdSoConf() {}

    /**
     * The entries of one file. Total: comments, obsolete {@code hwcap} lines and relative directories, which ldconfig refuses
     * too, are left out.
     */
    public static List<Entry> parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String raw : text.split("[\n\r]")) {
            int comment = raw.indexOf('#');
            String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
            String[] words = line.split("[ \t]+");
            if (words[0].equals("include")) {
                for (int i = 1; i < words.length; i++) {
                    entries.add(new Include(words[i]));
                }
            } else if (line.startsWith("/")) {
                // "directory=libc6" names the kind of libraries, as ldconfig once needed.
                int kind = line.indexOf('=');
                entries.add(new Directory(kind < 0 ? line : line.substring(0, kind)));
            }
        }
        return List.copyOf(entries);
    }
}
