package dev.ringfence.cli.inspect;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.elf.ElfFile;
import dev.ringfence.formats.elf.ElfHardening;
import dev.ringfence.formats.elf.NeededLibraries;
import dev.ringfence.linux.ElfFiles;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.wire.inspect.ElfJson;
import dev.ringfence.wire.inspect.ElfJson.Entry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How binaries were hardened. */
@Command(
        name = "elf",
        mixinStandardHelpOptions = true,
        description =
                "Say how binaries were hardened when they were built: RELRO, canary, NX, PIE, FORTIFY, CET and more.",
        footer = {
            "",
            "Exit status: 0 all are hardened, 1 something is missing or a file is refused, 2 usage, 3 could not run.",
            "Missing is: RELRO not full, no canary, an executable stack, a program that is no PIE, or a writable search path.",
            "",
            "Examples:",
            "  ringfence inspect elf /usr/bin/qemu-system-x86_64",
            "  ringfence inspect elf /usr/bin/qemu-system-x86_64 --needed      and every library it loads",
            "  ringfence inspect elf --tree /usr/bin                           every ELF file below a directory",
            "  ringfence inspect elf --tree /usr/bin --format json"
        })
final class InspectElf implements Callable<Integer> {
    private static final int TREE_LIMIT = 1_000_000;

    private final Terminal terminal;

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Files to judge.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--tree",
            paramLabel = "DIR",
            description = "Judge every ELF file below a directory; other files are passed over. Repeatable.")
    private List<Path> trees = new ArrayList<>();

    @Option(names = "--needed", description = "Follow the libraries that the loader would map.")
    private boolean needed;

    @Option(names = "--code", description = "Look at the machine code as well, for stack-clash protection (x86-64).")
    private boolean code;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (the default) or json.")
    private Format format = Format.TABLE;

    enum Format {
        TABLE,
        JSON
    }

    InspectElf(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (paths.isEmpty() && trees.isEmpty()) {
            throw CommandFailure.usage("inspect elf: name at least one file, or a directory with --tree");
        }
        List<Path> asked = new ArrayList<>(paths);
        // A directory that is given like a file is what --tree is for; say so instead of failing on it.
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                throw CommandFailure.usage(path + ": a directory; judge what is in it with --tree " + path);
            }
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        ElfFiles files = new ElfFiles(HostFiles.live());
        try (Progress progress = new Progress(terminal)) {
            for (Path path : asked) {
                judge(files, path.toAbsolutePath().normalize().toString(), entries);
            }
            for (Path tree : trees) {
                walk(files, tree, entries, progress);
            }
        }
        Collection<Entry> found = entries.values();
        if (format == Format.JSON) {
            ElfJson.write(List.copyOf(found), terminal.out());
        } else {
            new ElfTable(terminal).write(found);
        }
        return found.stream().allMatch(ElfTable::hardened) ? ExitStatus.CLEAN : ExitStatus.FINDINGS;
    }

    private void judge(ElfFiles files, String path, Map<String, Entry> entries) throws CommandFailure {
        switch (code ? files.readWithCode(path) : files.read(path)) {
            case Fact.Absent<Decoded<ElfFile>> a -> throw CommandFailure.couldNotRun(path + ": no such file");
            case Fact.NotObserved<Decoded<ElfFile>>(var source, String reason) ->
                throw CommandFailure.couldNotRun(path + ": " + reason);
            case Fact.Observed<Decoded<ElfFile>>(Decoded<ElfFile> decoded, var source) -> {
                switch (decoded) {
                    case Decoded.Refused<ElfFile>(Refusal refusal) ->
                        entries.putIfAbsent(path, new Entry.Refused(path, "", refusal));
                    case Decoded.Value<ElfFile>(ElfFile file) -> add(files, path, file, entries);
                }
            }
        }
    }

    private void add(ElfFiles files, String path, ElfFile file, Map<String, Entry> entries) {
        entries.put(path, new Entry.Judged(path, "", ElfHardening.of(file)));
        if (needed) {
            NeededLibraries.Closure closure = files.needed(path, file);
            closure.libraries()
                    .forEach(l -> entries.putIfAbsent(
                            l.path(), new Entry.Judged(l.path(), l.requestedBy(), ElfHardening.of(l.file()))));
            closure.missing()
                    .forEach(m -> entries.putIfAbsent(
                            m.name(),
                            new Entry.Refused(
                                    m.name(), m.requestedBy(), new Refusal("RF-ELF-020", "library not found"))));
        }
    }

    private void walk(ElfFiles files, Path tree, Map<String, Entry> entries, Progress progress)
            throws CommandFailure, IOException {
        if (!Files.isDirectory(tree)) {
            throw CommandFailure.couldNotRun(
                    tree + ": " + (Files.exists(tree) ? "not a directory" : "no such directory"));
        }
        int[] seen = {0};
        Files.walkFileTree(tree.toAbsolutePath().normalize(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (++seen[0] > TREE_LIMIT) {
                    return FileVisitResult.TERMINATE;
                }
                if ((seen[0] & 0xff) == 0) {
                    progress.step(seen[0] + " files, " + entries.size() + " of them ELF");
                }
                if (attributes.isRegularFile() && attributes.size() >= 4) {
                    ifElf(files, file.toString(), entries);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                entries.put(
                        file.toString(),
                        new Entry.Refused(file.toString(), "", new Refusal("RF-ELF-021", "cannot be read")));
                return FileVisitResult.CONTINUE;
            }
        });
        if (seen[0] > TREE_LIMIT) {
            throw CommandFailure.couldNotRun(tree + ": more than " + TREE_LIMIT + " files; name smaller directories");
        }
    }

    private void ifElf(ElfFiles files, String path, Map<String, Entry> entries) {
        switch (code ? files.readWithCode(path) : files.read(path)) {
            case Fact.Absent<Decoded<ElfFile>> gone -> {}
            case Fact.NotObserved<Decoded<ElfFile>>(var source, String reason) ->
                entries.put(path, new Entry.Refused(path, "", new Refusal("RF-ELF-021", reason)));
            case Fact.Observed<Decoded<ElfFile>>(Decoded<ElfFile> decoded, var source) -> {
                switch (decoded) {
                    case Decoded.Value<ElfFile>(ElfFile file) -> add(files, path, file, entries);
                    case Decoded.Refused<ElfFile>(Refusal refusal) -> {
                        // 001 is "not an ELF file": scripts and data, of which a tree is full.
                        if (!refusal.code().equals("RF-ELF-001")) {
                            entries.put(path, new Entry.Refused(path, "", refusal));
                        }
                    }
                }
            }
        }
    }
}
