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

/**
 * Extended attributes of the {@code system} and {@code security} namespaces, which the JDK's own file API does not show.
 * Uses lgetxattr(2), so links are not followed. Thread-safe.
 */
final class ExtendedAttributes {
    private static final int LIMIT_BYTES = 4096;
    private static final int ENODATA = 61;
    private static final int EOPNOTSUPP = 95;

    private ExtendedAttributes() {}

    /** The binding, made at the first use: most runs need it for a few files only. */
    private static final class Binding {
        static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
        static final MethodHandle LGETXATTR = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("lgetxattr"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG),
                        ERRNO);
        static final java.lang.invoke.VarHandle ERRNO_VALUE = Linker.Option.captureStateLayout()
                .varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
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
            int errno = (int) Binding.ERRNO_VALUE.get(state, 0L);
            return errno == ENODATA || errno == EOPNOTSUPP
                    ? Fact.absent(path, "getxattr")
                    : Fact.notObserved(path, "getxattr", "errno " + errno);
        } catch (IOException e) {
            return HostFiles.failure(path, "getxattr", e);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("lgetxattr", e);
        }
    }
}
