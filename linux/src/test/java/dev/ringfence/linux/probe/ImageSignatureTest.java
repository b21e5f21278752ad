package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSignatureTest {
    private static final int DATA_FILE = 0x44415441;

    @TempDir
    private Path root;

    @Test
    void knowsFormatsByTheirFirstBytes() {
        assertThat(format(start(0, "QED\0"))).isEqualTo("qed");
        assertThat(format(start(0, "KDMV"))).isEqualTo("vmdk");
        assertThat(format("# Disk DescriptorFile\n\nversion=1\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("vmdk");
        assertThat(format(start(0, "conectix"))).isEqualTo("vpc");
        assertThat(format(start(0, "vhdxfile"))).isEqualTo("vhdx");
        assertThat(format(start(0, "LUKS\u00ba\u00be"))).isEqualTo("luks");
        assertThat(format(start(64, "\u007f\u0010\u00da\u00be"))).isEqualTo("vdi");
        assertThat(format(start(32769, "CD001"))).isEqualTo("iso");
        assertThat(format(qcow2(2, "", 0, null))).isEqualTo("qcow2");
    }

    @Test
    void takesEverythingElseForARawDisk() {
        assertThat(format(new byte[0])).isEqualTo("raw");
        assertThat(format(new byte[65536])).isEqualTo("raw");
        assertThat(format(start(1, "QFI\u00fb\0\0\0\3"))).isEqualTo("raw");
        assertThat(format(start(0, "# a script\necho version=1\n"))).isEqualTo("raw");
    }

    @Test
    void readsTheBackingFileOfQcow2() {
        assertThat(read(qcow2(3, "/etc/passwd", 0, null)))
                .isEqualTo(new ImageSignature("qcow2", "/etc/passwd", "", ""));
        assertThat(read(qcow2(2, "json:{\"driver\":\"raw\"}", 0, null)).backing())
                .isEqualTo("json:{\"driver\":\"raw\"}");
        assertThat(read(qcow2(3, "", 0, null))).isEqualTo(new ImageSignature("qcow2", "", "", ""));
    }

    @Test
    void readsTheBackingFileOfQcowAndQed() {
        byte[] qcow = qcow2(2, "base.img", 0, null);
        qcow[7] = 1;
        assertThat(read(qcow)).isEqualTo(new ImageSignature("qcow", "base.img", "", ""));
        ByteBuffer qed = ByteBuffer.wrap(start(0, "QED\0")).order(ByteOrder.LITTLE_ENDIAN);
        qed.putLong(16, 1).putInt(56, 128).putInt(60, 4).put(128, "base".getBytes(StandardCharsets.UTF_8));
        assertThat(read(qed.array())).isEqualTo(new ImageSignature("qed", "base", "", ""));
    }

    @Test
    void readsTheDataFileOfQcow2() {
        assertThat(read(qcow2(3, "", 4, "/var/lib/secret")).dataFile()).isEqualTo("/var/lib/secret");
    }

    @Test
    void saysThatAnExternalDataFileIsNotNamed() {
        assertThat(read(qcow2(3, "", 4, null)).unseen()).contains("does not name");
    }

    @Test
    void doesNotTrustLengthsAndOffsets() {
        ByteBuffer far = ByteBuffer.wrap(qcow2(3, "x", 0, null)).putLong(8, Long.MAX_VALUE);
        assertThat(read(far.array()).unseen()).isNotEmpty();
        ByteBuffer negative = ByteBuffer.wrap(qcow2(3, "x", 0, null)).putLong(8, -1);
        assertThat(read(negative.array()).unseen()).isNotEmpty();
        ByteBuffer lengthy = ByteBuffer.wrap(qcow2(3, "x", 0, null)).putInt(16, -1);
        assertThat(read(lengthy.array()).unseen()).isNotEmpty();
        ByteBuffer extension = ByteBuffer.wrap(qcow2(3, "", 0, "f")).putInt(108, -1);
        assertThat(read(extension.array()).unseen()).contains("no end");
        ByteBuffer header = ByteBuffer.wrap(qcow2(3, "", 0, null)).putInt(100, -1);
        assertThat(read(header.array()).unseen()).contains("no end");
    }

    @Test
    void answersWhereverAnImageEnds() {
        byte[] image = qcow2(3, "/base", 4, "/data");
        for (int length = 0; length <= image.length; length++) {
            assertThat(read(Arrays.copyOf(image, length))).isNotNull();
        }
    }

    @Test
    void answersWhateverTheBytesSay() {
        List<byte[]> samples =
                List.of(qcow2(2, "base", 0, null), qcow2(3, "/base", 4, "/data"), start(0, "QED\0"), start(0, "KDMV"));
        Fuzz.bytes(samples, 2_000, bytes -> assertThat(read(bytes).format()).isNotEmpty());
    }

    @Test
    void readsRegularFilesOnly() {
        HostTree tree = new HostTree(root)
                .fifo("/fifo")
                .loop("/loop")
                .directory("/directory")
                .bytes("/file", new byte[8]);
        assertThat(value(ImageSignature.of(tree.files(), "/file")).format()).isEqualTo("raw");
        assertThat(reason(ImageSignature.of(tree.files(), "/fifo"))).contains("fifo");
        assertThat(reason(ImageSignature.of(tree.files(), "/loop"))).contains("loop");
        assertThat(reason(ImageSignature.of(tree.files(), "/directory"))).contains("directory");
        assertThat(isAbsent(ImageSignature.of(tree.files(), "/nothing"))).isTrue();
    }

    private static String format(byte[] image) {
        return read(image).format();
    }

    private static ImageSignature read(byte[] image) {
        return ImageSignature.of(image);
    }

    private static byte[] start(int offset, String bytes) {
        byte[] image = new byte[Math.max(512, offset + bytes.length())];
        System.arraycopy(bytes.getBytes(StandardCharsets.ISO_8859_1), 0, image, offset, bytes.length());
        return image;
    }

    /** As qemu-img lays it out: header, extensions, name of the backing file. */
    static byte[] qcow2(
            int version, String backing, long incompatible, @org.jspecify.annotations.Nullable String dataFile) {
        ByteBuffer image = ByteBuffer.allocate(512);
        image.putInt(0x514649fb).putInt(version);
        image.putLong(backing.isEmpty() ? 0 : 256).putInt(backing.length());
        image.putInt(16).putLong(1 << 20);
        image.position(72);
        if (version == 3) {
            image.putLong(incompatible).putLong(0).putLong(0).putInt(4).putInt(104);
        }
        if (dataFile != null) {
            image.putInt(DATA_FILE).putInt(dataFile.length()).put(dataFile.getBytes(StandardCharsets.UTF_8));
        }
        image.position(256).put(backing.getBytes(StandardCharsets.UTF_8));
        return image.array();
    }
}
