package dev.ringfence.formats.elf;

/**
 * One program header (gABI chapter 5, "Program Header").
 *
 * @param type p_type, unsigned 32 bits
 * @param flags p_flags: 1 execute, 2 write, 4 read
 * @param offset first byte in the file
 * @param address first virtual address; from 2^63 on it reads as negative
 * @param fileSizeBytes bytes in the file
 * @param memorySizeBytes bytes in memory
 * @param alignment p_align
 */
public record ElfSegment(
        long type, int flags, long offset, long address, long fileSizeBytes, long memorySizeBytes, long alignment) {
    static final long PT_LOAD = 1;
    static final long PT_DYNAMIC = 2;
    static final long PT_INTERP = 3;
    static final long PT_NOTE = 4;
    static final long PT_GNU_STACK = 0x6474e551L;
    static final long PT_GNU_RELRO = 0x6474e552L;
    static final long PT_GNU_PROPERTY = 0x6474e553L;

    /** Whether the memory is executable (PF_X). */
    public boolean executable() {
        return (flags & 1) != 0;
    }

    /** Whether the whole range lies in the file's part of this segment. */
    boolean holdsInFile(long start, long length) {
        long from = start - address;
        return from >= 0 && length >= 0 && from <= fileSizeBytes && length <= fileSizeBytes - from;
    }

    /** Whether the whole range lies in this segment's memory. */
    boolean holdsInMemory(long start, long length) {
        long from = start - address;
        return from >= 0 && length >= 0 && from <= memorySizeBytes && length <= memorySizeBytes - from;
    }
}
