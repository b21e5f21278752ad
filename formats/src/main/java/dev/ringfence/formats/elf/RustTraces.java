package dev.ringfence.formats.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what rustc leaves in a file: its name in the comment section, the debugger script of its standard library, and,
 * in stripped files, the source paths that panic messages carry.
 */
final class RustTraces {
    private static final int SMALL_LIMIT_BYTES = 8192;
    private static final int DATA_LIMIT_BYTES = 1 << 20;
    private static final int CHUNK = 1 << 16;

    private static final byte[] COMPILER = ascii("rustc version ");
    private static final byte[] SCRIPT = ascii("gdb_load_rust_pretty_printers");
    private static final List<byte[]> PANIC_PATHS =
            List.of(ascii("library/core/src/"), ascii("library/std/src/"), ascii("library/alloc/src/"));

    private RustTraces() {}

    static boolean named(Image image, Sections sections) throws IOException {
        return holds(image, sections.comment, SMALL_LIMIT_BYTES, List.of(COMPILER))
                || holds(image, sections.debugScripts, SMALL_LIMIT_BYTES, List.of(SCRIPT));
    }

    static boolean inPanicMessages(Image image, Sections sections) throws IOException {
        return holds(image, sections.readOnlyData, DATA_LIMIT_BYTES, PANIC_PATHS);
    }

    /** A section that lies outside the file holds nothing: this is a hint, and loaders ignore sections. */
    private static boolean holds(Image image, Sections.@Nullable Section section, int limitBytes, List<byte[]> wanted)
            throws IOException {
        if (section == null || !image.holds(section.offset(), section.sizeBytes())) {
            return false;
        }
        int longest = wanted.stream().mapToInt(w -> w.length).max().orElse(0);
        long bytes = Math.min(section.sizeBytes(), limitBytes);
        byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
        for (long start = 0; start < bytes; start += CHUNK - longest) {
            int length = (int) Math.min(chunk.length, bytes - start);
            image.copy(section.offset() + start, chunk, length);
            if (contains(chunk, length, wanted)) {
                return true;
            }
            if (start + length == bytes) {
                return false;
            }
        }
        return false;
    }

    private static boolean contains(byte[] chunk, int length, List<byte[]> wanted) {
        byte first = wanted.getFirst()[0];
        for (int i = 0; i < length; i++) {
            if (chunk[i] == first) {
                for (byte[] each : wanted) {
                    if (startsWith(chunk, i, length, each)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] chunk, int at, int length, byte[] wanted) {
        if (wanted.length > length - at) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (chunk[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
