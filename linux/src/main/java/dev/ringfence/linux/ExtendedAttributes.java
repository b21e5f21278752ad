package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Extended attributes of every namespace, which the JDK's own file API shows only in part. Uses lgetxattr(2), llistxattr(2)
 * and their kin, so links are not followed. Thread-safe.
 */
public final class ExtendedAttributes {
    private static final int LIMIT_BYTES = 4096;

    /** What Linux itself allows for a value and for the list of names (XATTR_SIZE_MAX, XATTR_LIST_MAX). */
    private static final int KERNEL_LIMIT_BYTES = 65536;

    private static final int ENODATA = 61;
    private static final int EOPNOTSUPP = 95;

    private ExtendedAttributes() {}

    /** The bindings, made at the first use: most runs need them for a few files only. */
    private static final class Binding {
        static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
        static final MethodHandle LGETXATTR = bind(
                "lgetxattr",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG));
        static final MethodHandle LLISTXATTR = bind(
                "llistxattr",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        static final MethodHandle LSETXATTR = bind(
                "lsetxattr",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
        static final MethodHandle LREMOVEXATTR = bind(
                "lremovexattr", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        static final java.lang.invoke.VarHandle ERRNO_VALUE = Linker.Option.captureStateLayout()
                .varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

        private static MethodHandle bind(String name, FunctionDescriptor type) {
            return Linker.nativeLinker()
                    .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), type, ERRNO);
        }

        static int errno(MemorySegment state) {
            return (int) ERRNO_VALUE.get(state, 0L);
        }
    }

    /** A call into the C library; {@code invokeExact} declares more than it throws. */
    private interface Call<T> {
        T run(Arena arena, MemorySegment state) throws Throwable;
    }

    private static <T> T call(String what, Call<T> call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return call.run(arena, arena.allocate(Linker.Option.captureStateLayout()));
        } catch (IOException | Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(what, e);
        }
    }

    /**
     * All attributes that this process may see, by full name such as {@code user.note}, values in lower-case hexadecimal.
     * Empty where the file system has none.
     *
     * @throws IOException naming the file, if they cannot be read
     */
    public static SortedMap<String, String> all(Path file) throws IOException {
        SortedMap<String, String> out = new TreeMap<>();
        for (String name : names(file)) {
            Optional<String> value = value(file, name);
            value.ifPresent(v -> out.put(name, v));
        }
        return out;
    }

    private static List<String> names(Path file) throws IOException {
        return call("llistxattr", (arena, state) -> {
            MemorySegment list = arena.allocate(KERNEL_LIMIT_BYTES);
            long length = (long) Binding.LLISTXATTR.invokeExact(
                    state, arena.allocateFrom(file.toString()), list, (long) KERNEL_LIMIT_BYTES);
            if (length < 0) {
                if (Binding.errno(state) == EOPNOTSUPP) {
                    return List.of();
                }
                throw failure(file, "llistxattr", state);
            }
            String names =
                    new String(list.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
            return Arrays.stream(names.split("\0")).filter(n -> !n.isEmpty()).toList();
        });
    }

    private static Optional<String> value(Path file, String name) throws IOException {
        return call("lgetxattr", (arena, state) -> {
            MemorySegment value = arena.allocate(KERNEL_LIMIT_BYTES);
            long length = (long) Binding.LGETXATTR.invokeExact(
                    state,
                    arena.allocateFrom(file.toString()),
                    arena.allocateFrom(name, StandardCharsets.ISO_8859_1),
                    value,
                    (long) KERNEL_LIMIT_BYTES);
            if (length < 0) {
                if (Binding.errno(state) == ENODATA) {
                    return Optional.empty();
                }
                throw failure(file, "lgetxattr " + name, state);
            }
            return Optional.of(HexFormat.of().formatHex(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
        });
    }

    /**
     * Sets one attribute.
     *
     * @param valueHex the value in hexadecimal
     * @throws IOException naming the file, if the kernel or the file system refuses
     */
    public static void set(Path file, String name, String valueHex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(valueHex);
        call("lsetxattr", (arena, state) -> {
            int failed = (int) Binding.LSETXATTR.invokeExact(
                    state,
                    arena.allocateFrom(file.toString()),
                    arena.allocateFrom(name, StandardCharsets.ISO_8859_1),
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes),
                    (long) bytes.length,
                    0);
            if (failed != 0) {
                throw failure(file, "lsetxattr " + name, state);
            }
            return true;
        });
    }

    /**
     * Removes one attribute; one that is not there is no failure.
     *
     * @throws IOException naming the file, if the kernel or the file system refuses
     */
    public static void remove(Path file, String name) throws IOException {
        call("lremovexattr", (arena, state) -> {
            int failed = (int) Binding.LREMOVEXATTR.invokeExact(
                    state, arena.allocateFrom(file.toString()), arena.allocateFrom(name, StandardCharsets.ISO_8859_1));
            if (failed != 0 && Binding.errno(state) != ENODATA) {
                throw failure(file, "lremovexattr " + name, state);
            }
            return true;
        });
    }

    private static FileSystemException failure(Path file, String what, MemorySegment state) {
        return new FileSystemException(file.toString(), null, what + " failed with errno " + Binding.errno(state));
    }

    /** Whether a POSIX access list stands beside the mode. */
    static Fact<Boolean> hasAccessList(HostFiles files, String path) {
        Fact<String> value = read(files, path, "system.posix_acl_access");
        return switch (value) {
            case Fact.Observed<String> o -> Fact.of(true, path, "getxattr");
            case Fact.Absent<String> a -> Fact.of(false, path, "getxattr");
            case Fact.NotObserved<String> n -> n.map(v -> true);
        };
    }

    /** The SELinux label, empty when the file has none. */
    static Fact<String> label(HostFiles files, String path) {
        Fact<String> value = read(files, path, "security.selinux");
        return value instanceof Fact.Absent<String> ? Fact.of("", path, "getxattr") : value;
    }

    private static Fact<String> read(HostFiles files, String path, String attribute) {
        try {
            return call("lgetxattr", (arena, state) -> {
                MemorySegment value = arena.allocate(LIMIT_BYTES);
                long length = (long) Binding.LGETXATTR.invokeExact(
                        state,
                        arena.allocateFrom(files.resolve(path, false).toString()),
                        arena.allocateFrom(attribute),
                        value,
                        (long) LIMIT_BYTES);
                if (length >= 0) {
                    byte[] bytes = value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                    int end = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
                    return Fact.of(new String(bytes, 0, end, StandardCharsets.ISO_8859_1), path, "getxattr");
                }
                int errno = Binding.errno(state);
                return errno == ENODATA || errno == EOPNOTSUPP
                        ? Fact.absent(path, "getxattr")
                        : Fact.<String>notObserved(path, "getxattr", "errno " + errno);
            });
        } catch (IOException e) {
            return HostFiles.failure(path, "getxattr", e);
        }
    }
}
