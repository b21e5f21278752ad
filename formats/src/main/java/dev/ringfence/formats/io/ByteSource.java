package dev.ringfence.formats.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Random access to bytes that the caller owns: an array, a mapped segment, or an open file channel behind a small adapter.
 * A reader uses one source from one thread.
 */
public interface ByteSource {
    /** The number of bytes, at least 0, the same at every call. */
    long sizeBytes();

    /**
     * Copies bytes out of the source.
     *
     * @param offset first byte; {@code offset + length} is at most {@link #sizeBytes()}
     * @param into receives the bytes from index {@code at}
     * @throws IOException if the bytes cannot be read, such as a file that shrank; the implementation never returns
     *     having copied less than {@code length} bytes
     */
    void read(long offset, byte[] into, int at, int length) throws IOException;

    /** A view of an array. The caller does not change the array while it is read. */
    static ByteSource of(byte[] bytes) {
        return of(MemorySegment.ofArray(bytes));
    }

    /** A view of a segment. The caller keeps the segment alive while it is read. */
    static ByteSource of(MemorySegment segment) {
        return new ByteSource() {
            @Override
            public long sizeBytes() {
                return segment.byteSize();
            }

            @Override
            public void read(long offset, byte[] into, int at, int length) {
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, into, at, length);
            }
        };
    }
}
