package dev.ringfence.formats.elf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where glibc's dynamic loader looks for a library, in its order (ld.so(8)): the DT_RPATH of the requester and of those that
 * loaded it, unless the requester has a DT_RUNPATH; then the requester's DT_RUNPATH; then the configured directories; then
 * the default ones. Environment variables are left out: they are the process's, not the file's.
 *
 * <p>Pure: nothing is looked up. Paths that depend on the working directory are never candidates; {@link
 * #workingDirectoryPaths} names them, because whoever chooses the working directory chooses the library.
 */
public final class LibrarySearch {
    /** The most places that are tried for one library. */
    static final int LIMIT = 4096;

    /** Which rule leads to a candidate. */
    public enum Source {
        /** The program's PT_INTERP. */
        INTERPRETER,
        /** The needed name is a path. */
        PATH,
        /** DT_RPATH, of the requester or of a file that loaded it. */
        RPATH,
        /** The requester's DT_RUNPATH. */
        RUNPATH,
        /** A directory of ld.so.conf. */
        CONFIGURED,
        /** A directory built into the loader. */
        DEFAULT
    }

    /**
     * What the host's loader is set to.
     *
     * @param configured directories of ld.so.conf, in order
     * @param defaults directories built into the loader, in order
     * @param capabilities subdirectories tried before each directory, best first, such as {@code glibc-hwcaps/x86-64-v3}
     * @param libraryNames what {@code $LIB} stands for, such as {@code lib64}; each is tried
     * @param platform what {@code $PLATFORM} stands for, such as {@code x86_64}
     */
    public record Settings(
            List<String> configured,
            List<String> defaults,
            List<String> capabilities,
            List<String> libraryNames,
            String platform) {
        public Settings {
            configured = List.copyOf(configured);
            defaults = List.copyOf(defaults);
            capabilities = List.copyOf(capabilities);
            libraryNames = List.copyOf(libraryNames);
        }

        /**
         * Settings for a machine's programs on any of the usual distributions: the default directories of Debian's and of
         * Fedora's loader. Directories that a distribution does not have do no harm.
         */
        public static Settings of(ElfIdentity program, List<String> configured) {
            String platform = switch (program.machine().number()) {
                case ElfMachine.X86_64 -> "x86_64";
                case ElfMachine.I386 -> "i686";
                case ElfMachine.AARCH64 -> "aarch64";
                case ElfMachine.S390 -> "s390x";
                case ElfMachine.RISCV -> "riscv64";
                case ElfMachine.PPC64 -> "ppc64le";
                default -> program.machine().name();
            };
            String triplet = switch (program.machine().number()) {
                case ElfMachine.I386 -> "i386-linux-gnu";
                case ElfMachine.PPC64 -> "powerpc64le-linux-gnu";
                default -> platform + "-linux-gnu";
            };
            List<String> names = new ArrayList<>();
            names.add("lib/" + triplet);
            if (program.bits() == 64) {
                names.add("lib64");
            }
            names.add("lib");
            List<String> defaults = new ArrayList<>();
            for (String name : names) {
                defaults.add("/" + name);
                defaults.add("/usr/" + name);
            }
            return new Settings(configured, defaults, List.of(), names, platform);
        }
    }

    /**
     * A file that needs a library.
     *
     * @param path its absolute path, links resolved: {@code $ORIGIN} is its directory
     * @param identity what it asks for
     * @param loadedBy the file that needed this one; null for the program
     */
    public record Requester(
            String path, ElfIdentity identity, @Nullable Requester loadedBy) {}

    /**
     * A place to look at.
     *
     * @param path absolute
     * @param source the rule that leads there
     */
    public record Candidate(String path, Source source) {}

    private final String name;
    private final Settings settings;
    private final Set<Candidate> found = new LinkedHashSet<>();
    private int tried;

    private LibrarySearch(String name, Settings settings) {
        this.name = name;
        this.settings = settings;
    }

    /** The places where the loader looks for a needed library, in order, each once, of the first 4,096 that it tries. */
    public static List<Candidate> candidates(String name, Requester requester, Settings settings) {
        LibrarySearch search = new LibrarySearch(name, settings);
        if (name.indexOf('/') >= 0) {
            for (String path : expand(name, requester.path(), settings)) {
                search.add(path, Source.PATH);
            }
            return List.copyOf(search.found);
        }
        ElfIdentity identity = requester.identity();
        if (identity.runpath() == null) {
            for (Requester each = requester; each != null; each = each.loadedBy()) {
                // The loader ignores the DT_RPATH of a file that has a DT_RUNPATH.
                if (each.identity().runpath() == null) {
                    search.addPath(each.identity().rpath(), each.path(), Source.RPATH);
                }
            }
        }
        search.addPath(identity.runpath(), requester.path(), Source.RUNPATH);
        if (!identity.noDefaultLibraries()) {
            settings.configured().forEach(each -> search.addDirectory(each, Source.CONFIGURED));
            settings.defaults().forEach(each -> search.addDirectory(each, Source.DEFAULT));
        }
        return List.copyOf(search.found);
    }

    /**
     * The elements of a file's DT_RPATH, DT_RUNPATH and DT_NEEDED that depend on the process's working directory: relative
     * or empty ones.
     */
    public static List<String> workingDirectoryPaths(ElfIdentity identity) {
        List<String> relative = new ArrayList<>();
        for (String path : new String[] {identity.rpath(), identity.runpath()}) {
            if (path != null) {
                for (String element : path.split(":", -1)) {
                    if (!element.startsWith("/")
                            && !element.startsWith("$ORIGIN")
                            && !element.startsWith("${ORIGIN}")) {
                        relative.add(element);
                    }
                }
            }
        }
        for (String name : identity.needed()) {
            if (name.indexOf('/') > 0 && !name.startsWith("$ORIGIN") && !name.startsWith("${ORIGIN}")) {
                relative.add(name);
            }
        }
        return List.copyOf(relative);
    }

    private void addPath(@Nullable String path, String origin, Source source) {
        if (path == null) {
            return;
        }
        int from = 0;
        while (from <= path.length() && tried < LIMIT) {
            int colon = path.indexOf(':', from);
            int to = colon < 0 ? path.length() : colon;
            for (String directory : expand(path.substring(from, to), origin, settings)) {
                addDirectory(directory, source);
            }
            from = to + 1;
        }
    }

    /** Counts every try, because a hostile search path may repeat one directory without end. */
    private void addDirectory(String directory, Source source) {
        String base = directory.endsWith("/") || directory.isEmpty() ? directory : directory + "/";
        for (String capability : settings.capabilities()) {
            add(base + capability + "/" + name, source);
        }
        add(base + name, source);
    }

    /** A relative path, or an empty element of a search path, means the working directory. */
    private void add(String path, Source source) {
        if (tried++ < LIMIT && path.startsWith("/")) {
            found.add(new Candidate(path, source));
        }
    }

    /** Replaces {@code $ORIGIN}, {@code $LIB} and {@code $PLATFORM}, bare or in braces. Other text stays as it is. */
    private static List<String> expand(String text, String origin, Settings settings) {
        if (text.indexOf('$') < 0) {
            return List.of(text);
        }
        List<String> names = text.contains("LIB") ? settings.libraryNames() : List.of("");
        return names.stream()
                .map(libraryName -> expandOnce(text, origin, libraryName, settings.platform()))
                .toList();
    }

    private static String expandOnce(String text, String origin, String libraryName, String platform) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length() && out.length() <= DynamicTable.PATHS_LIMIT_BYTES) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0) {
                break;
            }
            out.append(text, at, dollar);
            boolean braces = text.startsWith("{", dollar + 1);
            int from = dollar + (braces ? 2 : 1);
            int to = from;
            while (to < text.length() && Character.isLetterOrDigit(text.charAt(to))) {
                to++;
            }
            boolean closed = !braces || text.startsWith("}", to);
            int end = braces && closed ? to + 1 : to;
            String value = switch (closed ? text.substring(from, to) : "") {
                case "ORIGIN" -> directory(origin);
                case "LIB" -> libraryName;
                case "PLATFORM" -> platform;
                default -> text.substring(dollar, end);
            };
            out.append(value);
            at = end;
        }
        return out.append(text, at, text.length()).toString();
    }

    private static String directory(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "" : path.substring(0, slash);
    }
}
