package dev.ringfence.linux.watch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where the kernel tells of changes in directories. For one thread, but for {@link #close}. */
public interface FileEvents extends Closeable {
    /** What of a directory is told. Each level tells all of the one before. */
    enum Level {
        /** Entries that come, go or are renamed, and the directory itself. */
        ENTRIES,
        /** Also owner, mode and other attributes of entries. */
        ATTRIBUTES,
        /** Also the content of entries. */
        CONTENT
    }

    /**
     * Something happened.
     *
     * @param directory as it was given to {@link #watch}
     * @param name of the entry, empty for the directory itself
     * @param structural whether an entry or the directory came, went or was renamed
     */
    record Event(Path directory, String name, boolean structural) {}

    /**
     * What happened since the last call.
     *
     * @param lost whether events were dropped, so that everything has to be looked at
     */
    record Events(List<Event> events, boolean lost) {
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * Begins to watch a directory, or to watch more of it; links are followed.
     *
     * @return false where there is no such directory
     * @throws IOException naming the directory, if the kernel refuses for another reason, such as its limit of watches
     */
    boolean watch(Path directory, Level level) throws IOException;

    /**
     * Waits for events.
     *
     * @return empty when the time is over
     * @throws IOException if the kernel no longer tells
     */
    Events await(Duration atMost) throws IOException;
}
