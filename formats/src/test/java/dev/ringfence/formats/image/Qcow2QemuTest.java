package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as the real qemu-img writes them: what is safe is accepted, with every option there is. */
class Qcow2QemuTest {
    @TempDir
    Path directory;

    static Stream<String> options() {
        return Stream.of(
                "compat=0.10",
                "compat=1.1",
                "compat=1.1,lazy_refcounts=on",
                "refcount_bits=1",
                "refcount_bits=64",
                "extended_l2=on",
                "extended_l2=on,cluster_size=128k",
                "compression_type=zstd",
                "preallocation=metadata",
                "preallocation=falloc",
                "preallocation=full",
                "extended_l2=on,preallocation=metadata");
    }

    @ParameterizedTest
    @MethodSource("options")
    void acceptsEmptyImagesWithEveryOption(String options) throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", "20M");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"512", "1k", "4k", "16k", "64k", "256k", "2M"})
    void acceptsEveryClusterSizeWithData(String size) throws Exception {
        data(3 << 20);
        Images.qemuImg(
                directory, "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=" + size, "data.raw", "a.qcow2");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compression_type=zlib",
                "compression_type=zstd",
                "cluster_size=4k",
                "cluster_size=2M",
                "compat=0.10"
            })
    void acceptsCompressedImages(String options) throws Exception {
        data((3 << 20) + 12_345 / 512 * 512);
        Images.qemuImg(directory, "convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, "data.raw", "a.qcow2");
        ImageReport report = Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
        assertThat(report.features().contains("zstd")).isEqualTo(options.contains("zstd"));
    }

    @Test
    void acceptsSparseDisksOfManyTebibytes() throws Exception {
        Images.qemuImg(directory, "create", "-q", "-f", "qcow2", "a.qcow2", "20T");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
    }

    @Test
    void countsSnapshotsAndBitmaps() throws Exception {
        data(2 << 20);
        Images.qemuImg(directory, "convert", "-f", "raw", "-O", "qcow2", "data.raw", "a.qcow2");
        Images.qemuImg(directory, "snapshot", "-c", "one", "a.qcow2");
        Images.run(directory, "qemu-io", "-f", "qcow2", "-c", "write -P 7 64k 128k", "a.qcow2");
        Images.qemuImg(directory, "snapshot", "-c", "two", "a.qcow2");
        Images.qemuImg(directory, "bitmap", "--add", "a.qcow2", "changed");
        Images.run(directory, "qemu-io", "-f", "qcow2", "-c", "write -P 9 0 64k", "a.qcow2");
        ImageReport report = Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
        assertThat(report.snapshotCount()).isEqualTo(2);
        assertThat(report.features()).contains("bitmaps");
    }

    @Test
    void acceptsResizedDiscardedAndRewrittenImages() throws Exception {
        data(8 << 20);
        Images.qemuImg(directory, "convert", "-f", "raw", "-O", "qcow2", "data.raw", "a.qcow2");
        Images.run(
                directory,
                "qemu-io",
                "-f",
                "qcow2",
                "-d",
                "unmap",
                "-c",
                "discard 1M 2M",
                "-c",
                "write -z 4M 1M",
                "a.qcow2");
        Images.qemuImg(directory, "resize", "-f", "qcow2", "-q", "a.qcow2", "3G");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
        Images.qemuImg(directory, "resize", "-f", "qcow2", "-q", "--shrink", "a.qcow2", "5M");
        Images.assertSafeAndAsQemuSays(directory.resolve("a.qcow2"), ImageFormat.QCOW2);
    }

    @Test
    void namesTheBackingFileAndItsFormatAsQemuDoes() throws Exception {
        data(1 << 20);
        Images.qemuImg(directory, "create", "-q", "-f", "qcow2", "-b", "data.raw", "-F", "raw", "a.qcow2");
        ImageReport report = Images.inspect(directory.resolve("a.qcow2"));
        Images.assertRefused(report, ImageCode.BACKING_FILE);
        assertThat(report.codes()).containsExactly(ImageCode.BACKING_FILE.code());
        assertThat(report.backing()).isEqualTo(new Reference("data.raw", "raw"));
        assertThat(Images.info(directory.resolve("a.qcow2")).backing()).isEqualTo("data.raw");
    }

    @Test
    void refusesExternalDataFiles() throws Exception {
        Images.qemuImg(
                directory, "create", "-q", "-f", "qcow2", "-o", "data_file=d.raw,data_file_raw=on", "a.qcow2", "4M");
        ImageReport report = Images.inspect(directory.resolve("a.qcow2"));
        Images.assertRefused(report, ImageCode.DATA_FILE);
        assertThat(report.codes()).containsExactly(ImageCode.DATA_FILE.code());
        assertThat(report.dataFile()).isEqualTo(new Reference("d.raw", "raw"));
        assertThat(report.features()).contains("raw-external-data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10",
                "encrypt.format=aes,encrypt.key-secret=s"
            })
    void refusesEncryptionUnlessDeclared(String options) throws Exception {
        Images.qemuImg(
                directory,
                "create",
                "-q",
                "--object",
                "secret,id=s,data=secret",
                "-f",
                "qcow2",
                "-o",
                options,
                "a.qcow2",
                "4M");
        Path image = directory.resolve("a.qcow2");
        ImageReport report = Images.inspect(image);
        assertThat(report.codes()).containsExactly(ImageCode.ENCRYPTED.code());
        assertThat(report.encryption()).isEqualTo(options.contains("luks") ? "luks1" : "aes");
        assertThat(Images.inspect(image, new Expectation(ImageFormat.QCOW2, true))
                        .findings())
                .isEmpty();
    }

    @Test
    void survivesAnyDamage() throws Exception {
        data(256 << 10);
        Images.qemuImg(directory, "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=4k", "data.raw", "plain");
        Images.qemuImg(directory, "snapshot", "-c", "one", "plain");
        Images.qemuImg(directory, "bitmap", "--add", "plain", "changed");
        Images.qemuImg(
                directory,
                "convert",
                "-c",
                "-f",
                "raw",
                "-O",
                "qcow2",
                "-o",
                "compat=0.10,cluster_size=512",
                "data.raw",
                "old");
        Images.qemuImg(
                directory,
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                "extended_l2=on",
                "-b",
                "data.raw",
                "-F",
                "raw",
                "over");
        Images.fuzz(List.of(read("plain"), read("old"), read("over")), 6_000, 97, null);
    }

    private byte[] read(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    /** Text that compresses, with a hole in the middle. */
    private void data(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = i > length / 3 && i < length / 2 ? 0 : (byte) ("line " + i / 40 + "\n").charAt(i % 6);
        }
        Files.write(directory.resolve("data.raw"), bytes);
    }
}
