package dev.ringfence.linux.image;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * A file descriptor of openat(2), which the JDK does not offer: what was checked is what is read, whatever happens to its
 * name meanwhile. Not thread-safe.
 */
final class Descriptor implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;
    private static final int STATX_BASIC = 0x7ff;
    private static final int STATX_BYTES = 256;

    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;

    private final int number;
    private final String name;
    private boolean closed;

    private Descriptor(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /** The bindings, made at the first use. */
    private static final class Libc {
        static final Linker LINKER = Linker.nativeLinker();
        static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
        static final VarHandle ERRNO_VALUE =
                Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
        static final MethodHandle OPENAT = bind(
                "openat",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT),
                ERRNO,
                Linker.Option.firstVariadicArg(3));
        static final MethodHandle STATX = bind(
                "statx",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS),
                ERRNO);
        static final MethodHandle PREAD = bind(
                "pread",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                ERRNO);
        static final MethodHandle CLOSE =
                bind("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
        }
    }

    /**
     * Opens a file to read, links in the last name refused, without waiting for the other end of a FIFO.
     *
     * @param path absolute, or relative to the working directory
     */
    static Descriptor open(String path) throws IOException {
        return openAt(AT_FDCWD, path, path, noFollow() | O_NONBLOCK);
    }

    /** Opens a directory, links followed: it is the operator's own word. */
    static Descriptor openDirectory(String path) throws IOException {
        return openAt(AT_FDCWD, path, path, O_PATH | directory());
    }

    /** Opens one name in this directory, as a directory, links refused. */
    Descriptor directoryIn(String entry) throws IOException {
        return openAt(number, entry, name + "/" + entry, O_PATH | directory() | noFollow());
    }

    /** Opens one name in this directory, as {@link #open} does. */
    Descriptor fileIn(String entry) throws IOException {
        return openAt(number, entry, name + "/" + entry, noFollow() | O_NONBLOCK);
    }

    /** O_NOFOLLOW and O_DIRECTORY are the flags that differ between the machines that QEMU's hosts are. */
    private static int noFollow() {
        return arm() ? 0100000 : 0400000;
    }

    private static int directory() {
        return arm() ? 040000 : 0200000;
    }

    private static boolean arm() {
        String machine = System.getProperty("os.arch", "");
        return machine.startsWith("aarch64") || machine.startsWith("arm") || machine.startsWith("ppc");
    }

    private static Descriptor openAt(int directory, String entry, String shown, int flags) throws IOException {
        if (entry.indexOf('\0') >= 0) {
            throw new FileSystemException("?", null, "a name with a NUL byte");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int opened =
                    (int) Libc.OPENAT.invokeExact(state, directory, arena.allocateFrom(entry), flags | O_CLOEXEC, 0);
            if (opened < 0) {
                throw failure(shown, (int) Libc.ERRNO_VALUE.get(state, 0L));
            }
            return new Descriptor(opened, shown);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("openat", e);
        }
    }

    private static FileSystemException failure(String path, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path);
            case EACCES -> new AccessDeniedException(path);
            case ENOTDIR -> new NotDirectoryException(path);
            case ELOOP -> new FileSystemLoopException(path);
            default -> new FileSystemException(path, null, "errno " + errno);
        };
    }

    /** What statx(2) says of the open file, not of its name. */
    Status status() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment buffer = arena.allocate(STATX_BYTES, 8);
            int result = (int)
                    Libc.STATX.invokeExact(state, number, arena.allocateFrom(""), AT_EMPTY_PATH, STATX_BASIC, buffer);
            if (result != 0) {
                throw failure(name, (int) Libc.ERRNO_VALUE.get(state, 0L));
            }
            return new Status(
                    buffer.get(ValueLayout.JAVA_SHORT, 28) & 0xffff,
                    buffer.get(ValueLayout.JAVA_LONG, 40),
                    buffer.get(ValueLayout.JAVA_LONG, 48) * 512,
                    buffer.get(ValueLayout.JAVA_LONG, 32),
                    ((long) buffer.get(ValueLayout.JAVA_INT, 136) << 32)
                            | buffer.get(ValueLayout.JAVA_INT, 140) & 0xffff_ffffL);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("statx", e);
        }
    }

    /**
     * Reads a range.
     *
     * @param buffer native memory, at least {@code length} bytes
     * @throws EOFException if the file became shorter
     */
    void read(long offset, MemorySegment buffer, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int done = 0;
            while (done < length) {
                long count = (long) Libc.PREAD.invokeExact(
                        state, number, buffer.asSlice(done), (long) (length - done), offset + done);
                if (count < 0) {
                    throw failure(name, (int) Libc.ERRNO_VALUE.get(state, 0L));
                }
                if (count == 0) {
                    throw new EOFException(name + ": the file became shorter while it was read");
                }
                done += (int) count;
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("pread", e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            int ignored = (int) Libc.CLOSE.invokeExact(number);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("close", e);
        }
    }

    /**
     * A file's status.
     *
     * @param mode type and permissions
     * @param sizeBytes length
     * @param allocatedBytes what it takes on disk
     * @param inode number within its device
     * @param device major number in the upper, minor in the lower half
     */
    record Status(int mode, long sizeBytes, long allocatedBytes, long inode, long device) {
        boolean regular() {
            return (mode & 0170000) == 0100000;
        }
    }
}
