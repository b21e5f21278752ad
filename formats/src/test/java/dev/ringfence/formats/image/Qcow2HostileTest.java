package dev.ringfence.formats.image;

import static dev.ringfence.formats.image.Qcow2Bytes.CLUSTER;
import static dev.ringfence.formats.image.Qcow2Bytes.COMPRESSED;
import static dev.ringfence.formats.image.Qcow2Bytes.COPIED;
import static dev.ringfence.formats.image.Qcow2Bytes.L1;
import static dev.ringfence.formats.image.Qcow2Bytes.L2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One field of a good image changed; the image without the change is safe. */
class Qcow2HostileTest {
    private static void refuses(Qcow2Bytes image, ImageCode code) {
        ImageReport report = image.inspect();
        assertThat(report.codes()).as("%s", report.findings()).containsExactly(code.code());
    }

    @Test
    void acceptsTheImagesThatTheOthersAreMadeFrom(@TempDir Path directory) throws Exception {
        for (Qcow2Bytes image : List.of(Qcow2Bytes.v3(), Qcow2Bytes.v2())) {
            assertThat(image.inspect().findings()).isEmpty();
            Path file = Files.write(directory.resolve("a.qcow2"), image.bytes);
            assertThat(Images.info(file).virtualSizeBytes()).isEqualTo(1 << 20);
        }
    }

    @Test
    void refusesUnknownIncompatibleFeatures() {
        for (int bit = 5; bit < 64; bit++) {
            refuses(Qcow2Bytes.v3().u64(72, 1L << bit), ImageCode.FEATURE);
        }
    }

    @Test
    void acceptsUnknownFeaturesThatMayBeIgnored() {
        ImageReport report = Qcow2Bytes.v3().u64(80, 1L << 40).u64(88, 1L << 40).inspect();
        assertThat(report.findings()).isEmpty();
        assertThat(report.features()).containsExactly("unknown-compatible", "unknown-autoclear");
    }

    @Test
    void refusesCorruptImagesAndNotesDirtyOnes() {
        refuses(Qcow2Bytes.v3().u64(72, 2), ImageCode.NEEDS_REPAIR);
        ImageReport dirty = Qcow2Bytes.v3().u64(72, 1).inspect();
        assertThat(dirty.findings()).isEmpty();
        assertThat(dirty.features()).contains("dirty");
    }

    @Test
    void refusesOtherVersions() {
        for (int version : new int[] {0, 4, 255, 0x7fffffff}) {
            refuses(Qcow2Bytes.v3().u32(4, version), ImageCode.VERSION);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20, 8",
        "20, 22",
        "20, 4294967295",
        "100, 96",
        "100, 105",
        "100, 4104",
        "100, 4294967288",
        "96, 7",
        "32, 3"
    })
    void refusesHeaderValuesThatNoWriterMakes(int at, long value) {
        refuses(Qcow2Bytes.v3().u32(at, value), ImageCode.HEADER);
    }

    @Test
    void refusesACompressionTypeThatDisagreesWithItsBit() {
        refuses(Qcow2Bytes.v3().u64(72, 8), ImageCode.HEADER);
        Qcow2Bytes unknown = Qcow2Bytes.v3().u32(100, 112).u64(72, 8);
        unknown.bytes[104] = 9;
        refuses(unknown, ImageCode.FEATURE);
        unknown.bytes[104] = 1;
        assertThat(unknown.inspect().findings()).isEmpty();
        refuses(unknown.u64(72, 0), ImageCode.HEADER);
    }

    @ParameterizedTest
    @CsvSource({
        "base.raw, RF-IMG-010",
        "sub/base.raw, RF-IMG-010",
        "../base.raw, RF-IMG-017",
        "sub/../../base.raw, RF-IMG-017",
        "/etc/shadow, RF-IMG-016",
        "/dev/sda, RF-IMG-015",
        "//dev/sda, RF-IMG-015",
        "/./dev/./sda, RF-IMG-015",
        "/proc/self/fd/3, RF-IMG-015",
        "/var/../dev/sda, RF-IMG-015",
        "file:/dev/sda, RF-IMG-015",
        "file:///etc/shadow, RF-IMG-014",
        "nbd:127.0.0.1:10809, RF-IMG-014",
        "nbd+unix:///x?socket=/s, RF-IMG-014",
        "http://example.invalid/x, RF-IMG-014",
        "rbd:pool/image, RF-IMG-014",
        "fat:rw:/etc, RF-IMG-014",
        "'json:{\"driver\":\"raw\",\"file.filename\":\"/etc/shadow\"}', RF-IMG-013",
        "JSON:{}, RF-IMG-013"
    })
    void refusesBackingAndDataFilesAndSaysWhereTheyPoint(String name, String code) {
        ImageReport backing = Qcow2Bytes.v3().backing(name, "raw").inspect();
        assertThat(backing.codes()).containsOnly(ImageCode.BACKING_FILE.code(), code);
        assertThat(backing.backing()).isEqualTo(new Reference(name, "raw"));
        ImageReport data = Qcow2Bytes.v3().dataFile(name).inspect();
        assertThat(data.codes()).containsOnly(ImageCode.DATA_FILE.code(), code.replace("010", "011"));
        assertThat(data.dataFile()).isEqualTo(new Reference(name, "raw"));
    }

    @Test
    void refusesBackingFilesWhoseFormatQemuWouldGuess() {
        assertThat(Qcow2Bytes.v3().backing("base.raw", "").inspect().codes())
                .containsExactly(ImageCode.BACKING_FILE.code(), ImageCode.BACKING_FORMAT.code());
    }

    @Test
    void refusesBackingNamesOutsideTheFirstCluster() {
        ImageReport report =
                Qcow2Bytes.v3().backingAt(9 * CLUSTER, "/etc/shadow").inspect();
        Images.assertRefused(report, ImageCode.HEADER);
        assertThat(report.backing()).isEqualTo(new Reference("/etc/shadow", null));
        Images.assertRefused(Qcow2Bytes.v3().backingAt(CLUSTER - 4, "base.raw").inspect(), ImageCode.HEADER);
        Images.assertRefused(Qcow2Bytes.v3().backingAt(80, "base.raw").inspect(), ImageCode.HEADER);
        Images.assertRefused(Qcow2Bytes.v3().u64(8, Long.MIN_VALUE).u32(16, 10).inspect(), ImageCode.REFERENCE_TEXT);
        Images.assertRefused(Qcow2Bytes.v3().u64(8, 200).u32(16, 0xffff_ffffL).inspect(), ImageCode.REFERENCE_TEXT);
    }

    @Test
    void refusesADataFileExtensionEvenWithoutItsBit() {
        Images.assertRefused(Qcow2Bytes.v3().dataFile("/etc/shadow").u64(72, 0).inspect(), ImageCode.DATA_FILE);
        Images.assertRefused(Qcow2Bytes.v3().u64(72, 4).inspect(), ImageCode.DATA_FILE);
        Images.assertRefused(Qcow2Bytes.v2().extension(0x44415441L, "d").inspect(), ImageCode.DATA_FILE);
    }

    @Test
    void refusesHeaderExtensionsThatAreDamagedOrThereTwice() {
        refuses(Qcow2Bytes.v3().u32(104, 0x1234).u32(108, 5_000), ImageCode.EXTENSION);
        refuses(Qcow2Bytes.v3().u32(104, 0x1234).u32(108, 0xffff_ffffL), ImageCode.EXTENSION);
        refuses(Qcow2Bytes.v3().extension(0x1234, "a").extension(0x1234, "b"), ImageCode.EXTENSION);
        assertThat(Qcow2Bytes.v3().extension(0x1234, "a").inspect().findings()).isEmpty();
    }

    @Test
    void showsWhatADamagedImagePointsTo() {
        ImageReport report = Qcow2Bytes.v3()
                .dataFile("/etc/shadow")
                .extension(7, "")
                .extension(7, "")
                .inspect();
        assertThat(report.codes()).contains(ImageCode.DATA_FILE.code(), ImageCode.EXTENSION.code());
        assertThat(report.dataFile()).isEqualTo(new Reference("/etc/shadow", "raw"));
    }

    @Test
    void refusesTablesOnEachOther() {
        refuses(Qcow2Bytes.v3().u64(L1, COPIED | L1), ImageCode.OVERLAP);
        refuses(Qcow2Bytes.v3().u64(40, 0), ImageCode.TABLE_ENTRY);
        refuses(Qcow2Bytes.v3().u64(CLUSTER, L1), ImageCode.OVERLAP);
        refuses(Qcow2Bytes.v3().u64(48, L2 + CLUSTER), ImageCode.OVERLAP);
        refuses(Qcow2Bytes.v3().u64(48, L1 + 512), ImageCode.TABLE_ENTRY);
        // An empty disk's L1 table on the header is no less an overlap.
        refuses(Qcow2Bytes.v3().u32(36, 0).u64(24, 0).u64(CLUSTER, 0x1000), ImageCode.OVERLAP);
    }

    @Test
    void refusesGuestDataOnTables() {
        for (int cluster = 1; cluster < 5; cluster++) {
            refuses(Qcow2Bytes.v3().u64(L2 + 64, COPIED | cluster * CLUSTER), ImageCode.OVERLAP);
            refuses(Qcow2Bytes.v3().u64(L2 + 64, COMPRESSED | cluster * CLUSTER + 100), ImageCode.OVERLAP);
        }
        assertThat(Qcow2Bytes.v3().u64(L2 + 64, COPIED | 9 * CLUSTER).inspect().findings())
                .isEmpty();
        assertThat(Qcow2Bytes.v3()
                        .u64(L2 + 64, COMPRESSED | 9 * CLUSTER + 100)
                        .inspect()
                        .findings())
                .isEmpty();
    }

    @Test
    void refusesTablesAndDataOutsideTheFile() {
        refuses(Qcow2Bytes.v3().u64(40, 64 * CLUSTER), ImageCode.OUTSIDE_FILE);
        refuses(Qcow2Bytes.v3().u64(L1, COPIED | 64 * CLUSTER), ImageCode.OUTSIDE_FILE);
        refuses(Qcow2Bytes.v3().u64(CLUSTER, 64 * CLUSTER), ImageCode.OUTSIDE_FILE);
        refuses(Qcow2Bytes.v3().u64(L2, COPIED | 64 * CLUSTER), ImageCode.OUTSIDE_FILE);
        refuses(Qcow2Bytes.v3().u64(L2, COMPRESSED | 64 * CLUSTER), ImageCode.OUTSIDE_FILE);
        refuses(Qcow2Bytes.v3().u64(48, 1L << 62), ImageCode.OUTSIDE_FILE);
    }

    @Test
    void refusesTablesThatClaimAbsurdMemory() {
        refuses(Qcow2Bytes.v3().u32(36, 0x1000_0000), ImageCode.TABLE_SIZE);
        refuses(Qcow2Bytes.v3().u32(36, 0xffff_ffffL), ImageCode.TABLE_SIZE);
        refuses(Qcow2Bytes.v3().u32(56, 0xffff_ffffL), ImageCode.TABLE_SIZE);
        refuses(Qcow2Bytes.v3().u32(60, 0xffff_ffffL), ImageCode.SNAPSHOTS);
    }

    @Test
    void refusesVirtualSizesThatTheTablesCannotHold() {
        refuses(Qcow2Bytes.v3().u64(24, 1L << 40), ImageCode.VIRTUAL_SIZE);
        Images.assertRefused(Qcow2Bytes.v3().u64(24, -1).inspect(), ImageCode.VIRTUAL_SIZE);
        refuses(Qcow2Bytes.v3().u64(24, (2 << 20) + 1), ImageCode.VIRTUAL_SIZE);
        assertThat(Qcow2Bytes.v3().u64(24, 2 << 20).inspect().findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                COPIED | 5 * CLUSTER + 512,
                5 * CLUSTER + 2,
                1L << 56 | 5 * CLUSTER,
                COPIED,
                COPIED | COMPRESSED | 9 * CLUSTER
            })
    void refusesL2EntriesWithReservedBits(long entry) {
        refuses(Qcow2Bytes.v3().u64(L2 + 64, entry), ImageCode.TABLE_ENTRY);
    }

    @Test
    void refusesTheZeroFlagWhereItDoesNotExist() {
        refuses(Qcow2Bytes.v2().u64(L2 + 64, 1), ImageCode.TABLE_ENTRY);
        assertThat(Qcow2Bytes.v3().u64(L2 + 64, 1).inspect().findings()).isEmpty();
    }

    @Test
    void refusesL1EntriesWithReservedBits() {
        for (long bad : new long[] {1, 1L << 8, 1L << 56, 1L << 62, 512}) {
            refuses(Qcow2Bytes.v3().u64(L1, COPIED | L2 | bad), ImageCode.TABLE_ENTRY);
        }
    }

    @Test
    void refusesDisksWhoseClustersAreAllTheSame() {
        Qcow2Bytes image = Qcow2Bytes.v3();
        for (int i = 0; i < 256; i++) {
            image.u64(L2 + 8 * i, 5 * CLUSTER);
        }
        refuses(image, ImageCode.ALLOCATION_BOMB);
    }

    @Test
    void refusesL1TablesWhoseEntriesShareAnL2Table() {
        refuses(Qcow2Bytes.v3().u32(36, 2).u64(L1 + 8, L2), ImageCode.ALLOCATION_BOMB);
    }

    @Test
    void refusesCompressionBombs() {
        // 1.5 GiB out of 400 KiB; then less than 1 GiB, and then a ratio that real disks have.
        assertThat(compressed(24_576, 0).codes()).containsExactly(ImageCode.COMPRESSION_BOMB.code());
        assertThat(compressed(16_000, 0).findings()).isEmpty();
        assertThat(compressed(24_576, 8 << 20).findings()).isEmpty();
    }

    /** Clusters of 64 KiB, all compressed to a byte or so. */
    private static ImageReport compressed(int count, int moreBytes) {
        int cluster = 1 << 16;
        byte[] image = new byte[6 * cluster + 4096 + moreBytes];
        System.arraycopy(Qcow2Bytes.v3().bytes, 0, image, 0, 112);
        Images.putBe(image, 20, 16, 4);
        Images.putBe(image, 24, 3L << 29, 8);
        Images.putBe(image, 36, 3, 4);
        Images.putBe(image, 40, cluster, 8);
        Images.putBe(image, 48, 2L * cluster, 8);
        for (int i = 0; i < 3; i++) {
            Images.putBe(image, cluster + 8 * i, (3L + i) * cluster, 8);
        }
        for (int i = 0; i < count; i++) {
            Images.putBe(image, 3 * cluster + 8 * i, COMPRESSED | 6L * cluster + i % 4096, 8);
        }
        return Images.inspect(image);
    }

    @Test
    void refusesBadSnapshotTables() {
        refuses(Qcow2Bytes.v3().u32(60, 1).u64(64, 1 << 20), ImageCode.SNAPSHOTS);
        Qcow2Bytes good = Qcow2Bytes.v3().u32(60, 1).u64(64, 10 * CLUSTER);
        good.u64(10 * CLUSTER, 11 * CLUSTER).u32(10 * CLUSTER + 8, 1).u32(10 * CLUSTER + 36, 16);
        good.u64(11 * CLUSTER, L2);
        assertThat(good.inspect().findings()).isEmpty();
        assertThat(good.inspect().snapshotCount()).isEqualTo(1);
        refuses(good.u32(10 * CLUSTER + 36, 0xffff_ffffL), ImageCode.SNAPSHOTS);
        good.u32(10 * CLUSTER + 36, 16);
        refuses(good.u64(10 * CLUSTER, L1), ImageCode.OVERLAP);
        refuses(good.u64(10 * CLUSTER, 11 * CLUSTER + 8), ImageCode.TABLE_ENTRY);
        refuses(good.u64(10 * CLUSTER, 1L << 40), ImageCode.OUTSIDE_FILE);
    }

    @Test
    void refusesTwoSnapshotsWithOneTable() {
        Qcow2Bytes image = Qcow2Bytes.v3().u32(60, 2).u64(64, 10 * CLUSTER);
        for (int i = 0; i < 2; i++) {
            int at = 10 * CLUSTER + 56 * i;
            image.u64(at, 11 * CLUSTER).u32(at + 8, 1).u32(at + 36, 16);
        }
        refuses(image, ImageCode.OVERLAP);
    }

    @Test
    void refusesBadBitmaps() {
        byte[] extension = new byte[24];
        Images.putBe(extension, 0, 1, 4);
        Images.putBe(extension, 8, 32, 8);
        Images.putBe(extension, 16, 10 * CLUSTER, 8);
        Qcow2Bytes image = Qcow2Bytes.v3().u64(88, 1).extension(0x23852875L, extension);
        image.u64(10 * CLUSTER, 11 * CLUSTER).u32(10 * CLUSTER + 8, 1);
        image.u32(10 * CLUSTER + 16, 0x01100004);
        assertThat(image.inspect().findings()).isEmpty();
        refuses(image.u64(11 * CLUSTER, L2), ImageCode.OVERLAP);
        refuses(image.u64(11 * CLUSTER, 12 * CLUSTER + 1), ImageCode.TABLE_ENTRY);
        refuses(image.u64(11 * CLUSTER, 1L << 40), ImageCode.OUTSIDE_FILE);
        refuses(image.u64(11 * CLUSTER, 0).u32(10 * CLUSTER + 8, 0xffff_ffffL), ImageCode.TABLE_SIZE);
        refuses(image.u32(10 * CLUSTER + 8, 1).u32(10 * CLUSTER + 12, 8), ImageCode.EXTENSION);
        refuses(Qcow2Bytes.v3().u64(88, 1), ImageCode.EXTENSION);
    }

    @Test
    void refusesImagesCutOff() {
        byte[] image = Qcow2Bytes.v3().bytes;
        for (int length = 8; length < 5 * CLUSTER; length++) {
            assertThat(Images.inspect(Arrays.copyOf(image, length)).safe())
                    .as("first %d bytes", length)
                    .isFalse();
        }
    }

    @Test
    void saysWhyInOneSentence() {
        for (Refusal finding : Qcow2Bytes.v3().dataFile("nbd:x:1").inspect().findings()) {
            assertThat(finding.reason()).isNotBlank().doesNotContain("\n", "nbd:x");
        }
    }
}
