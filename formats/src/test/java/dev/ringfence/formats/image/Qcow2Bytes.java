package dev.ringfence.formats.image;

import java.nio.charset.StandardCharsets;

/**
 * A qcow2 image by hand, 4 KiB clusters: header, reference counts (clusters 1 and 2), L1 table (3), L2 table (4), guest data
 * (5 to 15). Tests change single fields.
 */
final class Qcow2Bytes {
    static final int CLUSTER = 4096;
    static final int L1 = 3 * CLUSTER;
    static final int L2 = 4 * CLUSTER;
    static final long COPIED = 1L << 63;
    static final long COMPRESSED = 1L << 62;

    final byte[] bytes;
    private int extensionAt;

    private Qcow2Bytes(int clusters) {
        bytes = new byte[clusters * CLUSTER];
    }

    /** Version 3, 1 MiB, four clusters allocated. */
    static Qcow2Bytes v3() {
        Qcow2Bytes image = new Qcow2Bytes(16);
        image.head(3);
        image.u32(96, 4).u32(100, 104);
        image.extensionAt = 104;
        return image;
    }

    /** Version 2, otherwise the same. */
    static Qcow2Bytes v2() {
        Qcow2Bytes image = new Qcow2Bytes(16);
        image.head(2);
        image.extensionAt = 72;
        return image;
    }

    private void head(int version) {
        u32(0, 0x514649fb).u32(4, version);
        u32(20, 12).u64(24, 1 << 20);
        u32(36, 1).u64(40, L1);
        u64(48, CLUSTER).u32(56, 1);
        u64(CLUSTER, 2 * CLUSTER);
        u64(L1, COPIED | L2);
        for (int i = 0; i < 4; i++) {
            u64(L2 + 8 * i, COPIED | (5 + i) * CLUSTER);
        }
    }

    Qcow2Bytes u32(int at, long value) {
        Images.putBe(bytes, at, value, 4);
        return this;
    }

    Qcow2Bytes u64(int at, long value) {
        Images.putBe(bytes, at, value, 8);
        return this;
    }

    Qcow2Bytes extension(long type, byte[] data) {
        u32(extensionAt, type).u32(extensionAt + 4, data.length);
        System.arraycopy(data, 0, bytes, extensionAt + 8, data.length);
        extensionAt += 8 + (data.length + 7) / 8 * 8;
        return this;
    }

    Qcow2Bytes extension(long type, String data) {
        return extension(type, data.getBytes(StandardCharsets.UTF_8));
    }

    /** A backing file, with its format unless that is empty. */
    Qcow2Bytes backing(String name, String format) {
        if (!format.isEmpty()) {
            extension(0xe2792acaL, format);
        }
        extension(0, new byte[0]);
        return backingAt(extensionAt, name);
    }

    Qcow2Bytes backingAt(int at, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, bytes, at, text.length);
        return u64(8, at).u32(16, text.length);
    }

    /** The data file feature and its name. */
    Qcow2Bytes dataFile(String name) {
        return u64(72, 4).extension(0x44415441L, name);
    }

    ImageReport inspect() {
        return Images.inspect(bytes);
    }
}
