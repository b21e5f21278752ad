package dev.ringfence.formats.elf;

import java.io.IOException;

/**
 * Counts a few x86 instruction patterns in executable segments. It does not disassemble: the patterns are long enough not
 * to occur by chance often, and the verdicts built on them say what was counted.
 */
final class CodeScan {
    /** The most that is scanned when the caller asked for code. */
    static final long LIMIT_BYTES = 64L << 20;
    /** The most that is scanned to see whether a C library uses the stack protector that it exports. */
    static final long GUARD_LIMIT_BYTES = 4L << 20;

    private static final int CHUNK = 1 << 16;
    private static final int BEFORE = 4;
    private static final int AFTER = 16;
    private static final int PAGE = 0x1000;

    private static final int MOV = 0x8b;
    private static final int MOV_TO_EAX = 0xa1;
    private static final int SUB = 0x2b;
    private static final int XOR = 0x33;
    private static final int CMP = 0x3b;

    private final boolean wide;
    private int guardLoads;
    private int guardChecks;
    private int stackProbes;
    private int unprobedFrames;

    private CodeScan(boolean wide) {
        this.wide = wide;
    }

    static CodeFacts scan(Image image, Segments segments, long limitBytes) throws IOException {
        CodeScan scan = new CodeScan(image.wide());
        long left = limitBytes;
        boolean complete = true;
        byte[] chunk = new byte[BEFORE + CHUNK + AFTER];
        for (ElfSegment segment : segments.all()) {
            if (segment.type() == ElfSegment.PT_LOAD && segment.executable()) {
                long bytes = Math.min(segment.fileSizeBytes(), left);
                complete &= bytes == segment.fileSizeBytes();
                left -= bytes;
                scan.range(image, segment.offset(), bytes, chunk);
            }
        }
        return new CodeFacts(
                limitBytes - left, complete, scan.guardLoads, scan.guardChecks, scan.stackProbes, scan.unprobedFrames);
    }

    /** Chunks overlap, so that a pattern across a border is seen, and counted once. */
    private void range(Image image, long offset, long bytes, byte[] chunk) throws IOException {
        for (long start = 0; start < bytes; start += CHUNK) {
            int before = start == 0 ? 0 : BEFORE;
            int length = (int) Math.min(chunk.length, bytes - start + before);
            image.copy(offset + start - before, chunk, length);
            int from = start == 0 ? BEFORE : before;
            int to = Math.min(before + CHUNK, length - AFTER);
            for (int i = from; i < to; i++) {
                if (wide ? chunk[i] == 0x25 : chunk[i] == 0x65) {
                    guard(chunk, i);
                } else if (wide && chunk[i] == 0x48) {
                    frame(chunk, i);
                }
            }
        }
    }

    private void guard(byte[] code, int i) {
        int operation = wide ? guardOperation64(code, i) : guardOperation32(code, i);
        switch (operation) {
            case MOV, MOV_TO_EAX -> guardLoads++;
            case SUB, XOR, CMP -> guardChecks++;
            default -> {}
        }
    }

    /** The operation with {@code %fs:0x28} whose operand begins here, or -1. */
    private static int guardOperation64(byte[] code, int i) {
        boolean operand = (code[i - 1] & 0xc7) == 0x04 && endsWith(code, i + 1, 0x28);
        return operand && code[i - 4] == 0x64 && (code[i - 3] & 0xfb) == 0x48 ? code[i - 2] & 0xff : -1;
    }

    /** The operation with {@code %gs:0x14} that begins here, or -1. */
    private static int guardOperation32(byte[] code, int i) {
        int operation = code[i + 1] & 0xff;
        if (operation == MOV_TO_EAX) {
            return endsWith(code, i + 2, 0x14) ? operation : -1;
        }
        return (code[i + 2] & 0xc7) == 0x05 && endsWith(code, i + 3, 0x14) ? operation : -1;
    }

    private static boolean endsWith(byte[] code, int i, int displacement) {
        return code[i] == displacement && code[i + 1] == 0 && code[i + 2] == 0 && code[i + 3] == 0;
    }

    /**
     * {@code sub $N,%rsp}: with a page that is touched at once ({@code orq $0,(%rsp)} by GCC, {@code movq $0,(%rsp)} by
     * LLVM), or with more than a page.
     */
    private void frame(byte[] code, int i) {
        if (code[i + 1] != (byte) 0x81 || code[i + 2] != (byte) 0xec) {
            return;
        }
        int size = (code[i + 3] & 0xff) | (code[i + 4] & 0xff) << 8 | (code[i + 5] & 0xff) << 16 | code[i + 6] << 24;
        if (size == PAGE) {
            boolean or = code[i + 7] == 0x48
                    && code[i + 8] == (byte) 0x83
                    && code[i + 9] == 0x0c
                    && code[i + 10] == 0x24
                    && code[i + 11] == 0;
            boolean move =
                    code[i + 7] == 0x48 && code[i + 8] == (byte) 0xc7 && code[i + 9] == 0x04 && code[i + 10] == 0x24;
            stackProbes += or || move ? 1 : 0;
        } else if (size > PAGE && size < 1 << 28 && size % 8 == 0) {
            unprobedFrames++;
        }
    }
}
