package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.elf.ElfFile;
import dev.ringfence.formats.elf.ElfReader;
import dev.ringfence.formats.elf.LdSoConf;
import dev.ringfence.formats.elf.LibrarySearch;
import dev.ringfence.formats.elf.NeededLibraries;
import dev.ringfence.formats.io.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the ELF files of a host, and finds the libraries that they load. Each library is read once. For one thread. */
public final class ElfFiles {
    private static final int CONFIGURATION_DEPTH = 4;

    private final HostFiles files;
    private final Map<String, Optional<ElfFile>> libraries = new HashMap<>();
    private final List<String> configured = new ArrayList<>();

    /** Reads the host's ld.so.conf. */
    public ElfFiles(HostFiles files) {
        this.files = files;
        configuration("/etc/ld.so.conf", 0);
    }

    /** Reads a file; a refusal is a value, a file that cannot be opened a fact that says why. */
    public Fact<Decoded<ElfFile>> read(String path) {
        return read(path, false);
    }

    /** As {@link #read(String)}, and looks at the code as well, which costs reading it. */
    public Fact<Decoded<ElfFile>> readWithCode(String path) {
        return read(path, true);
    }

    private Fact<Decoded<ElfFile>> read(String path, boolean code) {
        return switch (files.file(path)) {
            case Fact.Observed<Path>(Path real, var source) -> {
                try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
                    ByteSource bytes = new ChannelSource(channel, channel.size());
                    yield new Fact.Observed<>(code ? ElfReader.readWithCode(bytes) : ElfReader.read(bytes), source);
                } catch (IOException e) {
                    yield HostFiles.failure(path, "read", e);
                }
            }
            case Fact.Absent<Path>(var source) -> new Fact.Absent<>(source);
            case Fact.NotObserved<Path>(var source, String reason) -> new Fact.NotObserved<>(source, reason);
        };
    }

    /**
     * Every library that the loader maps for a program.
     *
     * @param path absolute path of the program
     */
    public NeededLibraries.Closure needed(String path, ElfFile program) {
        LibrarySearch.Settings settings = LibrarySearch.Settings.of(program.identity(), configured);
        return NeededLibraries.of(path, program, settings, this::library);
    }

    private Optional<ElfFile> library(String path) {
        return libraries.computeIfAbsent(
                path,
                p -> read(p)
                                instanceof
                                Fact.Observed<Decoded<ElfFile>>(Decoded.Value<ElfFile>(ElfFile file), var source)
                        ? Optional.of(file)
                        : Optional.empty());
    }

    private void configuration(String path, int depth) {
        if (depth > CONFIGURATION_DEPTH) {
            return;
        }
        for (LdSoConf.Entry entry : LdSoConf.parse(files.text(path).orElse(""))) {
            switch (entry) {
                case LdSoConf.Directory(String directory) -> configured.add(directory);
                case LdSoConf.Include(String pattern) -> {
                    // Relative to the including file, and those lie in /etc.
                    String absolute = pattern.startsWith("/") ? pattern : "/etc/" + pattern;
                    int slash = absolute.lastIndexOf('/');
                    if (slash > 0) {
                        String directory = absolute.substring(0, slash);
                        String suffix = absolute.substring(slash + 1).replaceFirst("^\\*", "");
                        files.list(directory).orElse(List.of()).stream()
                                .filter(name -> name.endsWith(suffix))
                                .forEach(name -> configuration(directory + "/" + name, depth + 1));
                    }
                }
            }
        }
    }

    /** Positional reads of a channel; a file that shrinks meanwhile is an error, never a short answer. */
    private record ChannelSource(FileChannel channel, long sizeBytes) implements ByteSource {
        @Override
        public void read(long offset, byte[] into, int at, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, at, length);
            long position = offset;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, position);
                if (count < 0) {
                    throw new EOFException("the file became shorter while it was read");
                }
                position += count;
            }
        }
    }
}
