package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two older formats, from qemu-img. */
class Qcow1AndQedTest {
    @TempDir
    Path directory;

    @BeforeEach
    void data() throws Exception {
        byte[] bytes = new byte[1 << 20];
        Fuzz.random(7).nextBytes(bytes);
        Arrays.fill(bytes, 300_000, 600_000, (byte) 7);
        Files.write(directory.resolve("data.raw"), bytes);
    }

    private byte[] image(String... arguments) throws Exception {
        Images.qemuImg(directory, arguments);
        return Files.readAllBytes(directory.resolve("a"));
    }

    private byte[] qcow() throws Exception {
        return image("convert", "-f", "raw", "-O", "qcow", "data.raw", "a");
    }

    private byte[] compressedQcow() throws Exception {
        image("create", "-q", "-f", "qcow", "a", "1M");
        Images.run(
                directory,
                "qemu-io",
                "-f",
                "qcow",
                "-c",
                "write -c -P 7 0 4k",
                "-c",
                "write -c -P 8 64k 4k",
                "-c",
                "write -P 9 8k 4k",
                "a");
        return Files.readAllBytes(directory.resolve("a"));
    }

    private byte[] qed() throws Exception {
        return image("convert", "-f", "raw", "-O", "qed", "-o", "cluster_size=4k,table_size=2", "data.raw", "a");
    }

    @Test
    void acceptsQcow() throws Exception {
        qcow();
        Images.assertSafeAndAsQemuSays(directory.resolve("a"), ImageFormat.QCOW);
        compressedQcow();
        Images.assertSafeAndAsQemuSays(directory.resolve("a"), ImageFormat.QCOW);
        image("create", "-q", "-f", "qcow", "a", "700G");
        Images.assertSafeAndAsQemuSays(directory.resolve("a"), ImageFormat.QCOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=64k", "cluster_size=4k,table_size=2", "cluster_size=1M,table_size=2"})
    void acceptsQed(String options) throws Exception {
        image("convert", "-f", "raw", "-O", "qed", "-o", options, "data.raw", "a");
        Images.assertSafeAndAsQemuSays(directory.resolve("a"), ImageFormat.QED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qcow", "qed"})
    void refusesBackingFiles(String format) throws Exception {
        image("create", "-q", "-f", format, "-b", "data.raw", "-F", "raw", "a");
        ImageReport report = Images.inspect(directory.resolve("a"));
        Images.assertRefused(report, ImageCode.BACKING_FILE);
        assertThat(Images.info(directory.resolve("a")).backing()).isEqualTo("data.raw");
        assertThat(report.backing()).isEqualTo(new Reference("data.raw", format.equals("qed") ? "raw" : null));
        assertThat(report.codes().contains(ImageCode.BACKING_FORMAT.code())).isEqualTo(format.equals("qcow"));
    }

    @Test
    void refusesQcowEncryptionUnlessDeclared() throws Exception {
        byte[] bytes = image(
                "create",
                "-q",
                "--object",
                "secret,id=s,data=x",
                "-f",
                "qcow",
                "-o",
                "encrypt.format=aes,encrypt.key-secret=s",
                "a",
                "1M");
        assertThat(Images.inspect(bytes).codes()).containsExactly(ImageCode.ENCRYPTED.code());
        assertThat(Images.inspect(bytes, new Expectation(ImageFormat.QCOW, true))
                        .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "32, 8, 1, RF-IMG-002", "32, 17, 1, RF-IMG-002", "33, 5, 1, RF-IMG-002", "33, 14, 1, RF-IMG-002",
        "36, 2, 4, RF-IMG-002", "24, 1, 8, RF-IMG-033", "24, -1, 8, RF-IMG-033",
                "24, 4611686018427387904, 8, RF-IMG-032",
        "40, 99999999, 8, RF-IMG-031", "40, 8, 8, RF-IMG-030", "48, 99999999, 8, RF-IMG-031", "48, 48, 8, RF-IMG-030"
    })
    void refusesQcowFieldsThatNoWriterMakes(int at, long value, int bytes, String code) throws Exception {
        byte[] image = qcow();
        assertThat(Images.inspect(image).findings()).isEmpty();
        Images.putBe(image, at, value, bytes);
        assertThat(Images.inspect(image).codes()).contains(code);
    }

    @Test
    void refusesQcowDataOnTablesAndRepeated() throws Exception {
        byte[] image = qcow();
        int l2 = (int) Images.be(image, (int) Images.be(image, 40, 8), 8);
        byte[] onTable = image.clone();
        Images.putBe(onTable, l2, l2, 8);
        assertThat(Images.inspect(onTable).codes()).containsExactly(ImageCode.OVERLAP.code());
        byte[] outside = image.clone();
        Images.putBe(outside, l2, 1L << 40, 8);
        assertThat(Images.inspect(outside).codes()).containsExactly(ImageCode.OUTSIDE_FILE.code());
        for (int i = 0; i < 4096; i++) {
            Images.putBe(image, l2 + 8 * i, Images.be(image, l2, 8), 8);
        }
        assertThat(Images.inspect(image).codes()).containsExactly(ImageCode.ALLOCATION_BOMB.code());
    }

    @ParameterizedTest
    @CsvSource({
        "4, 4097, 4, RF-IMG-002",
        "4, 2048, 4, RF-IMG-002",
        "4, 134217728, 4, RF-IMG-002",
        "8, 3, 4, RF-IMG-002",
        "8, 32, 4, RF-IMG-002",
        "12, 0, 4, RF-IMG-002",
        "16, 8, 8, RF-IMG-007",
        "16, 4611686018427387904, 8, RF-IMG-007",
        "48, -1, 8, RF-IMG-033",
        "48, 513, 8, RF-IMG-033",
        "48, 1125899906842624, 8, RF-IMG-033",
        "40, 4294967296, 8, RF-IMG-031",
        "40, 4100, 8, RF-IMG-036",
        "40, 0, 8, RF-IMG-036"
    })
    void refusesQedFieldsThatNoWriterMakes(int at, long value, int bytes, String code) throws Exception {
        byte[] image = qed();
        assertThat(Images.inspect(image).findings()).isEmpty();
        Images.putLe(image, at, value, bytes);
        assertThat(Images.inspect(image).codes()).contains(code);
    }

    @Test
    void refusesQedTablesThatClaimAbsurdMemory() throws Exception {
        byte[] image = qed();
        Images.putLe(image, 4, 1 << 26, 4);
        Images.putLe(image, 8, 16, 4);
        assertThat(Images.inspect(image).codes()).contains(ImageCode.TABLE_SIZE.code());
    }

    @Test
    void notesThatQedNeedsACheck() throws Exception {
        byte[] image = qed();
        image[16] |= 2;
        assertThat(Images.inspect(image).features()).contains("dirty");
    }

    @Test
    void survivesAnyDamage() throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "qed", "-b", "data.raw", "-F", "raw", "b");
        Images.fuzz(List.of(qcow(), compressedQcow()), 2_000, 4_099, null);
        Images.fuzz(List.of(qed(), Files.readAllBytes(directory.resolve("b"))), 2_000, 4_099, null);
    }
}
