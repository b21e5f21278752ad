package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VhdxTest {
    private static final int MIB = 1 << 20;
    private static final int[] HEADERS = {64 << 10, 128 << 10};
    private static final int[] REGIONS = {192 << 10, 256 << 10};
    private static final int LOG_AT = MIB;
    private static final int METADATA_AT = 2 * MIB;
    private static final int BAT_AT = 3 * MIB;
    private static final int DATA_AT = 4 * MIB;
    private static final String ITEM_PARENT = "2d5fd3a8 0bb3 4d45 abf7d3d84834ab0c";

    @TempDir
    Path directory;

    private static void guid(Bytes image, int at, String hex) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(bytes, 0, image.array, at, 16);
    }

    static Bytes seal(Bytes image, int at, int length) {
        image.u32(at + 4, 0);
        CRC32C crc = new CRC32C();
        crc.update(image.array, at, length);
        return image.u32(at + 4, crc.getValue());
    }

    private static Bytes sealAll(Bytes image) {
        for (int at : HEADERS) {
            seal(image, at, 4096);
        }
        for (int at : REGIONS) {
            seal(image, at, 65_536);
        }
        return image;
    }

    /** A disk of 3 MiB in blocks of 1 MiB, the second in use. */
    private static Bytes sample(int flags) {
        Bytes image = Bytes.littleEndian(5 * MIB);
        image.text(0, "vhdxfile");
        for (int i = 0; i < 2; i++) {
            int header = HEADERS[i];
            image.text(header, "head").u64(header + 8, 7 + i).u16(header + 66, 1);
            image.u32(header + 68, MIB).u64(header + 72, LOG_AT);
            int regions = REGIONS[i];
            image.text(regions, "regi").u32(regions + 8, 2);
            guid(image, regions + 16, "6677c22d 23f6 0042 9d64115e9bfd4a08");
            image.u64(regions + 32, BAT_AT).u32(regions + 40, MIB).u32(regions + 44, 1);
            guid(image, regions + 48, "06a27c8b 9047 9a4b b8fe575f050f886e");
            image.u64(regions + 64, METADATA_AT).u32(regions + 72, MIB).u32(regions + 76, 1);
        }
        image.text(METADATA_AT, "metadata").u16(METADATA_AT + 10, 6);
        item(image, 0, "3767a1ca 36fa 434d b3b633f0aa44e76b", 0, 8);
        item(image, 1, "2442a52f 1bcd 7648 b2115dbed83bf4b8", 8, 8);
        item(image, 2, "ab12cabe e6b2 2345 93efc309e000c746", 16, 16);
        item(image, 3, "1dbf4181 6fa9 0947 ba47f233a8faab5f", 32, 4);
        item(image, 4, "c748a3cd 5d44 7144 9cc9e9885251c556", 36, 4);
        item(image, 5, ITEM_PARENT, 64, 256);
        int items = METADATA_AT + 65_536;
        image.u32(items, MIB)
                .u32(items + 4, flags)
                .u64(items + 8, 3 * MIB)
                .u32(items + 32, 512)
                .u32(items + 36, 4096);
        image.u64(BAT_AT + 8, (long) DATA_AT | 6);
        if (flags < 2) {
            image.u16(METADATA_AT + 10, 5);
        }
        return sealAll(image);
    }

    private static void item(Bytes image, int index, String guid, int offset, int length) {
        int entry = METADATA_AT + 32 + 32 * index;
        guid(image, entry, guid);
        image.u32(entry + 16, 65_536 + offset).u32(entry + 20, length).u32(entry + 24, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"subformat=dynamic", "subformat=fixed", "subformat=dynamic,block_size=1M", "log_size=2M"})
    void acceptsWhatQemuWrites(String options) throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vhdx", "-o", options, "a.vhdx", "10M");
        Images.run(directory, "qemu-io", "-f", "vhdx", "-c", "write -P 7 3M 64k", "-c", "write -P 8 9M 64k", "a.vhdx");
        ImageReport report = Images.assertSafeAndAsQemuSays(directory.resolve("a.vhdx"), ImageFormat.VHDX);
        assertThat(options.contains("fixed")).isEqualTo(report.variant().equals("fixed"));
    }

    @Test
    void acceptsDisksOfManyTebibytes() throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vhdx", "a.vhdx", "60T");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.vhdx"), ImageFormat.VHDX);
    }

    @Test
    void acceptsASmallOneMadeByHand() {
        ImageReport report = sample(0).inspect();
        assertThat(report.findings()).isEmpty();
        assertThat(report.virtualSizeBytes()).isEqualTo(3 * MIB);
        assertThat(report.variant()).isEqualTo("dynamic");
    }

    @Test
    void refusesDifferencingDisksAndNamesTheParent() {
        Bytes image = sample(2);
        int locator = METADATA_AT + 65_536 + 64;
        image.u16(locator + 18, 1).u32(locator + 20, 40).u32(locator + 24, 80).u16(locator + 28, 26);
        image.text(locator + 40, "relative_path", StandardCharsets.UTF_16LE);
        String parent = "/dev/sda";
        image.u16(locator + 30, 2 * parent.length()).text(locator + 80, parent, StandardCharsets.UTF_16LE);
        ImageReport report = image.inspect();
        Bytes.assertCodes(report, ImageCode.BACKING_FILE, ImageCode.REFERENCE_DEVICE);
        assertThat(report.backing()).isEqualTo(new Reference("/dev/sda", "vhdx"));
        assertThat(report.variant()).isEqualTo("differencing");
        // A parent without a name is one as well.
        Bytes.assertCodes(sample(2).inspect(), ImageCode.BACKING_FILE, ImageCode.REFERENCE_TEXT);
    }

    @Test
    void refusesALogThatWaits() {
        Bytes image = sample(0).u64(HEADERS[1] + 48, 1);
        Bytes.assertCodes(sealAll(image).inspect(), ImageCode.NEEDS_REPAIR);
        // The log of the older header does not count.
        assertThat(sealAll(sample(0).u64(HEADERS[0] + 48, 1)).inspect().safe()).isTrue();
    }

    @Test
    void refusesCopiesThatDisagree() {
        Bytes headers = sealAll(sample(0).u64(HEADERS[1] + 8, 7).u64(HEADERS[1] + 16, 99));
        Bytes.assertCodes(headers.inspect(), ImageCode.COPIES_DISAGREE);
        Bytes regions = sealAll(sample(0).u32(REGIONS[1] + 76, 0));
        Bytes.assertCodes(regions.inspect(), ImageCode.COPIES_DISAGREE);
    }

    @Test
    void refusesWhatIsRequiredAndUnknown() {
        Bytes region = sample(0);
        for (int at : REGIONS) {
            region.u32(at + 8, 3)
                    .u64(at + 80, 12345)
                    .u64(at + 96, LOG_AT)
                    .u32(at + 104, 0)
                    .u32(at + 108, 1);
        }
        Bytes.assertCodes(sealAll(region).inspect(), ImageCode.FEATURE);
        for (int at : REGIONS) {
            region.u32(at + 108, 0);
        }
        assertThat(sealAll(region).inspect().safe()).isTrue();

        Bytes item = sample(0).u16(METADATA_AT + 10, 6);
        item.u64(METADATA_AT + 32 + 160, 4711);
        Bytes.assertCodes(item.inspect(), ImageCode.FEATURE);
        assertThat(item.u32(METADATA_AT + 32 + 184, 0).inspect().safe()).isTrue();
    }

    @Test
    void refusesTablesThatLie() {
        Bytes.assertCodes(sample(0).u64(BAT_AT, (long) DATA_AT | 6).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sample(0).u64(BAT_AT, (long) BAT_AT | 6).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sample(0).u64(BAT_AT, 9L * MIB | 6).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(sample(0).u64(BAT_AT, 7).inspect(), ImageCode.TABLE_ENTRY);
        Bytes.assertCodes(sample(0).u64(BAT_AT, 0x100).inspect(), ImageCode.TABLE_ENTRY);
        assertThat(sample(0).u64(BAT_AT, 3).inspect().safe()).isTrue();
    }

    @Test
    void refusesAbsurdSizes() {
        int items = METADATA_AT + 65_536;
        Bytes.assertCodes(sample(0).u64(items + 8, -1).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(sample(0).u64(items + 8, 1L << 45).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(sample(0).u32(items, 3 * MIB).inspect(), ImageCode.HEADER);
        Bytes count = sample(0);
        for (int at : REGIONS) {
            count.u32(at + 8, 0xffff_ffffL);
        }
        Bytes.assertCodes(sealAll(count).inspect(), ImageCode.TABLE_SIZE);
        Bytes bat = sample(0);
        for (int at : REGIONS) {
            bat.u32(at + 40, 0xfff0_0000L);
        }
        Bytes.assertCodes(sealAll(bat).inspect(), ImageCode.OUTSIDE_FILE);
    }

    @Test
    void refusesAnyChangedBitOfHeadersAndRegionTables() {
        byte[] image = sample(0).array;
        for (int at : HEADERS) {
            Bytes.eachBit(image, at, at + 96, r -> assertThat(r.safe()).isFalse());
        }
        for (int at : REGIONS) {
            Bytes.eachBit(image, at, at + 96, r -> assertThat(r.safe()).isFalse());
        }
    }

    @Test
    void neverThrowsForCutOrChangedImages() {
        byte[] image = sample(2).array;
        Bytes.eachBit(
                image,
                METADATA_AT,
                METADATA_AT + 240,
                r -> assertThat(r.readCount()).isLessThan(200));
        Bytes.eachBit(
                image,
                METADATA_AT + 65_536,
                METADATA_AT + 65_536 + 140,
                r -> assertThat(r.readCount()).isLessThan(200));
        for (int cut :
                new int[] {0, 8, 65_536, 65_600, 196_608, 262_144, 327_679, MIB, METADATA_AT + 70_000, BAT_AT, DATA_AT
                }) {
            assertThat(Images.inspect(Arrays.copyOf(image, cut)).safe()).isEqualTo(cut < 8);
        }
        Images.fuzz(List.of(image), 150, 50_021, null);
    }
}
