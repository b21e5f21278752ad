package dev.ringfence.formats.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Small raw disks with partition tables. */
final class Disks {
    static final int SECTORS = 2048;

    private Disks() {}

    /** A disk of 1 MiB with an MBR of these entries: type, first sector, sectors. */
    static byte[] mbr(long[]... entries) {
        byte[] disk = new byte[SECTORS * 512];
        record(disk, 0, entries);
        return disk;
    }

    /** Writes a boot record. */
    static void record(byte[] disk, int sector, long[]... entries) {
        int at = sector * 512;
        for (int i = 0; i < entries.length; i++) {
            disk[at + 446 + 16 * i + 4] = (byte) entries[i][0];
            Images.putLe(disk, at + 446 + 16 * i + 8, entries[i][1], 4);
            Images.putLe(disk, at + 446 + 16 * i + 12, entries[i][2], 4);
        }
        disk[at + 510] = 0x55;
        disk[at + 511] = (byte) 0xaa;
    }

    /** A disk of 1 MiB with a GPT, partitions given by first and last sector. */
    static byte[] gpt(long[]... partitions) {
        byte[] disk = mbr(new long[] {0xee, 1, SECTORS - 1});
        byte[] entries = new byte[128 * 128];
        for (int i = 0; i < partitions.length; i++) {
            Arrays.fill(entries, i * 128, i * 128 + 32, (byte) (i + 1));
            Images.putLe(entries, i * 128 + 32, partitions[i][0], 8);
            Images.putLe(entries, i * 128 + 40, partitions[i][1], 8);
        }
        System.arraycopy(entries, 0, disk, 2 * 512, entries.length);
        System.arraycopy(entries, 0, disk, (SECTORS - 33) * 512, entries.length);
        header(disk, 1, SECTORS - 1, 2, crc(entries, 0, entries.length));
        header(disk, SECTORS - 1, 1, SECTORS - 33, crc(entries, 0, entries.length));
        return disk;
    }

    private static void header(byte[] disk, int sector, int other, int entries, long entriesCrc) {
        int at = sector * 512;
        System.arraycopy("EFI PART".getBytes(StandardCharsets.US_ASCII), 0, disk, at, 8);
        Images.putLe(disk, at + 8, 0x1_0000, 4);
        Images.putLe(disk, at + 12, 92, 4);
        Images.putLe(disk, at + 24, sector, 8);
        Images.putLe(disk, at + 32, other, 8);
        Images.putLe(disk, at + 40, 34, 8);
        Images.putLe(disk, at + 48, SECTORS - 34, 8);
        Images.putLe(disk, at + 56, 0x1234_5678, 8);
        Images.putLe(disk, at + 72, entries, 8);
        Images.putLe(disk, at + 80, 128, 4);
        Images.putLe(disk, at + 84, 128, 4);
        Images.putLe(disk, at + 88, entriesCrc, 4);
        seal(disk, sector);
    }

    /** Makes a header's checksum right again. */
    static void seal(byte[] disk, int sector) {
        int at = sector * 512;
        Images.putLe(disk, at + 16, 0, 4);
        Images.putLe(disk, at + 16, crc(disk, at, 92), 4);
    }

    /** Makes a header's checksums right again after its entries were changed. */
    static void sealEntries(byte[] disk, int sector) {
        int entries = (int) (disk[sector * 512 + 72] & 0xff | (disk[sector * 512 + 73] & 0xff) << 8) * 512;
        Images.putLe(disk, sector * 512 + 88, crc(disk, entries, 128 * 128), 4);
        seal(disk, sector);
    }

    private static long crc(byte[] bytes, int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, at, length);
        return crc.getValue();
    }
}
