package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.CurrentState;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.util.List;

/** The state of a host, or of a tree that stands for one, read when it is asked for. Thread-safe. */
public final class HostState implements CurrentState {
    private final HostFiles files;
    private final FileStatus status;

    /** Reads the host's account names. */
    public HostState(HostFiles files) {
        this.files = files;
        this.status = new FileStatus(files);
    }

    @Override
    public Fact<FileOnHost> file(String path) {
        return switch (attributes(path)) {
            case Fact.Absent<PathOnHost>(var source) -> new Fact.Absent<>(source);
            case Fact.NotObserved<PathOnHost>(var source, String reason) -> new Fact.NotObserved<>(source, reason);
            case Fact.Observed<PathOnHost>(PathOnHost there, var source) ->
                there.kind().equals("file")
                        ? files.bytes(path, FileContent.LIMIT_BYTES)
                                .map(bytes -> new FileOnHost(FileContent.of(bytes), there.attributes()))
                        : Fact.notObserved(path, "stat", "not a regular file but a " + there.kind());
        };
    }

    @Override
    public Fact<PathOnHost> attributes(String path) {
        return switch (status.of(path)) {
            case Fact.Absent<FileFacts>(var source) -> new Fact.Absent<>(source);
            case Fact.NotObserved<FileFacts>(var source, String reason) -> new Fact.NotObserved<>(source, reason);
            case Fact.Observed<FileFacts>(FileFacts file, var source) ->
                file.kind().equals("symlink")
                        ? Fact.notObserved(path, "stat", "a symbolic link; change what it points to")
                        : new Fact.Observed<>(
                                new PathOnHost(
                                        file.kind(), new FileAttributes(file.owner(), file.group(), file.mode())),
                                source);
        };
    }

    @Override
    public Fact<Boolean> exists(String path) {
        return files.exists(path);
    }

    @Override
    public Fact<List<String>> list(String directory) {
        return files.list(directory);
    }

    @Override
    public Fact<String> kernelValue(String path) {
        return files.line(path);
    }
}
