package dev.ringfence.linux.watch;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@link Witness} of the running kernel: fanotify(7) tells the process behind a change, which inotify does not. Needs root
 * and Linux 5.9. Names of entries are matched without their directory, which would need a look-up by file handle; of two
 * like names that change within a moment the later one counts.
 */
public final class Fanotify implements Witness, Closeable {
    // FAN_CLASS_NOTIF is 0.
    private static final int CLOEXEC_NONBLOCK = 0x1 | 0x2;
    private static final int REPORT_DFID_NAME = 0x400 | 0x800;
    private static final int MARK_ADD_ONLYDIR = 0x1 | 0x8;
    // MODIFY, ATTRIB, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE, EVENT_ON_CHILD, ONDIR.
    private static final long EVENTS = 0x2L | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x0800_0000L | 0x4000_0000L;
    private static final int AT_FDCWD = -100;
    private static final int INFO_DFID_NAME = 2;
    private static final int METADATA_BYTES = 24;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_PROC_BYTES = 4096;
    private static final int MAX_REMEMBERED = 512;
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(1).toNanos();

    private static final MethodHandle INIT = CLibrary.bind(
            "fanotify_init", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle MARK = CLibrary.bind(
            "fanotify_mark",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));

    private static final Pattern UID = Pattern.compile("^Uid:\\s*(\\d+)", Pattern.MULTILINE);
    /** The kernel's word for a process that nobody logged in for. */
    private static final String NO_LOGIN = "4294967295";

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(CLibrary.STATE);
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final int descriptor;
    private final long self = ProcessHandle.current().pid();
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private boolean closed;

    private record Seen(String who, long atNanos) {}

    /**
     * Opens a group.
     *
     * @throws IOException if the kernel has no such thing or refuses it to this user
     */
    public Fanotify() throws IOException {
        try {
            descriptor = (int) INIT.invokeExact(state, CLOEXEC_NONBLOCK | REPORT_DFID_NAME, 0);
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
        if (descriptor < 0) {
            throw CLibrary.failure("fanotify_init", CLibrary.errno(state));
        }
    }

    /** A witness where the kernel gives one, else one that never knows. */
    public static Witness orNone() {
        try {
            return new Fanotify();
        } catch (IOException refused) {
            return NONE;
        }
    }

    @Override
    public void watch(Path directory) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment path = call.allocateFrom(directory.toString());
            // A refusal, such as of a file system without handles, leaves "not known".
            int refused = (int) MARK.invokeExact(state, descriptor, MARK_ADD_ONLYDIR, EVENTS, AT_FDCWD, path);
            assert refused <= 0;
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
    }

    @Override
    public void listen() {
        long length = read();
        while (length > 0) {
            take(length);
            length = read();
        }
    }

    private long read() {
        try {
            return (long) CLibrary.READ.invokeExact(state, descriptor, buffer, (long) BUFFER_BYTES);
        } catch (Throwable thrown) {
            throw CLibrary.impossible(thrown);
        }
    }

    /** struct fanotify_event_metadata: u32 length, u8 version, u8, u16 own length, u64 mask, s32 fd, s32 pid; then records. */
    private void take(long length) {
        long at = 0;
        while (at + METADATA_BYTES <= length) {
            long eventBytes = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            if (eventBytes < METADATA_BYTES || at + eventBytes > length) {
                return;
            }
            int pid = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 20);
            long record = at + Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 6));
            at += eventBytes;
            while (record + 4 <= at && pid != self) {
                int recordBytes = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, record + 2));
                if (recordBytes < 4) {
                    break;
                }
                if (buffer.get(ValueLayout.JAVA_BYTE, record) == INFO_DFID_NAME) {
                    remember(name(record, recordBytes), pid);
                }
                record += recordBytes;
            }
        }
    }

    /** Header of 4 bytes, file system id of 8, handle: u32 bytes, s32 type, the bytes; then the name and a NUL. */
    private String name(long record, int recordBytes) {
        long handleBytes = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT_UNALIGNED, record + 12));
        long name = record + 20 + handleBytes;
        long end = name;
        while (end < record + recordBytes && buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return name >= record + recordBytes
                ? ""
                : new String(buffer.asSlice(name, end - name).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private void remember(String name, int pid) {
        String who = describe(pid);
        Seen before = seen.get(name);
        // An event of a process that has ended must not hide what an earlier event told of the same one.
        boolean ended = who.endsWith("(ended)");
        String said = before != null && ended && before.who().startsWith("process " + pid + " ") ? before.who() : who;
        seen.remove(name);
        seen.put(name, new Seen(said, System.nanoTime()));
        if (seen.size() > MAX_REMEMBERED) {
            seen.remove(seen.keySet().iterator().next());
        }
    }

    private static String describe(int pid) {
        Path process = Path.of("/proc", String.valueOf(pid));
        String command = text(process.resolve("comm"));
        if (command.isEmpty()) {
            return "process " + pid + " (ended)";
        }
        Matcher uid = UID.matcher(text(process.resolve("status")));
        String login = text(process.resolve("loginuid"));
        return "process " + pid + " (" + command.replaceAll("[^\\x20-\\x7e]", "?") + ")"
                + (uid.find() ? " of uid " + uid.group(1) : "")
                + (login.isEmpty() || login.equals(NO_LOGIN) ? "" : ", logged in as uid " + login);
    }

    private static String text(Path file) {
        // In one read: some files of /proc end after the first.
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_PROC_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    @Override
    public Optional<String> who(Path file) {
        listen();
        long now = System.nanoTime();
        Seen own = seen.get(String.valueOf(file.getFileName()));
        if (own != null && now - own.atNanos() < REMEMBERED_NANOS) {
            return Optional.of(own.who());
        }
        // An entry of a directory that is watched as a whole.
        return Files.isDirectory(file) ? Optional.ofNullable(newest(file, now)) : Optional.empty();
    }

    private @Nullable String newest(Path directory, long now) {
        String newest = null;
        for (Map.Entry<String, Seen> entry : seen.entrySet()) {
            boolean recent =
                    now - entry.getValue().atNanos() < Duration.ofSeconds(10).toNanos();
            if (recent && Files.exists(directory.resolve(entry.getKey()), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                newest = entry.getValue().who();
            }
        }
        return newest;
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
                throw CLibrary.failure("close of fanotify", CLibrary.errno(state));
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
