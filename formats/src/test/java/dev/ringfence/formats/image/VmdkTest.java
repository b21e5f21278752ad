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

class VmdkTest {
    private static final int SECTOR = 512;
    private static final int GRAIN = 8;
    private static final int DIRECTORY = 4;
    private static final int TABLE = 5;
    private static final int DATA = 16;
    private static final int CAPACITY = 64;

    @TempDir
    Path directory;

    private static String text(String type, String more) {
        return "# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType=\"" + type + "\"\n"
                + more
                + "# Extent description\nRW " + CAPACITY + " SPARSE \"disk.vmdk\"\n# The Disk Data Base\n#DDB\n"
                + "ddb.adapterType = \"ide\"\n";
    }

    private static void header(Bytes image, int at, long directory, boolean compressed) {
        image.text(at, "KDMV").u32(at + 4, compressed ? 3 : 1).u32(at + 8, compressed ? 0x30001 : 1);
        image.u64(at + 12, CAPACITY)
                .u64(at + 20, GRAIN)
                .u64(at + 28, 1)
                .u64(at + 36, 2)
                .u32(at + 44, 512);
        image.u64(at + 56, directory)
                .u64(at + 64, DATA)
                .text(at + 73, "\n \r\n")
                .u16(at + 77, compressed ? 1 : 0);
    }

    /** A disk of 32 KiB in grains of 4 KiB, the second in use. */
    private static Bytes sparse(String descriptor) {
        Bytes image = Bytes.littleEndian((DATA + GRAIN) * SECTOR);
        header(image, 0, DIRECTORY, false);
        image.text(SECTOR, descriptor).u32(DIRECTORY * SECTOR, TABLE).u32(TABLE * SECTOR + 4, DATA);
        return image;
    }

    private static Bytes sparse() {
        return sparse(text("monolithicSparse", ""));
    }

    /** The same disk as a stream, whose tables only the footer finds. */
    private static Bytes stream() {
        Bytes image = Bytes.littleEndian((DATA + 1 + 3) * SECTOR);
        header(image, 0, -1, true);
        image.text(SECTOR, text("streamOptimized", ""))
                .u32(DIRECTORY * SECTOR, TABLE)
                .u32(TABLE * SECTOR + 4, DATA);
        int marker = image.array.length - 3 * SECTOR;
        image.u64(marker, 1).u32(marker + 12, 3);
        header(image, marker + SECTOR, DIRECTORY, true);
        return image;
    }

    private static ImageReport descriptor(String text) {
        return Images.inspect(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"subformat=monolithicSparse", "subformat=streamOptimized", "compat6", "adapter_type=lsilogic"})
    void acceptsWhatQemuWrites(String options) throws Exception {
        byte[] data = new byte[300_000];
        Arrays.fill(data, (byte) 7);
        Files.write(directory.resolve("data.raw"), data);
        Images.qemuImg(directory, "convert", "-f", "raw", "-O", "vmdk", "-o", options, "data.raw", "a.vmdk");
        ImageReport report = Images.assertSafeAndAsQemuSays(directory.resolve("a.vmdk"), ImageFormat.VMDK);
        assertThat(report.variant()).isEqualTo(options.contains("stream") ? "streamOptimized" : "monolithicSparse");
    }

    @Test
    void acceptsDisksOfTwoTebibytes() throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vmdk", "a.vmdk", "2T");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.vmdk"), ImageFormat.VMDK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"monolithicFlat", "twoGbMaxExtentFlat", "twoGbMaxExtentSparse"})
    void refusesDescriptorsOfOtherFiles(String type) throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vmdk", "-o", "subformat=" + type, "a.vmdk", "3G");
        Path image = directory.resolve("a.vmdk");
        ImageReport report = Images.inspect(image);
        Bytes.assertCodes(report, ImageCode.VARIANT, ImageCode.EXTENT_FILE);
        assertThat(report.variant()).isEqualTo(type);
        assertThat(report.virtualSizeBytes()).isEqualTo(Images.info(image).virtualSizeBytes());
        assertThat(report.extents()).hasSize(type.startsWith("two") ? 2 : 1);
        if (type.endsWith("Sparse")) {
            Images.assertRefused(Images.inspect(directory.resolve("a-s001.vmdk")), ImageCode.VARIANT);
        }
    }

    @Test
    void refusesOverlaysAndNamesTheParent() throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vmdk", "base.vmdk", "3M");
        Images.qemuImg(directory, "create", "-q", "-f", "vmdk", "-b", "base.vmdk", "-F", "vmdk", "a.vmdk");
        ImageReport report = Images.inspect(directory.resolve("a.vmdk"));
        Bytes.assertCodes(report, ImageCode.BACKING_FILE);
        assertThat(report.backing()).isEqualTo(new Reference("base.vmdk", "vmdk"));
        assertThat(Images.info(directory.resolve("a.vmdk")).backing()).isEqualTo("base.vmdk");
    }

    @Test
    void acceptsSmallOnesMadeByHand() {
        assertThat(sparse().inspect().findings()).isEmpty();
        ImageReport stream = stream().inspect();
        assertThat(stream.findings()).isEmpty();
        assertThat(stream.features()).contains("footer", "markers", "compressed");
        assertThat(stream.virtualSizeBytes()).isEqualTo(CAPACITY * SECTOR);
    }

    /** CVE-2022-47951: a descriptor that has QEMU read any file of the host. */
    @Test
    void refusesDescriptorsThatNameFilesOfTheHost() {
        String head = "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n";
        ImageReport report = descriptor(head + "RW 100 FLAT \"/etc/passwd\" 0\n");
        Images.assertRefused(report, ImageCode.REFERENCE_ABSOLUTE);
        assertThat(report.extents()).containsExactly(new Reference("/etc/passwd", "raw"));
        Images.assertRefused(descriptor(head + "RW 100 FLAT \"/dev/sda\" 0\n"), ImageCode.REFERENCE_DEVICE);
        Images.assertRefused(descriptor(head + "RW 100 FLAT \"../../x\" 0\n"), ImageCode.REFERENCE_OUTSIDE);
        Images.assertRefused(descriptor(head + "RW 100 FLAT \"json:{}\" 0\n"), ImageCode.REFERENCE_JSON);
        Images.assertRefused(descriptor(head + "RW 100 FLAT \"nbd:host:1\" 0\n"), ImageCode.REFERENCE_PROTOCOL);
        Images.assertRefused(descriptor(head + "RW 100 VMFSRDM \"a-rdm.vmdk\"\n"), ImageCode.REFERENCE_DEVICE);
        Images.assertRefused(descriptor(head + "RW 100 VMFS \"a-flat.vmdk\"\n"), ImageCode.EXTENT_FILE);
    }

    /** CVE-2024-40767: the declared format is raw or qcow2, and the file is a descriptor. */
    @Test
    void refusesADescriptorThatWasDeclaredRaw() {
        byte[] text = "version=1\ncreateType=\"monolithicFlat\"\nRW 1 FLAT \"/etc/shadow\" 0\n"
                .getBytes(StandardCharsets.UTF_8);
        Images.assertRefused(Images.inspect(text, Expectation.of(ImageFormat.RAW)), ImageCode.RAW_WITH_MAGIC);
        Images.assertRefused(Images.inspect(text, Expectation.of(ImageFormat.QCOW2)), ImageCode.NOT_AS_DECLARED);
        byte[] twin = "version one\ncreateType=\"monolithicFlat\"\n".getBytes(StandardCharsets.UTF_8);
        assertThat(Images.inspect(twin, Expectation.of(ImageFormat.RAW)).safe()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version=1\n",
                "#\nversion=2\r\n",
                "  \r\n#x\nversion=3\n",
                "# DISK DESCRIPTORFILE\n",
                "\n\nversion=1\n"
            })
    void takesForADescriptorWhatAnyToolWould(String start) {
        assertThat(descriptor(start).format()).isEqualTo(ImageFormat.VMDK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!/bin/sh\necho\n", "versions=1\n", "# Disk\n\nx\nversion=1\n", ""})
    void takesOtherTextForARawDisk(String start) {
        assertThat(descriptor(start).format()).isEqualTo(ImageFormat.RAW);
    }

    @Test
    void refusesAnEmbeddedDescriptorThatNamesOtherFiles() {
        Images.assertRefused(
                sparse(text("monolithicSparse", "RW 8 FLAT \"/etc/passwd\" 0\n"))
                        .inspect(),
                ImageCode.REFERENCE_ABSOLUTE);
        Images.assertRefused(
                sparse(text("monolithicSparse", "").replace("disk.vmdk", "../disk.vmdk"))
                        .inspect(),
                ImageCode.EXTENT_FILE);
        Images.assertRefused(sparse(text("monolithicFlat", "")).inspect(), ImageCode.VARIANT);
        Images.assertRefused(
                sparse(text("monolithicSparse", "changeTrackPath=\"/dev/kvm\"\n"))
                        .inspect(),
                ImageCode.REFERENCE_DEVICE);
    }

    /** With no capacity QEMU goes by the descriptor, wherever the header says that it is. */
    @Test
    void refusesAHeaderWithoutCapacityThatLeavesAllToItsDescriptor() {
        Bytes image = sparse("").u64(12, 0).u64(28, 9).u64(36, 1);
        image.text(9 * SECTOR, text("monolithicFlat", "RW 8 FLAT \"/etc/shadow\" 0\n"));
        ImageReport report = image.inspect();
        Images.assertRefused(report, ImageCode.REFERENCE_ABSOLUTE);
        Images.assertRefused(report, ImageCode.DESCRIPTOR);
        assertThat(report.extents()).contains(new Reference("/etc/shadow", "raw"));
    }

    /** QEMU searches 20 sectors after the header for the parent's name, in comments too. */
    @Test
    void refusesParentsThatHideFromOtherReaders() {
        Bytes comment = sparse(text("monolithicSparse", "# parentFileNameHint=\"/etc/shadow\"\n"));
        ImageReport report = comment.inspect();
        Bytes.assertCodes(report, ImageCode.DESCRIPTOR, ImageCode.BACKING_FILE, ImageCode.REFERENCE_ABSOLUTE);
        assertThat(report.backing()).isEqualTo(new Reference("/etc/shadow", "vmdk"));
        Bytes without = sparse("parentFileNameHint=\"nbd:x:1\"\n").u64(28, 0).u64(36, 0);
        Images.assertRefused(without.inspect(), ImageCode.REFERENCE_PROTOCOL);
        assertThat(sparse(text("monolithicSparse", "# parent\n")).inspect().safe())
                .isTrue();
    }

    @Test
    void refusesDescriptorsThatCanBeReadInTwoWays() {
        for (String more : List.of(
                "createType=\"monolithicFlat\"\n",
                "#createType=\"x\"\n",
                "xcreateType=\"y\"\n",
                "# a CID\n",
                "a line\n",
                "key=\"open\n",
                "# comment\rparentCID=1\n",
                "RW 8 SPARS \"x\"\n")) {
            ImageReport report = sparse(text("monolithicSparse", more)).inspect();
            Images.assertRefused(report, ImageCode.DESCRIPTOR);
        }
        ImageReport windows =
                sparse(text("monolithicSparse", "").replace("\n", "\r\n")).inspect();
        assertThat(windows.findings()).isEmpty();
    }

    @Test
    void refusesDescriptorsBeyondTheLimit() {
        Bytes.assertCodes(sparse().u64(36, 1 << 20).inspect(), ImageCode.DESCRIPTOR);
        Bytes.assertCodes(sparse().u64(36, -1).inspect(), ImageCode.DESCRIPTOR);
        byte[] large = new byte[(1 << 20) + 1];
        Arrays.fill(large, (byte) '\n');
        System.arraycopy("version=1\n".getBytes(StandardCharsets.US_ASCII), 0, large, 0, 10);
        Bytes.assertCodes(Images.inspect(large), ImageCode.DESCRIPTOR);
    }

    @Test
    void refusesAFooterThatDiffersFromItsHeader() {
        int footer = stream().array.length - 2 * SECTOR;
        Bytes.assertCodes(stream().u64(footer + 12, 63).inspect(), ImageCode.COPIES_DISAGREE);
        Images.assertRefused(stream().u64(footer + 28, 9).inspect(), ImageCode.COPIES_DISAGREE);
        Bytes.assertCodes(stream().u64(footer + 56, -1).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(stream().fill(footer, 4, 0).inspect(), ImageCode.TRUNCATED);
        Bytes.assertCodes(stream().u32(footer - 500, 2).inspect(), ImageCode.HEADER);
        // A header that does not need the footer, and a footer that says something else.
        Bytes both = stream().u64(56, DIRECTORY).u64(footer + 12, 8);
        Bytes.assertCodes(both.inspect(), ImageCode.COPIES_DISAGREE);
        assertThat(stream().u64(56, DIRECTORY).inspect().safe()).isTrue();
    }

    @Test
    void refusesTablesThatLie() {
        int first = TABLE * SECTOR;
        Bytes.assertCodes(sparse().u32(first, DATA).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sparse().u32(first, 2).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sparse().u32(first, 5000).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(sparse().u32(DIRECTORY * SECTOR, 5000).inspect(), ImageCode.OUTSIDE_FILE);
        Images.assertRefused(sparse().u32(DIRECTORY * SECTOR, DIRECTORY).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sparse().u64(56, 1L << 40).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes bomb = sparse();
        for (int i = 0; i < 8; i++) {
            bomb.u32(first + 4 * i, DATA);
        }
        Images.assertRefused(bomb.inspect(), ImageCode.ALLOCATION_BOMB);
    }

    @Test
    void refusesOddHeaders() {
        Bytes.assertCodes(sparse().u32(4, 4).inspect(), ImageCode.VERSION);
        Bytes.assertCodes(sparse().u32(8, 0x101).inspect(), ImageCode.FEATURE);
        Images.assertRefused(sparse().u64(20, 9).inspect(), ImageCode.HEADER);
        Images.assertRefused(sparse().u64(20, 1L << 40).inspect(), ImageCode.HEADER);
        Images.assertRefused(sparse().u64(12, -1).inspect(), ImageCode.VIRTUAL_SIZE);
        Images.assertRefused(sparse().u64(12, 1L << 50).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(sparse().u64(12, CAPACITY + GRAIN).inspect(), ImageCode.COPIES_DISAGREE);
        Bytes.assertCodes(sparse().u8(72, 1).inspect(), ImageCode.NEEDS_REPAIR);
        Bytes.assertCodes(sparse().u8(75, '\n').inspect(), ImageCode.HEADER);
        Bytes.assertCodes(sparse().u16(77, 2).inspect(), ImageCode.FEATURE);
        Images.assertRefused(sparse().u16(77, 1).inspect(), ImageCode.COPIES_DISAGREE);
    }

    @Test
    void refusesExtentsOfEsx() {
        Bytes cowd = Bytes.littleEndian(4096)
                .text(0, "COWD")
                .u32(4, 1)
                .u32(12, 8)
                .u32(16, 1)
                .u32(20, 4)
                .u32(24, 1);
        Bytes.assertCodes(cowd.inspect(), ImageCode.VARIANT);
        ImageReport child = cowd.text(32, "/vmfs/base.vmdk").inspect();
        Images.assertRefused(child, ImageCode.BACKING_FILE);
        assertThat(child.backing()).isEqualTo(new Reference("/vmfs/base.vmdk", "vmdk"));
        Bytes seSparse = Bytes.littleEndian(4096).u64(0, 0xcafebabeL);
        Bytes.assertCodes(seSparse.inspect(), ImageCode.VARIANT);
    }

    @Test
    void refusesDisksThatVmwareEncrypted() {
        Images.assertRefused(
                sparse(text("monolithicSparse", "encryption.keySafe = \"vmware:key\"\n"))
                        .inspect(),
                ImageCode.FEATURE);
    }

    @Test
    void neverThrowsForCutOrChangedImages() {
        for (Bytes image : List.of(sparse(), stream())) {
            Bytes.eachBit(image.array, 0, 100, r -> assertThat(r.readCount()).isLessThan(100));
            Bytes.eachCut(
                    image.array,
                    4,
                    image.array.length - GRAIN * SECTOR,
                    r -> assertThat(r.safe()).isFalse());
        }
        byte[] text = text("monolithicFlat", "").getBytes(StandardCharsets.UTF_8);
        Bytes.eachBit(text, 0, text.length, r -> assertThat(r.readCount()).isLessThan(100));
        Images.fuzz(List.of(sparse().array, stream().array, text), 6000, 97, null);
    }
}
