package dev.ringfence.formats.image;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads tables of numbers in pieces of at most 1 MiB, each once. */
final class NumberTable {
    private static final int PIECE_BYTES = 1 << 20;

    /** Takes one entry. */
    @FunctionalInterface
    interface Entry {
        /**
         * Called once for each entry, in order.
         *
         * @param index 0 for the first
         * @param value unsigned for 32-bit entries; from 2^63 on it reads as negative
         */
        void take(long index, long value) throws IOException, Malformed;
    }

    /** How an entry is stored. */
    enum Kind {
        U32_LE(4, MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)),
        U32_BE(4, MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)),
        U64_LE(8, MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)),
        U64_BE(8, MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN));

        private final int sizeBytes;
        private final VarHandle view;

        Kind(int sizeBytes, VarHandle view) {
            this.sizeBytes = sizeBytes;
            this.view = view;
        }

        int sizeBytes() {
            return sizeBytes;
        }

        private long value(byte[] bytes, int at) {
            return sizeBytes == 4 ? Integer.toUnsignedLong((int) view.get(bytes, at)) : (long) view.get(bytes, at);
        }
    }

    private NumberTable() {}

    /**
     * Reads a whole table.
     *
     * @param count number of entries; a table of more than {@code limitBytes} is refused before anything is read
     * @param what the table, for a person
     */
    static void read(ImageInput in, Kind kind, long at, long count, long limitBytes, String what, Entry entry)
            throws IOException, Malformed {
        if (count < 0 || count > limitBytes / kind.sizeBytes) {
            throw new Malformed(
                    ImageCode.TABLE_SIZE,
                    what + " claims " + Long.toUnsignedString(count) + " entries of " + kind.sizeBytes + " bytes");
        }
        in.require(at, count * kind.sizeBytes, ImageCode.OUTSIDE_FILE, what);
        long index = 0;
        while (index < count) {
            int length = (int) Math.min(PIECE_BYTES, (count - index) * kind.sizeBytes);
            byte[] piece = in.bytes(at + index * kind.sizeBytes, length);
            for (int i = 0; i < length; i += kind.sizeBytes) {
                entry.take(index, kind.value(piece, i));
                index++;
            }
        }
    }
}
