package dev.ringfence.core.fix;

import dev.ringfence.core.host.Fact;
import java.util.List;

/**
 * What a planner asks of a host, beyond what was audited. Paths are absolute. Nothing is changed by asking. Absent means
 * looked for and not there; not observed means nothing may be concluded.
 */
public interface CurrentState {
    /** Content and attributes of a regular file; not observed for anything else, for a link, and beyond the size limit. */
    Fact<FileOnHost> file(String path);

    /** Owner, group and mode of a file, directory or device; not observed for a link. */
    Fact<PathOnHost> attributes(String path);

    /** Whether anything is there, links followed. */
    Fact<Boolean> exists(String path);

    /** Names in a directory, sorted. */
    Fact<List<String>> list(String directory);

    /** The first line of a file below /proc or /sys, without surrounding white space. */
    Fact<String> kernelValue(String path);

    /** A regular file. */
    record FileOnHost(FileContent content, FileAttributes attributes) {
        /** What a plan remembers of it. */
        public FileState state() {
            return FileState.of(content, attributes);
        }
    }

    /**
     * What is at a path.
     *
     * @param kind as {@link dev.ringfence.core.host.FileFacts#kind()}
     */
    record PathOnHost(String kind, FileAttributes attributes) {}
}
