package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formats that QEMU reads and writes not; the samples are checked against it. */
class CloopDmgBochsTest {
    private static final String CLOOP =
            "#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\nexit $?\n";
    private static final int BLOCK = 4096;

    @TempDir
    Path directory;

    private static byte[] deflated(int length) {
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[length]);
        deflater.finish();
        byte[] out = new byte[length + 100];
        int size = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, size);
    }

    /** Three blocks of zeros. */
    private static Bytes cloop() {
        byte[] block = deflated(BLOCK);
        int data = 136 + 4 * 8;
        Bytes image = Bytes.bigEndian(data + 3 * block.length);
        image.text(0, CLOOP).u32(128, BLOCK).u32(132, 3);
        for (int i = 0; i <= 3; i++) {
            image.u64(136 + 8 * i, data + (long) i * block.length);
        }
        for (int i = 0; i < 3; i++) {
            System.arraycopy(block, 0, image.array, data + i * block.length, block.length);
        }
        return image;
    }

    /** A disk of 10 sectors: 8 compressed, 2 of zeros. */
    private static Bytes dmg(long sectors, long offset, long length, int type) {
        byte[] block = deflated(BLOCK);
        Bytes mish = Bytes.bigEndian(204 + 3 * 40).text(0, "mish");
        mish.u32(204, type).u64(212, 0).u64(220, sectors).u64(228, offset).u64(236, length);
        mish.u32(244, 2).u64(252, sectors).u64(260, 2).u32(284, 0xffff_ffffL);
        byte[] list = ("<plist><key>blkx</key><data>\n"
                        + Base64.getMimeEncoder().encodeToString(mish.array) + "\n</data></plist>")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(block);
        out.writeBytes(list);
        Bytes image = Bytes.bigEndian(out.toByteArray()).resized(out.size() + 512);
        int koly = out.size();
        image.text(koly, "koly").u32(koly + 4, 4).u32(koly + 8, 512).u64(koly + 32, block.length);
        image.u32(koly + 56, 1).u32(koly + 60, 1).u64(koly + 216, block.length).u64(koly + 224, list.length);
        return image.u64(koly + 492, sectors + 2);
    }

    private static Bytes dmg() {
        return dmg(8, 0, deflated(BLOCK).length, 0x8000_0005);
    }

    /** A disk of 64 KiB in extents of 16 KiB, the third in use. */
    private static Bytes bochs() {
        Bytes image = Bytes.littleEndian(512 + 4 * 4 + 512 + 16_384);
        image.text(0, "Bochs Virtual HD Image")
                .text(32, "Redolog")
                .text(48, "Growing")
                .u32(64, 0x20000);
        image.u32(68, 512).u32(72, 4).u32(76, 4).u32(80, 16_384).u64(88, 65_536);
        return image.fill(512, 16, 0xff).u32(520, 0);
    }

    private void assertAsQemuSays(Bytes image, String name, String format) throws Exception {
        Files.write(directory.resolve(name), image.array);
        String said = Images.qemuImg(directory, "info", "--output=json", "-f", format, name);
        ImageReport report = image.inspect();
        assertThat(report.findings()).isEmpty();
        assertThat(report.format().title()).isEqualTo(format);
        assertThat(said).contains("\"virtual-size\": " + report.virtualSizeBytes());
    }

    @Test
    void acceptsWhatQemuReads() throws Exception {
        assertAsQemuSays(cloop(), "a.cloop", "cloop");
        assertAsQemuSays(dmg(), "a.dmg", "dmg");
        assertAsQemuSays(bochs(), "a.bochs", "bochs");
    }

    @Test
    void refusesCloopTablesThatLie() {
        Bytes.assertCodes(cloop().u32(128, 0).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(cloop().u32(128, 1 << 30).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(cloop().u32(132, 0xffff_ffffL).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(cloop().u32(132, 1 << 20).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(cloop().u64(144, 5).inspect(), ImageCode.TABLE_ENTRY);
        Bytes.assertCodes(cloop().u64(144, -1).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(cloop().u64(136, 0).inspect(), ImageCode.OVERLAP);
        assertThat(cloop().u32(128, 1 << 26).inspect().safe()).isTrue();
    }

    @Test
    void refusesCloopBombs() {
        int blocks = 100;
        Bytes bomb = Bytes.bigEndian(136 + 8 * (blocks + 1))
                .text(0, CLOOP)
                .u32(128, 1 << 26)
                .u32(132, blocks);
        for (int i = 0; i <= blocks; i++) {
            bomb.u64(136 + 8 * i, bomb.array.length);
        }
        Bytes.assertCodes(bomb.inspect(), ImageCode.COMPRESSION_BOMB);
    }

    @Test
    void refusesDmgTablesThatLie() {
        Bytes.assertCodes(dmg(8, 0, 1 << 30, 0x8000_0005).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(dmg(8, 1 << 20, 10, 0x8000_0005).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(dmg(8, 0, 10, 77).inspect(), ImageCode.FEATURE);
        Bytes.assertCodes(dmg(8, 0, 10, 1).inspect(), ImageCode.TRUNCATED);
        Images.assertRefused(dmg(-1, 0, 10, 1).inspect(), ImageCode.VIRTUAL_SIZE);
        int koly = dmg().array.length - 512;
        Bytes.assertCodes(dmg().u32(koly + 4, 5).inspect(), ImageCode.VERSION);
        Bytes.assertCodes(dmg().u32(koly + 60, 2).inspect(), ImageCode.EXTENT_FILE);
        Bytes.assertCodes(dmg().u64(koly + 492, 11).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(dmg().u64(koly + 224, 1 << 30).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(dmg().u64(koly + 224, 0).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(dmg().u64(koly + 24, -1).inspect(), ImageCode.OUTSIDE_FILE);
        Images.assertRefused(Bytes.bigEndian(4096).text(0, "encrcdsa").inspect(), ImageCode.VARIANT);
    }

    @Test
    void findsTheDmgTrailerWhereQemuLooks() {
        Bytes odd = dmg().resized(dmg().array.length + 100);
        assertThat(odd.inspect().format()).isEqualTo(ImageFormat.DMG);
        Images.assertRefused(odd.inspect(), ImageCode.HEADER);
        Bytes far = dmg().resized(dmg().array.length + 2048);
        assertThat(far.inspect().format()).isEqualTo(ImageFormat.RAW);
    }

    @Test
    void refusesBochsTablesThatLie() {
        Bytes.assertCodes(bochs().u32(72, 0xffff_ffffL).inspect(), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(bochs().u32(72, 1 << 19).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(bochs().u32(80, 1000).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(bochs().u32(76, 0).inspect(), ImageCode.HEADER);
        Bytes.assertCodes(bochs().u64(88, 65_537 + 512).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(bochs().u64(88, -1).inspect(), ImageCode.VIRTUAL_SIZE);
        Bytes.assertCodes(bochs().u32(512, 0).inspect(), ImageCode.OVERLAP);
        Bytes.assertCodes(bochs().u32(512, 9).inspect(), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(bochs().u32(64, 0x30000).inspect(), ImageCode.VERSION);
    }

    @Test
    void refusesBochsOverlays() {
        Bytes.assertCodes(bochs().fill(48, 16, 0).text(48, "Undoable").inspect(), ImageCode.BACKING_FILE);
        Bytes.assertCodes(bochs().fill(48, 16, 0).text(48, "Volatile").inspect(), ImageCode.BACKING_FILE);
        Bytes.assertCodes(bochs().fill(48, 16, 0).text(48, "Else").inspect(), ImageCode.VARIANT);
    }

    @Test
    void neverThrowsForCutOrChangedImages() {
        for (byte[] image : List.of(cloop().array, dmg().array, bochs().array)) {
            Bytes.eachBit(
                    image,
                    0,
                    Math.min(image.length, 1024),
                    r -> assertThat(r.readCount()).isLessThan(100));
            Bytes.eachCut(
                    image,
                    0,
                    Math.min(image.length, 2048),
                    r -> assertThat(r.readCount()).isLessThan(100));
        }
        byte[] dmg = dmg().array;
        Bytes.eachBit(
                dmg,
                dmg.length - 512,
                dmg.length,
                r -> assertThat(r.readCount()).isLessThan(100));
        Images.fuzz(List.of(cloop().array, dmg, bochs().array), 6000, 101, null);
    }
}
