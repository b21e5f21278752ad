package dev.ringfence.linux.watch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link FileEvents} of the running kernel: inotify(7). The JDK's own watch service tells nothing of attributes. */
public final class Inotify implements FileEvents {
    private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int MODIFY = 0x2;
    private static final int ATTRIB = 0x4;
    private static final int CLOSE_WRITE = 0x8;
    private static final int MOVED = 0x40 | 0x80;
    private static final int CREATE = 0x100;
    private static final int DELETE = 0x200;
    private static final int SELF = 0x400 | 0x800;
    private static final int UNMOUNT = 0x2000;
    private static final int Q_OVERFLOW = 0x4000;
    private static final int IGNORED = 0x8000;
    private static final int ONLYDIR = 0x0100_0000;
    private static final int MASK_ADD = 0x2000_0000;
    private static final int STRUCTURAL = MOVED | CREATE | DELETE | SELF | UNMOUNT | IGNORED;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final short POLLIN = 1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(CLibrary.STATE);
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final MemorySegment pollfd = arena.allocate(8, 4);
    /** The paths of a watch: two paths to one directory share it. */
    private final Map<Integer, Set<Path>> directories = new HashMap<>();

    private final int descriptor;
    private boolean closed;

    /**
     * Opens an instance.
     *
     * @throws IOException if the kernel refuses, such as at its limit of instances
     */
    public Inotify() throws IOException {
        try {
            descriptor = (int) CLibrary.INOTIFY_INIT1.invokeExact(state, NONBLOCK_CLOEXEC);
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
        if (descriptor < 0) {
            throw CLibrary.failure("inotify_init1", CLibrary.errno(state));
        }
        pollfd.set(ValueLayout.JAVA_INT, 0, descriptor);
        pollfd.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    }

    private static int mask(Level level) {
        int entries = MOVED | CREATE | DELETE | SELF | ONLYDIR | MASK_ADD;
        return switch (level) {
            case ENTRIES -> entries;
            case ATTRIBUTES -> entries | ATTRIB;
            case CONTENT -> entries | ATTRIB | MODIFY | CLOSE_WRITE;
        };
    }

    @Override
    public boolean watch(Path directory, Level level) throws IOException {
        int watch;
        try (Arena call = Arena.ofConfined()) {
            MemorySegment path = call.allocateFrom(directory.toString());
            watch = (int) CLibrary.INOTIFY_ADD_WATCH.invokeExact(state, descriptor, path, mask(level));
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
        if (watch >= 0) {
            directories.computeIfAbsent(watch, w -> new LinkedHashSet<>()).add(directory);
            return true;
        }
        int errno = CLibrary.errno(state);
        if (errno == CLibrary.ENOENT || errno == CLibrary.ENOTDIR) {
            return false;
        }
        throw CLibrary.failure(directory + ": inotify_add_watch", errno);
    }

    @Override
    public Events await(Duration atMost) throws IOException {
        int ready;
        try {
            ready = (int)
                    CLibrary.POLL.invokeExact(state, pollfd, 1L, (int) Math.clamp(atMost.toMillis(), 0, 3_600_000));
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
        if (ready < 0 && CLibrary.errno(state) != CLibrary.EINTR) {
            throw CLibrary.failure("poll", CLibrary.errno(state));
        }
        return ready <= 0 ? new Events(List.of(), false) : read();
    }

    private Events read() throws IOException {
        long length;
        try {
            length = (long) CLibrary.READ.invokeExact(state, descriptor, buffer, (long) BUFFER_BYTES);
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
        if (length < 0) {
            int errno = CLibrary.errno(state);
            if (errno == CLibrary.EAGAIN || errno == CLibrary.EINTR) {
                return new Events(List.of(), false);
            }
            throw CLibrary.failure("read of inotify", errno);
        }
        List<Event> events = new ArrayList<>();
        boolean lost = false;
        long at = 0;
        // struct inotify_event: int wd, u32 mask, u32 cookie, u32 len, char name[len].
        while (at + 16 <= length) {
            int watch = buffer.get(ValueLayout.JAVA_INT, at);
            int mask = buffer.get(ValueLayout.JAVA_INT, at + 4);
            int nameBytes = buffer.get(ValueLayout.JAVA_INT, at + 12);
            String name = nameBytes == 0 ? "" : buffer.getString(at + 16, StandardCharsets.UTF_8);
            at += 16 + nameBytes;
            lost |= (mask & Q_OVERFLOW) != 0;
            boolean structural = (mask & STRUCTURAL) != 0;
            for (Path directory : directories.getOrDefault(watch, Set.of())) {
                events.add(new Event(directory, name, structural));
            }
            if ((mask & IGNORED) != 0) {
                directories.remove(watch);
            }
        }
        return new Events(events, lost);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            int failed = (int) CLibrary.CLOSE.invokeExact(state, descriptor);
            if (failed != 0) {
                throw CLibrary.failure("close of inotify", CLibrary.errno(state));
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        } finally {
            arena.close();
        }
    }
}
