package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VdiTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    /** A disk of 3 MiB, the second block in use. */
    private static Bytes sample() {
        Bytes image = Bytes.littleEndian(1024 + MIB);
        image.text(0, "<<< Oracle VM VirtualBox Disk Image >>>\n")
                .u32(0x40, 0xbeda107fL)
                .u32(0x44, 0x10001);
        image.u32(0x48, 0x190)
                .u32(0x4c, 1)
                .u32(0x154, 512)
                .u32(0x158, 1024)
                .u32(0x168, 512)
                .u64(0x170, 3 * MIB);
        image.u32(0x178, MIB).u32(0x180, 3).u32(0x184, 1);
        return image.fill(512, 12, 0xff).u32(516, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"static=off", "static=on"})
    void acceptsWhatQemuWrites(String options) throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "vdi", "-o", options, "a.vdi", "10M");
        Images.run(directory, "qemu-io", "-f", "vdi", "-c", "write -P 7 3M 64k", "-c", "write -P 7 9M 1M", "a.vdi");
        ImageReport report = Images.assertSafeAndAsQemuSays(directory.resolve("a.vdi"), ImageFormat.VDI);
        assertThat(report.variant()).isEqualTo(options.endsWith("on") ? "fixed" : "dynamic");
    }

    @Test
    void acceptsASmallOneMadeByHand() {
        assertThat(sample().inspect().findings()).isEmpty();
        assertThat(sample().inspect().virtualSizeBytes()).isEqualTo(3 * MIB);
    }

    @Test
    void refusesDifferencesToAnotherImage() {
        Images.assertRefused(sample().u32(0x4c, 4).inspect(), ImageCode.BACKING_FILE);
        Images.assertRefused(sample().u32(0x4c, 3).inspect(), ImageCode.BACKING_FILE);
        Images.assertRefused(sample().u64(0x1a8, 5).inspect(), ImageCode.BACKING_FILE);
        Images.assertRefused(sample().u64(0x1c0, 5).inspect(), ImageCode.BACKING_FILE);
    }

    @Test
    void refusesOddHeaders() {
        Bytes.assertCodes(sample().u32(0x44, 0x10000).inspect(), ImageCode.VERSION);
        Bytes.assertCodes(sample().u32(0x4c, 9).inspect(), ImageCode.VARIANT);
        Bytes.assertCodes(sample().u32(0x178, 2 * MIB).inspect(), ImageCode.VARIANT);
        Bytes.assertCodes(sample().u32(0x17c, 512).inspect(), ImageCode.FEATURE);
        Bytes.assertCodes(sample().u32(0x168, 4096).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(sample().u64(0x170, -1).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(sample().u64(0x170, 4 * MIB).inspect(), ImageCode.VIRTUAL_SIZE);
    }

    @Test
    void refusesTablesThatLie() {
        Bytes.assertCodes(sample().u32(0x180, 0xffff_ffffL).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(sample().u32(0x154, 0xffff_fe00L).inspect(), ImageCode.OUTSIDE_FILE);
        Images.assertRefused(sample().u32(0x154, 0).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sample().u32(512, 0).u32(0x184, 2).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(sample().u32(512, 7).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(sample().u32(0x184, 2).inspect(), ImageCode.TABLE_ENTRY);
        Bytes.assertCodes(sample().u32(512, 0).u32(520, 0).inspect(), ImageCode.ALLOCATION_BOMB);
        assertThat(sample().u32(512, 0xffff_fffeL).inspect().safe()).isTrue();
    }

    @Test
    void neverThrowsForCutOrChangedImages() {
        byte[] image = sample().array;
        Bytes.eachBit(image, 0, 1024, r -> assertThat(r.readCount()).isLessThan(100));
        Bytes.eachCut(image, 0x44, 1024, r -> assertThat(r.safe()).isFalse());
        Images.fuzz(List.of(image), 2000, 10_007, null);
    }
}
