package dev.ringfence.formats.elf;

import dev.ringfence.formats.elf.LibrarySearch.Candidate;
import dev.ringfence.formats.elf.LibrarySearch.Requester;
import dev.ringfence.formats.elf.LibrarySearch.Settings;
import dev.ringfence.formats.elf.LibrarySearch.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Every library that glibc's loader maps when a program starts: those that it needs, those that they need, breadth first as
 * the loader does it, and the loader itself. Libraries that a program opens later (dlopen) are not in the file.
 */
public final class NeededLibraries {
    /** The most libraries of one program. */
    static final int LIBRARY_LIMIT = 4096;
    /** The most distinct names that one program and its libraries need. */
    static final int NAME_LIMIT = 8192;
    /** The most lookups for one program. */
    static final int LOOKUP_LIMIT = 200_000;

    /** The caller's files. */
    @FunctionalInterface
    public interface Files {
        /**
         * Reads the file at an absolute path, links followed.
         *
         * @return empty if there is no file, or none that {@link ElfReader} accepts
         */
        Optional<ElfFile> open(String path);
    }

    /**
     * A library that is loaded.
     *
     * @param name as it was needed
     * @param path where it was found
     * @param source the rule that found it
     * @param requestedBy path of the file that needed it first
     * @param file what it is
     */
    public record Library(String name, String path, Source source, String requestedBy, ElfFile file) {}

    /**
     * A library that was not found; the program does not start without it.
     *
     * @param name as it is needed
     * @param requestedBy path of the file that needs it
     */
    public record Missing(String name, String requestedBy) {}

    /**
     * The outcome.
     *
     * @param libraries in the order in which the loader maps them, the loader itself first
     * @param missing those not found
     * @param complete false if the limit of 4,096 libraries, 8,192 names or 200,000 lookups ended the
     *     search
     */
    public record Closure(List<Library> libraries, List<Missing> missing, boolean complete) {
        public Closure {
            libraries = List.copyOf(libraries);
            missing = List.copyOf(missing);
        }
    }

    private final Settings settings;
    private final Files files;
    private final ElfIdentity program;
    private final Map<String, Library> byPath = new LinkedHashMap<>();
    private final List<Missing> missing = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final Queue<Requester> waiting = new ArrayDeque<>();
    private int lookups;

    private NeededLibraries(ElfIdentity program, Settings settings, Files files) {
        this.program = program;
        this.settings = settings;
        this.files = files;
    }

    /**
     * Follows what a program or library needs.
     *
     * @param path its absolute path, links resolved
     */
    public static Closure of(String path, ElfFile file, Settings settings, Files files) {
        NeededLibraries search = new NeededLibraries(file.identity(), settings, files);
        return search.follow(new Requester(path, file.identity(), null));
    }

    private Closure follow(Requester root) {
        if (program.soname() != null) {
            known.add(program.soname());
        }
        String interpreter = program.interpreter();
        if (interpreter != null) {
            Candidate itself = new Candidate(interpreter, Source.INTERPRETER);
            if (!load(interpreter, itself, root)) {
                missing.add(new Missing(interpreter, root.path()));
            }
        }
        waiting.add(root);
        boolean complete = true;
        for (Requester next = waiting.poll(); complete && next != null; next = waiting.poll()) {
            for (String name : next.identity().needed()) {
                complete = find(name, next);
                if (!complete) {
                    break;
                }
            }
        }
        return new Closure(List.copyOf(byPath.values()), missing, complete);
    }

    /** Whether the search may go on. */
    private boolean find(String name, Requester requester) {
        if (!known.add(name)) {
            return true;
        }
        if (byPath.size() >= LIBRARY_LIMIT || known.size() > NAME_LIMIT) {
            return false;
        }
        for (Candidate candidate : LibrarySearch.candidates(name, requester, settings)) {
            if (lookups >= LOOKUP_LIMIT) {
                return false;
            }
            if (load(name, candidate, requester)) {
                return true;
            }
        }
        missing.add(new Missing(name, requester.path()));
        return true;
    }

    /** Loads a file if it is there and of the program's machine; the loader passes over files of other machines. */
    private boolean load(String name, Candidate candidate, Requester requester) {
        if (byPath.containsKey(candidate.path())) {
            return true;
        }
        lookups++;
        ElfFile file = files.open(candidate.path()).orElse(null);
        if (file == null
                || !file.identity().fits(program)
                || file.identity().type() != ElfType.SHARED_OBJECT
                || !file.identity().kind().loadable()) {
            return false;
        }
        byPath.put(candidate.path(), new Library(name, candidate.path(), candidate.source(), requester.path(), file));
        String soname = file.identity().soname();
        if (soname != null) {
            known.add(soname);
        }
        waiting.add(new Requester(candidate.path(), file.identity(), requester));
        return true;
    }
}
