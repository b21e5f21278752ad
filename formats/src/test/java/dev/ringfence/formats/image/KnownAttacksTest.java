package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.io.ByteSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attacks that worked on others, each beside the harmless image that looks most like it. */
class KnownAttacksTest {
    private static final Expectation RAW = Expectation.of(ImageFormat.RAW);
    private static final Expectation QCOW2 = Expectation.of(ImageFormat.QCOW2);

    /** CVE-2024-32498: a qcow2 image whose data file is a file of the host is converted to a raw image that holds it. */
    @Test
    void refusesQcow2WhoseDataIsAFileOfTheHost() {
        ImageReport report = Images.inspect(Qcow2Bytes.v3().dataFile("/etc/shadow").bytes, QCOW2);
        assertThat(report.codes()).contains(ImageCode.DATA_FILE.code(), ImageCode.REFERENCE_ABSOLUTE.code());
        assertThat(Images.inspect(Qcow2Bytes.v3().bytes, QCOW2).findings()).isEmpty();
    }

    /** CVE-2024-40767: the same, uploaded as raw, which the first fix did not look into. */
    @Test
    void refusesQcow2WithABackingFileThatIsCalledRaw() {
        ImageReport report = Images.inspect(Qcow2Bytes.v3().backing("/etc/shadow", "raw").bytes, RAW);
        assertThat(report.codes())
                .contains(
                        ImageCode.RAW_WITH_MAGIC.code(),
                        ImageCode.BACKING_FILE.code(),
                        ImageCode.REFERENCE_ABSOLUTE.code());
        // A raw disk may hold such an image as a file of its file system.
        byte[] disk = Disks.mbr(new long[] {0x83, 64, 1900});
        byte[] image = Qcow2Bytes.v3().backing("/etc/shadow", "raw").bytes;
        System.arraycopy(image, 0, disk, 64 * 512, image.length);
        assertThat(Images.inspect(disk, RAW).findings()).isEmpty();
    }

    /** CVE-2026-24708: a guest writes a qcow2 header on its raw disk, and a later resize opens it without a format. */
    @Test
    void refusesRawDisksOnWhichTheGuestWroteAHeader() {
        byte[] disk = Disks.mbr(new long[] {0x83, 64, 1900});
        assertThat(Images.inspect(disk, RAW).findings()).isEmpty();
        // The header leaves the partition table as it is, so that the guest still boots.
        System.arraycopy(Qcow2Bytes.v2().backing("/etc/shadow", "").bytes, 0, disk, 0, 200);
        ImageReport report = Images.inspect(disk, RAW);
        assertThat(report.codes()).contains(ImageCode.RAW_WITH_MAGIC.code(), ImageCode.POLYGLOT.code());
        assertThat(report.format()).isEqualTo(ImageFormat.QCOW2);
        // Eight bytes are enough for a tool that guesses.
        byte[] magic = Disks.mbr(new long[] {0x83, 64, 1900});
        System.arraycopy(Qcow2Bytes.v2().bytes, 0, magic, 0, 8);
        assertThat(Images.inspect(magic, RAW).codes()).contains(ImageCode.RAW_WITH_MAGIC.code());
        System.arraycopy("QED\0".getBytes(StandardCharsets.US_ASCII), 0, magic, 0, 4);
        assertThat(Images.inspect(magic, RAW).codes()).contains(ImageCode.RAW_WITH_MAGIC.code());
    }

    @Test
    void refusesAnotherFormatThanDeclared() {
        assertThat(Images.inspect(Qcow2Bytes.v3().bytes, Expectation.of(ImageFormat.QED))
                        .codes())
                .containsExactly(ImageCode.NOT_AS_DECLARED.code());
        assertThat(Images.inspect(new byte[4096], QCOW2).codes()).containsExactly(ImageCode.NOT_AS_DECLARED.code());
    }

    @Test
    void refusesQcow2ThatIsAPartitionedDiskToo() {
        byte[] image = Qcow2Bytes.v3().bytes;
        Disks.record(image, 0, new long[] {0x83, 8, 100});
        Images.assertRefused(Images.inspect(image), ImageCode.POLYGLOT);
        byte[] gpt = Disks.gpt(new long[] {64, 500});
        System.arraycopy(Qcow2Bytes.v3().bytes, 0, gpt, 0, 104);
        Images.assertRefused(Images.inspect(gpt), ImageCode.POLYGLOT);
    }

    @Test
    void refusesQcow2ThatIsAnIsoToo() {
        byte[] image = Qcow2Bytes.v3().bytes;
        assertThat(Images.inspect(image, QCOW2).findings()).isEmpty();
        System.arraycopy("CD001".getBytes(StandardCharsets.US_ASCII), 0, image, 32_769, 5);
        for (Expectation expected : List.of(Expectation.NONE, QCOW2, RAW, Expectation.of(ImageFormat.ISO))) {
            ImageReport report = Images.inspect(image, expected);
            Images.assertRefused(report, ImageCode.POLYGLOT);
            assertThat(report.claimed()).containsExactly(ImageFormat.QCOW2, ImageFormat.ISO);
        }
    }

    @Test
    void refusesTheSameDiskAsIsoAndPartitionedUnlessOneIsDeclared() {
        byte[] disk = Disks.gpt(new long[] {128, 500});
        System.arraycopy("\u0001CD001\u0001".getBytes(StandardCharsets.ISO_8859_1), 0, disk, 32_768, 7);
        ImageReport undeclared = Images.inspect(disk);
        assertThat(undeclared.format()).isEqualTo(ImageFormat.ISO);
        Images.assertRefused(undeclared, ImageCode.POLYGLOT);
        assertThat(Images.inspect(disk, RAW).codes()).doesNotContain(ImageCode.POLYGLOT.code());
    }

    @Test
    void refusesVirtualDisksBeyondTheLimit() throws Exception {
        ImageLimits small = new ImageLimits(16 << 20, 1 << 20, 100, 1 << 19);
        var source = ByteSource.of(Qcow2Bytes.v3().bytes);
        Images.assertRefused(ImageInspector.inspect(source, QCOW2, small), ImageCode.VIRTUAL_SIZE);
        assertThat(ImageInspector.inspect(source, QCOW2).findings()).isEmpty();
    }
}
