package dev.ringfence.linux.watch;

import java.nio.file.Path;
import java.util.Optional;

/** Says who changed a file, where the kernel told. */
public interface Witness {
    /** What is said where nothing is known. */
    String NOT_KNOWN = "not known";

    /** A witness that never knows. */
    Witness NONE = new Witness() {
        @Override
        public void watch(Path directory) {}

        @Override
        public void listen() {}

        @Override
        public Optional<String> who(Path file) {
            return Optional.empty();
        }
    };

    /** Begins to watch a directory; one that cannot be watched is left out. */
    void watch(Path directory);

    /** Takes what the kernel has told since; soon after an event, while its process may still be there. */
    void listen();

    /** Who changed this file or an entry of this directory last, within the last minute. */
    Optional<String> who(Path file);
}
