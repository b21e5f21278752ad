package dev.ringfence.formats.elf;

import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file is and what it loads. Strings are as the file has them: hostile text, which may hold control characters.
 *
 * @param bits 32 or 64
 * @param order byte order of its numbers
 * @param machine processor it is for
 * @param type what the file says that it is
 * @param kind what it is
 * @param staticallyLinked whether it is a program that no dynamic loader completes
 * @param language what its own code was written in, as a hint
 * @param interpreter path of its dynamic loader (PT_INTERP), or null
 * @param soname name under which other files need it (DT_SONAME), or null
 * @param needed libraries that it needs, in order (DT_NEEDED)
 * @param rpath search path before all others (DT_RPATH), or null
 * @param runpath search path for its own libraries (DT_RUNPATH), or null
 * @param noDefaultLibraries whether it forbids the default directories (DF_1_NODEFLIB)
 * @param buildId GNU build ID in lower-case hexadecimal digits, or null
 */
public record ElfIdentity(
        int bits,
        ByteOrder order,
        ElfMachine machine,
        ElfType type,
        ElfKind kind,
        boolean staticallyLinked,
        Language language,
        @Nullable String interpreter,
        @Nullable String soname,
        List<String> needed,
        @Nullable String rpath,
        @Nullable String runpath,
        boolean noDefaultLibraries,
        @Nullable String buildId) {
    public ElfIdentity {
        if (bits != 32 && bits != 64) {
            throw new IllegalArgumentException("not a class: " + bits);
        }
        needed = List.copyOf(needed);
    }

    /** Whether one process can hold both files: same class, byte order and machine. */
    public boolean fits(ElfIdentity other) {
        return bits == other.bits && order.equals(other.order) && machine.equals(other.machine);
    }

    /** Whether it runs on musl, as far as the loader's or the library's name says. */
    boolean musl() {
        return (interpreter != null && interpreter.contains("/ld-musl-"))
                || needed.stream().anyMatch(name -> name.startsWith("libc.musl-"));
    }
}
