package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawDiskTest {
    private static final Expectation RAW = Expectation.of(ImageFormat.RAW);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 4096, 1 << 20})
    void acceptsDisksOfAnyLength(int length) throws Exception {
        Files.write(directory.resolve("a.raw"), new byte[length]);
        ImageReport report = Images.inspect(directory.resolve("a.raw"), RAW);
        assertThat(report.findings()).isEmpty();
        assertThat(report.format()).isEqualTo(ImageFormat.RAW);
        assertThat(report.virtualSizeBytes())
                .isEqualTo(Images.info(directory.resolve("a.raw")).virtualSizeBytes());
    }

    @Test
    void acceptsDisksWithAnMbr() {
        ImageReport report = Images.inspect(Disks.mbr(new long[] {0x83, 64, 500}, new long[] {0x82, 564, 100}), RAW);
        assertThat(report.findings()).isEmpty();
        assertThat(report.features()).contains("mbr");
    }

    @Test
    void refusesPartitionsOutsideTheDisk() {
        Images.assertRefused(Images.inspect(Disks.mbr(new long[] {0x83, 64, 5_000})), ImageCode.PARTITIONS);
    }

    @Test
    void refusesPartitionsOnEachOther() {
        Images.assertRefused(
                Images.inspect(Disks.mbr(new long[] {0x83, 64, 500}, new long[] {0x83, 563, 100})),
                ImageCode.PARTITIONS);
    }

    @Test
    void refusesPartitionsOnTheBootRecord() {
        Images.assertRefused(Images.inspect(Disks.mbr(new long[] {0x83, 0, 500})), ImageCode.PARTITIONS);
    }

    @Test
    void acceptsExtendedPartitions() {
        assertThat(Images.inspect(extended(1000)).findings()).isEmpty();
    }

    @Test
    void refusesExtendedPartitionsThatLoop() {
        Images.assertRefused(Images.inspect(extended(500)), ImageCode.PARTITIONS);
    }

    @Test
    void refusesExtendedPartitionsThatLeaveTheirPartition() {
        Images.assertRefused(Images.inspect(extended(1900)), ImageCode.PARTITIONS);
    }

    /** Two logical partitions; the second boot record is at a sector that may be wrong. */
    private static byte[] extended(int second) {
        byte[] disk = Disks.mbr(new long[] {0x83, 64, 400}, new long[] {0x05, 500, 1300});
        Disks.record(disk, 500, new long[] {0x83, 10, 100}, new long[] {0x05, second - 500, 300});
        Disks.record(disk, 1000, new long[] {0x83, 10, 100});
        Disks.record(disk, 1900, new long[] {0x83, 10, 20});
        return disk;
    }

    @Test
    void acceptsGpt() {
        ImageReport report = Images.inspect(Disks.gpt(new long[] {64, 500}, new long[] {501, 900}), RAW);
        assertThat(report.findings()).isEmpty();
        assertThat(report.features()).contains("gpt", "mbr");
    }

    @Test
    void acceptsGptOnADiskThatGrew() {
        assertThat(Images.inspect(Arrays.copyOf(Disks.gpt(new long[] {64, 500}), 4 << 20))
                        .findings())
                .isEmpty();
    }

    @Test
    void refusesGptWithAWrongChecksum() {
        for (int at :
                new int[] {512 + 60, 1024 + 50, (Disks.SECTORS - 1) * 512 + 60, (Disks.SECTORS - 33) * 512 + 50}) {
            byte[] disk = Disks.gpt(new long[] {64, 500});
            disk[at] ^= 1;
            Images.assertRefused(Images.inspect(disk), ImageCode.CHECKSUM);
        }
    }

    @Test
    void refusesGptWhoseCopiesDisagree() {
        byte[] disk = Disks.gpt(new long[] {64, 500});
        disk[(Disks.SECTORS - 33) * 512 + 32] = 65;
        Disks.sealEntries(disk, Disks.SECTORS - 1);
        ImageReport report = Images.inspect(disk);
        assertThat(report.codes()).containsExactly(ImageCode.COPIES_DISAGREE.code());
    }

    @Test
    void refusesGptWhoseBackupIsCutOff() {
        byte[] disk = Disks.gpt(new long[] {64, 500});
        Images.assertRefused(Images.inspect(Arrays.copyOf(disk, disk.length - 512)), ImageCode.COPIES_DISAGREE);
    }

    @Test
    void refusesABackupGptAlone() {
        byte[] disk = Disks.gpt(new long[] {64, 500});
        Arrays.fill(disk, 0, 1024, (byte) 0);
        Images.assertRefused(Images.inspect(disk), ImageCode.COPIES_DISAGREE);
    }

    @Test
    void refusesGptPartitionsOnEachOtherOrOutside() {
        Images.assertRefused(
                Images.inspect(Disks.gpt(new long[] {64, 500}, new long[] {500, 900})), ImageCode.PARTITIONS);
        Images.assertRefused(Images.inspect(Disks.gpt(new long[] {64, 2040})), ImageCode.PARTITIONS);
        Images.assertRefused(Images.inspect(Disks.gpt(new long[] {600, 500})), ImageCode.PARTITIONS);
    }

    @Test
    void refusesGptWithAnAbsurdTable() {
        byte[] disk = Disks.gpt(new long[] {64, 500});
        Images.putLe(disk, 512 + 80, 0xffff_ffffL, 4);
        Disks.seal(disk, 1);
        Images.assertRefused(Images.inspect(disk), ImageCode.TABLE_SIZE);
    }

    @Test
    void refusesGptWithoutItsProtectiveMbrAndTheReverse() {
        byte[] disk = Disks.gpt(new long[] {64, 500});
        Arrays.fill(disk, 0, 512, (byte) 0);
        Images.assertRefused(Images.inspect(disk), ImageCode.PARTITIONS);
        Images.assertRefused(Images.inspect(Disks.mbr(new long[] {0xee, 1, 2047})), ImageCode.PARTITIONS);
    }

    @Test
    void takesTheBootSectorOfAFileSystemForNoPartitionTable() {
        byte[] disk = new byte[1 << 20];
        Arrays.fill(disk, 3, 500, (byte) 0x61);
        disk[510] = 0x55;
        disk[511] = (byte) 0xaa;
        ImageReport report = Images.inspect(disk, RAW);
        assertThat(report.findings()).isEmpty();
        assertThat(report.features()).isEmpty();
    }

    @Test
    void agreesWithSfdiskOnRealTables() throws Exception {
        for (String label : List.of("dos", "gpt")) {
            Path image = directory.resolve(label + ".raw");
            Files.write(image, new byte[8 << 20]);
            Path script = directory.resolve("script");
            Files.write(script, ("label: " + label + "\n2048,4096\n,2048\n").getBytes(StandardCharsets.US_ASCII));
            org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(Path.of("/sbin/sfdisk")));
            Process sfdisk = new ProcessBuilder("/sbin/sfdisk", "-q", image.toString())
                    .redirectInput(script.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(true)
                    .start();
            assertThat(sfdisk.waitFor()).isZero();
            ImageReport report = Images.inspect(image, RAW);
            assertThat(report.findings()).isEmpty();
            assertThat(report.features()).contains(label.equals("dos") ? "mbr" : "gpt");
        }
    }

    @Test
    void survivesAnyDamage() {
        Images.fuzz(List.of(Disks.gpt(new long[] {64, 500}), extended(1000)), 4_000, 4_099, ImageFormat.RAW);
    }
}
