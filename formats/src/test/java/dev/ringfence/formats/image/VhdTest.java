package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VhdTest {
    private static final int BLOCK = 4096;
    private static final int CYLINDERS = 4;
    private static final int DISK = CYLINDERS * 4 * 17 * 512;
    private static final int TABLE_AT = 1536;
    private static final int DATA_AT = 2560;

    @TempDir
    Path directory;

    /** A footer at the given place. */
    private static void footer(Bytes image, int at, int type, long dataOffset) {
        image.text(at, "conectix").u32(at + 8, 2).u32(at + 12, 0x10000).u64(at + 16, dataOffset);
        image.text(at + 28, "vpc ").u64(at + 40, DISK).u64(at + 48, DISK);
        image.u16(at + 56, CYLINDERS).u8(at + 58, 4).u8(at + 59, 17).u32(at + 60, type);
        seal(image, at, 512, 64);
    }

    static Bytes seal(Bytes image, int at, int length, int checksumAt) {
        byte[] bytes = Arrays.copyOfRange(image.array, at, at + length);
        return image.u32(at + checksumAt, VhdFooter.checksum(bytes, checksumAt));
    }

    /** One block in use of a disk of 136 KiB. */
    private static Bytes dynamic(int type) {
        Bytes image = Bytes.bigEndian(DATA_AT + 512 + BLOCK + 512);
        footer(image, 0, type, 512);
        image.text(512, "cxsparse").u64(520, -1).u64(528, TABLE_AT).u32(536, 0x10000);
        image.u32(540, DISK / BLOCK).u32(544, BLOCK);
        seal(image, 512, 1024, 36);
        image.fill(TABLE_AT, 1024, 0xff).u32(TABLE_AT + 8, DATA_AT / 512);
        footer(image, image.array.length - 512, type, 512);
        return image;
    }

    private static Bytes fixed() {
        Bytes image = Bytes.bigEndian(DISK + 512);
        footer(image, DISK, 2, -1);
        return image;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subformat=dynamic",
                "subformat=fixed",
                "subformat=dynamic,force_size=on",
                "subformat=fixed,force_size=on"
            })
    void acceptsWhatQemuWrites(String options) throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vpc", "-o", options, "a.vhd", "10M");
        Images.run(directory, "qemu-io", "-f", "vpc", "-c", "write -P 7 3M 64k", "a.vhd");
        ImageReport report = Images.inspect(directory.resolve("a.vhd"));
        assertThat(report.findings()).isEmpty();
        assertThat(report.format()).isEqualTo(ImageFormat.VHD);
        String said = Images.qemuImg(directory, "info", "--output=json", "-f", "vpc", "a.vhd");
        assertThat(said).contains("\"virtual-size\": " + report.virtualSizeBytes());
        assertThat(options).contains(report.variant());
    }

    @Test
    void acceptsDisksOfTwoTebibytes() throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vpc", "a.vhd", "2040G");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.vhd"), ImageFormat.VHD);
    }

    @Test
    void acceptsSmallOnesMadeByHand() {
        assertThat(dynamic(3).inspect().findings()).isEmpty();
        assertThat(fixed().inspect().findings()).isEmpty();
        assertThat(dynamic(3).inspect().virtualSizeBytes()).isEqualTo(DISK);
        assertThat(fixed().inspect().variant()).isEqualTo("fixed");
    }

    @Test
    void refusesDifferencingDisksAndNamesTheParent() {
        Bytes image = dynamic(4);
        image.text(512 + 64, "..\\base.vhd", StandardCharsets.UTF_16BE);
        ImageReport named = seal(image, 512, 1024, 36).inspect();
        Bytes.assertCodes(named, ImageCode.BACKING_FILE);
        assertThat(named.backing()).isEqualTo(new Reference("..\\base.vhd", "vpc"));

        byte[] path = "/etc/shadow".getBytes(StandardCharsets.UTF_16LE);
        image = dynamic(4);
        image.text(512 + 576, "W2ru")
                .u32(512 + 580, 1)
                .u32(512 + 584, path.length)
                .u64(512 + 592, 2048);
        System.arraycopy(path, 0, image.array, 2048, path.length);
        ImageReport located = seal(image, 512, 1024, 36).inspect();
        Images.assertRefused(located, ImageCode.REFERENCE_ABSOLUTE);
        assertThat(located.backing()).isEqualTo(new Reference("/etc/shadow", "vpc"));
        assertThat(located.features()).contains("locator-W2ru");
    }

    @Test
    void refusesFootersThatDisagree() {
        Bytes image = dynamic(3);
        seal(image.u16(56, CYLINDERS + 1), 0, 512, 64);
        Bytes.assertCodes(image.inspect(), ImageCode.COPIES_DISAGREE);
        Bytes missing = dynamic(3);
        missing.fill(0, 512, 0);
        Images.assertRefused(missing.inspect(), ImageCode.COPIES_DISAGREE);
    }

    @Test
    void refusesAFileWithoutItsFooter() {
        byte[] image = dynamic(3).array;
        Images.assertRefused(Images.inspect(Arrays.copyOf(image, image.length - 512)), ImageCode.TRUNCATED);
    }

    @Test
    void refusesSizesThatAreFarApart() {
        Bytes image = fixed();
        seal(image.u64(DISK + 48, 1L << 40), DISK, 512, 64);
        Images.assertRefused(image.inspect(), ImageCode.VIRTUAL_SIZE);
    }

    @Test
    void refusesBlockTablesThatLie() {
        Bytes outside = dynamic(3).u32(TABLE_AT, 4000);
        Bytes.assertCodes(outside.inspect(), ImageCode.OUTSIDE_FILE);
        Bytes twice = dynamic(3).u32(TABLE_AT, DATA_AT / 512);
        Bytes.assertCodes(twice.inspect(), ImageCode.OVERLAP);
        Bytes onTables = dynamic(3).u32(TABLE_AT, 0);
        Images.assertRefused(onTables.inspect(), ImageCode.OVERLAP);
        Bytes bomb = dynamic(3);
        for (int i = 0; i < 8; i++) {
            bomb.u32(TABLE_AT + 4 * i, DATA_AT / 512);
        }
        Images.assertRefused(bomb.inspect(), ImageCode.ALLOCATION_BOMB);
    }

    @Test
    void refusesTablesOfAbsurdSize() {
        Bytes image = seal(dynamic(3).u32(540, 0xffff_ffffL), 512, 1024, 36);
        Bytes.assertCodes(image.inspect(), ImageCode.TABLE_SIZE);
        assertThat(image.inspect().readBytes()).isLessThan(100_000);
        Bytes far = seal(dynamic(3).u64(528, Long.MAX_VALUE - 4), 512, 1024, 36);
        Bytes.assertCodes(far.inspect(), ImageCode.OUTSIDE_FILE);
    }

    @Test
    void refusesARawDiskThatEndsAsAFixedOne() {
        Bytes.assertCodes(Images.inspect(fixed().array, Expectation.of(ImageFormat.RAW)), ImageCode.RAW_WITH_MAGIC);
        assertThat(Images.inspect(fixed().array, Expectation.of(ImageFormat.VHD))
                        .safe())
                .isTrue();
    }

    @Test
    void refusesAnyChangedBitOfFooterAndHeader() {
        byte[] image = dynamic(3).array;
        int end = image.length;
        // Without its magic the copy is no claim; the footer at the end still is one.
        Bytes.eachBit(image, 0, 1536, r -> assertThat(r.safe()).isFalse());
        Bytes.eachBit(image, end - 512, end, r -> assertThat(r.safe()).isFalse());
        byte[] flat = fixed().array;
        Bytes.eachBit(flat, DISK + 8, DISK + 512, r -> assertThat(r.safe()).isFalse());
    }

    @Test
    void neverThrowsForCutOrChangedImages() {
        Bytes.eachCut(
                dynamic(3).array,
                0,
                dynamic(3).array.length,
                r -> assertThat(r.readCount()).isLessThan(100));
        Images.fuzz(List.of(dynamic(3).array, dynamic(4).array, fixed().array), 4000, 97, null);
    }
}
