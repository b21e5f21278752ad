package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsoTest {
    private static final int SECTOR = 2048;
    private static final int VOLUME_AT = 16 * SECTOR;
    private static final int BLOCKS = 24;
    private static final int CATALOG = 20;

    @TempDir
    Path directory;

    private Path tree;

    @BeforeEach
    void files() throws Exception {
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("a.txt"), "text");
        Files.write(tree.resolve("boot.img"), new byte[8192]);
    }

    private static Bytes both32(Bytes image, int at, int value) {
        return image.u32(at, value).u32(at + 4, Integer.toUnsignedLong(Integer.reverseBytes(value)));
    }

    /** A volume of 24 blocks. */
    private static Bytes sample() {
        Bytes image = Bytes.littleEndian(BLOCKS * SECTOR);
        int at = VOLUME_AT;
        image.u8(at, 1).text(at + 1, "CD001").u8(at + 6, 1);
        both32(image, at + 80, BLOCKS);
        image.u16(at + 128, SECTOR).u16(at + 130, Short.toUnsignedInt(Short.reverseBytes((short) SECTOR)));
        both32(image, at + 132, 10);
        image.u32(at + 140, 18).u32(at + 148, Integer.toUnsignedLong(Integer.reverseBytes(19)));
        image.u8(at + 156, 34).u8(at + 156 + 25, 2);
        both32(image, at + 158, 21);
        both32(image, at + 166, SECTOR);
        return terminator(image, at + SECTOR);
    }

    private static Bytes terminator(Bytes image, int at) {
        return image.u8(at, 255).text(at + 1, "CD001").u8(at + 6, 1);
    }

    /** With a boot record and its catalog. */
    private static Bytes bootable() {
        Bytes image = sample();
        int at = VOLUME_AT + SECTOR;
        image.u8(at, 0).text(at + 7, "EL TORITO SPECIFICATION").u32(at + 71, CATALOG);
        int catalog = CATALOG * SECTOR;
        image.u8(catalog, 1).u16(catalog + 28, 0x55a9).u16(catalog + 30, 0xaa55);
        image.u16(catalog + 28, (0x10000 - 1 - 0xaa55) & 0xffff);
        image.u8(catalog + 32, 0x88).u16(catalog + 38, 4).u32(catalog + 40, 22);
        image.u8(catalog + 64, 0x91)
                .u8(catalog + 65, 0xef)
                .u8(catalog + 96, 0x88)
                .u16(catalog + 102, 4);
        image.u32(catalog + 104, 23);
        return terminator(image, at + SECTOR);
    }

    @Test
    void acceptsWhatGenisoimageWrites() throws Exception {
        OtherTools.run(directory, "", "genisoimage", "-quiet", "-udf", "-J", "-R", "-o", "u.iso", "tree");
        ImageReport udf = Images.inspect(directory.resolve("u.iso"));
        assertThat(udf.findings()).isEmpty();
        assertThat(udf.variant()).isEqualTo("iso9660+udf");
        assertThat(udf.features()).contains("joliet", "udf");
        OtherTools.run(
                directory, "", "genisoimage", "-quiet", "-b", "boot.img", "-no-emul-boot", "-o", "b.iso", "tree");
        ImageReport boot = Images.inspect(directory.resolve("b.iso"));
        assertThat(boot.findings()).isEmpty();
        assertThat(boot.features()).contains("el-torito", "boot-bios").doesNotContain("joliet");
        assertThat(boot.virtualSizeBytes()).isEqualTo(Files.size(directory.resolve("b.iso")));
    }

    @Test
    void acceptsHybridsThatWereDeclared() throws Exception {
        OtherTools.run(
                directory,
                "",
                "xorriso",
                "-as",
                "mkisofs",
                "-quiet",
                "-o",
                "x.iso",
                "-partition_offset",
                "16",
                "-eltorito-alt-boot",
                "-e",
                "boot.img",
                "-no-emul-boot",
                "-isohybrid-gpt-basdat",
                "tree");
        ImageReport report = Images.inspect(directory.resolve("x.iso"), Expectation.of(ImageFormat.ISO));
        assertThat(report.findings()).isEmpty();
        assertThat(report.format()).isEqualTo(ImageFormat.ISO);
        assertThat(report.features()).contains("boot-efi");
    }

    @Test
    void acceptsSmallOnesMadeByHand() {
        assertThat(sample().inspect().findings()).isEmpty();
        ImageReport boot = bootable().inspect();
        assertThat(boot.findings()).isEmpty();
        assertThat(boot.features()).containsExactly("el-torito", "boot-bios", "boot-efi");
        assertThat(Images.inspect(sample().array, Expectation.of(ImageFormat.RAW))
                        .safe())
                .isTrue();
    }

    /** The guest's firmware sees one disk, the host's tools another. */
    @Test
    void refusesAnIsoThatIsAQcow2AsWell() {
        Bytes image = sample().text(0, "QFI\u00fb").u8(7, 3);
        Images.assertRefused(image.inspect(), ImageCode.POLYGLOT);
        Images.assertRefused(Images.inspect(image.array, Expectation.of(ImageFormat.ISO)), ImageCode.POLYGLOT);
    }

    @Test
    void refusesDescriptorsThatLie() {
        Bytes.assertCodes(both32(sample(), VOLUME_AT + 80, BLOCKS + 1).inspect(), ImageCode.TRUNCATED);
        Bytes.assertCodes(both32(sample(), VOLUME_AT + 80, 0).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(sample().u32(VOLUME_AT + 80, 4).inspect(), ImageCode.COPIES_DISAGREE);
        Bytes.assertCodes(sample().u16(VOLUME_AT + 130, 4).inspect(), ImageCode.COPIES_DISAGREE);
        Bytes.assertCodes(both32(sample(), VOLUME_AT + 158, 999).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(sample().u32(VOLUME_AT + 140, 999).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(sample().u8(VOLUME_AT + 156, 0).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(sample().u8(VOLUME_AT, 9).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(sample().u8(VOLUME_AT + SECTOR, 3).inspect(), ImageCode.TRUNCATED);
        Bytes.assertCodes(sample().u8(VOLUME_AT + 6, 7).inspect(), ImageCode.VERSION);
    }

    @Test
    void refusesBootCatalogsThatLie() {
        int record = VOLUME_AT + SECTOR;
        Bytes.assertCodes(bootable().u32(record + 71, 999_999).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(bootable().u8(CATALOG * SECTOR + 5, 1).inspect(), ImageCode.CHECKSUM);
        Bytes.assertCodes(bootable().u32(CATALOG * SECTOR + 40, 999_999).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(bootable().u32(CATALOG * SECTOR + 104, 999_999).inspect(), ImageCode.OUTSIDE_FILE);
    }

    @Test
    void knowsVolumesOfUdfAlone() {
        Bytes image =
                Bytes.littleEndian(BLOCKS * SECTOR).text(VOLUME_AT + 1, "BEA01").text(VOLUME_AT + SECTOR + 1, "NSR03");
        assertThat(image.inspect().variant()).isEqualTo("udf");
        assertThat(image.inspect().findings()).isEmpty();
    }

    @Test
    void neverThrowsForCutOrChangedImages() {
        byte[] image = bootable().array;
        Bytes.eachBit(
                image,
                VOLUME_AT,
                VOLUME_AT + 200,
                r -> assertThat(r.readCount()).isLessThan(100));
        Bytes.eachBit(
                image,
                CATALOG * SECTOR,
                CATALOG * SECTOR + 128,
                r -> assertThat(r.readCount()).isLessThan(100));
        Bytes.eachCut(
                image, VOLUME_AT + 6, image.length, r -> assertThat(r.safe()).isFalse());
        Images.fuzz(List.of(image), 3000, 1009, null);
    }
}
