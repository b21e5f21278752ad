package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelsTest {
    private static final int CLUSTER = 8 * 512;
    private static final int EXTENSION_AT = 2 * CLUSTER;

    @TempDir
    Path directory;

    /** A disk of 16 KiB in clusters of 4 KiB, the second in use. */
    private static Bytes sample(String magic) {
        Bytes image = Bytes.littleEndian(3 * CLUSTER);
        image.text(0, magic)
                .u32(16, 2)
                .u32(20, 16)
                .u32(24, 1)
                .u32(28, 8)
                .u32(32, 4)
                .u64(36, 32)
                .u32(48, 8);
        return image.u32(68, magic.endsWith("Ext") ? 1 : 8);
    }

    private static Bytes plain() {
        return sample("WithoutFreeSpace");
    }

    private static Bytes extended() {
        return sample("WithouFreSpacExt");
    }

    /** With an extension that holds one feature. */
    private static Bytes withFeature(long magic, long flags, int length) throws Exception {
        Bytes image = extended().u64(56, EXTENSION_AT / 512).u64(EXTENSION_AT, 0xab234cef23dcea87L);
        image.u64(EXTENSION_AT + 24, magic).u64(EXTENSION_AT + 32, flags).u32(EXTENSION_AT + 40, length);
        return seal(image);
    }

    private static Bytes seal(Bytes image) throws Exception {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update(image.array, EXTENSION_AT + 24, CLUSTER - 24);
        System.arraycopy(md5.digest(), 0, image.array, EXTENSION_AT + 8, 16);
        return image;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=1M", "cluster_size=64k"})
    void acceptsWhatQemuWrites(String options) throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "parallels", "-o", options, "a.hds", "10M");
        Images.run(directory, "qemu-io", "-f", "parallels", "-c", "write -P 7 3M 64k", "a.hds");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.hds"), ImageFormat.PARALLELS);
    }

    @Test
    void acceptsBothMagics() {
        assertThat(plain().inspect().findings()).isEmpty();
        assertThat(plain().inspect().variant()).isEqualTo("plain");
        assertThat(extended().inspect().findings()).isEmpty();
        assertThat(extended().inspect().virtualSizeBytes()).isEqualTo(32 * 512);
    }

    @Test
    void refusesAnImageThatWasNotClosed() {
        Bytes.assertCodes(extended().u32(44, 0x746f6e59L).inspect(), ImageCode.NEEDS_REPAIR);
        assertThat(extended().u32(44, 0x312e3276L).inspect().safe()).isTrue();
    }

    @Test
    void refusesOddHeaders() {
        Bytes.assertCodes(extended().u32(16, 3).inspect(), ImageCode.VERSION);
        Bytes.assertCodes(extended().u32(28, 0).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(extended().u32(44, 1).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(extended().u32(52, 2).inspect(), ImageCode.FEATURE);
        Bytes.assertCodes(plain().u64(36, 1L << 32).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(extended().u64(36, -1).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(extended().u64(36, 33).inspect(), ImageCode.VIRTUAL_SIZE);
    }

    @Test
    void refusesTablesThatLie() {
        Bytes.assertCodes(extended().u32(32, 0xffff_ffffL).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(extended().u32(32, 1 << 20).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(extended().u32(64, 1).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(extended().u32(64, 99).inspect(), ImageCode.OUTSIDE_FILE);
        Images.assertRefused(plain().u32(64, 4).inspect(), ImageCode.OVERLAP);
    }

    @Test
    void readsTheFormatExtension() throws Exception {
        assertThat(withFeature(0, 0, 0).inspect().findings()).isEmpty();
        Bytes.assertCodes(withFeature(4711, 1, 0).inspect(), ImageCode.FEATURE);
        Bytes.assertCodes(withFeature(4711, 2, 0).inspect(), ImageCode.EXTENSION);
        Bytes.assertCodes(withFeature(4711, 2, CLUSTER).inspect(), ImageCode.EXTENSION);
        Bytes bitmap = withFeature(0x20385fae252cb34aL, 0, 40).u32(EXTENSION_AT + 76, 1);
        assertThat(seal(bitmap).inspect().features()).contains("dirty-bitmap");
        Bytes.assertCodes(seal(bitmap.u64(EXTENSION_AT + 80, 1 << 20)).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(withFeature(0, 0, 0).u8(EXTENSION_AT + 99, 1).inspect(), ImageCode.CHECKSUM);
        Bytes.assertCodes(extended().u64(56, 1 << 30).inspect(), ImageCode.OUTSIDE_FILE);
    }

    @Test
    void neverThrowsForCutOrChangedImages() throws Exception {
        byte[] image = withFeature(0x20385fae252cb34aL, 0, 40).array;
        Bytes.eachBit(image, 0, 128, r -> assertThat(r.readCount()).isLessThan(100));
        Bytes.eachCut(image, 0, image.length, r -> assertThat(r.readCount()).isLessThan(100));
        Images.fuzz(List.of(image, plain().array), 4000, 101, null);
    }
}
