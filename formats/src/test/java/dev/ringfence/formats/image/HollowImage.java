package dev.ringfence.formats.image;

import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * A qcow2 image that exists in numbers only: a file as long as can be, whose L1 table of 32 MiB has as many entries as asked,
 * each naming another L2 table without a cluster.
 */
final class HollowImage implements ByteSource {
    private final int clusterBits;
    private final int tables;
    private final byte[] head;
    private final long firstTable;
    private long readBytes;
    private int readCount;

    HollowImage(int clusterBits, int l1Count, int tables) {
        this.clusterBits = clusterBits;
        this.tables = tables;
        long cluster = 1L << clusterBits;
        long counts = cluster + (l1Count * 8L + cluster - 1) / cluster * cluster;
        firstTable = counts + cluster;
        head = Arrays.copyOf(Qcow2Bytes.v3().bytes, 104);
        Images.putBe(head, 20, clusterBits, 4);
        Images.putBe(head, 24, 1 << 20, 8);
        Images.putBe(head, 36, l1Count, 4);
        Images.putBe(head, 40, cluster, 8);
        Images.putBe(head, 48, counts, 8);
    }

    long readBytes() {
        return readBytes;
    }

    int readCount() {
        return readCount;
    }

    @Override
    public long sizeBytes() {
        return 1L << 55;
    }

    @Override
    public void read(long offset, byte[] into, int at, int length) {
        readBytes += length;
        readCount++;
        Arrays.fill(into, at, at + length, (byte) 0);
        long l1 = 1L << clusterBits;
        for (int i = 0; i < length; i += 8) {
            long place = offset + i;
            if (place < head.length) {
                System.arraycopy(head, (int) place, into, at + i, 8);
            } else if (place >= l1 && place < l1 + 8L * tables) {
                Images.putBe(into, at + i, firstTable + ((place - l1) / 8 << clusterBits), 8);
            }
        }
    }

    /** Inspects three of them; run in a process of its own with little memory. */
    public static void main(String[] arguments) throws IOException {
        for (HollowImage image : new HollowImage[] {
            new HollowImage(16, 4 << 20, 4 << 20),
            new HollowImage(16, 4 << 20, 32_000),
            new HollowImage(21, 4 << 20, 100)
        }) {
            ImageReport report = ImageInspector.inspect(image, Expectation.NONE);
            System.out.println(report.codes() + " " + image.readCount() + " " + image.readBytes());
        }
    }
}
