package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.io.ByteSource;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import dev.ringfence.testkit.Fuzz;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Images made by the real qemu-img, and inspections of them. */
final class Images {
    private Images() {}

    /** Runs qemu-img in a directory and returns what it prints; the test is skipped where the program is not installed. */
    static String qemuImg(Path directory, String... arguments) throws IOException, InterruptedException {
        return run(directory, "qemu-img", arguments);
    }

    /** Runs a program of the package qemu-utils in a directory. */
    static String run(Path directory, String program, String... arguments) throws IOException, InterruptedException {
        Path binary = Path.of("/usr/bin", program);
        Assumptions.assumeTrue(Files.isExecutable(binary), program + " is not installed");
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(List.of(arguments));
        for (int attempt = 1; ; attempt++) {
            Path output = Files.createTempFile(directory, "out", ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " took too long");
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            // On a busy machine qemu-img cannot find out how many rounds a pass phrase may take.
            if (process.exitValue() == 0 || attempt == 20 || !printed.contains("accurate CPU usage")) {
                assertThat(process.exitValue()).as("%s: %s", command, printed).isZero();
                return printed;
            }
        }
    }

    /** What {@code qemu-img info} says of an image. */
    static Info info(Path image) throws IOException, InterruptedException {
        Path directory = Objects.requireNonNull(image.getParent());
        String printed = qemuImg(directory, "info", "--output=json", String.valueOf(image.getFileName()));
        if (!(JsonText.read(printed) instanceof Decoded.Value<Json>(Json json))) {
            throw new AssertionError(printed);
        }
        return new Info(
                json.member("format").flatMap(Json::text).orElse(""),
                json.member("virtual-size").map(Json::whole).orElseThrow().orElseThrow(),
                json.member("backing-filename").flatMap(Json::text).orElse(""));
    }

    /**
     * What QEMU knows.
     *
     * @param backing empty if there is none
     */
    record Info(String format, long virtualSizeBytes, String backing) {}

    static ImageReport inspect(byte[] image, Expectation expected) {
        try {
            return ImageInspector.inspect(ByteSource.of(image), expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ImageReport inspect(byte[] image) {
        return inspect(image, Expectation.NONE);
    }

    static ImageReport inspect(Path image, Expectation expected) throws IOException {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            return ImageInspector.inspect(new ChannelSource(channel, channel.size()), expected);
        }
    }

    static ImageReport inspect(Path image) throws IOException {
        return inspect(image, Expectation.NONE);
    }

    /** Safe, of this format, and as large as QEMU says. */
    static ImageReport assertSafeAndAsQemuSays(Path image, ImageFormat format)
            throws IOException, InterruptedException {
        ImageReport report = inspect(image);
        assertThat(report.findings()).as(image.toString()).isEmpty();
        assertThat(report.format()).isEqualTo(format);
        assertThat(report.virtualSizeBytes()).isEqualTo(info(image).virtualSizeBytes());
        return report;
    }

    /** Refused, with this code among the codes. */
    static ImageReport assertRefused(ImageReport report, ImageCode code) {
        assertThat(report.safe()).isFalse();
        assertThat(report.codes()).as("%s", report.findings()).contains(code.code());
        return report;
    }

    /**
     * Inspects mutated samples, samples cut at many places, and samples with one bit changed: none throws, none goes beyond
     * the limits. Long samples are cut and changed in their first and last 4 KiB and at every {@code step}th byte.
     */
    static void fuzz(List<byte[]> samples, int rounds, int step, @Nullable ImageFormat declared) {
        Expectation expected = new Expectation(declared, false);
        Fuzz.bytes(samples, rounds, image -> bounded(image, expected));
        for (byte[] sample : samples) {
            for (int at = 0; at < sample.length; at += near(at, sample.length) ? 1 : step) {
                bounded(Arrays.copyOf(sample, at), expected);
                byte[] changed = sample.clone();
                changed[at] ^= (byte) (1 << (at & 7));
                bounded(changed, expected);
            }
        }
    }

    private static boolean near(int at, int length) {
        return at < 512 || at >= length - 512;
    }

    private static void bounded(byte[] image, Expectation expected) {
        ImageReport report = inspect(image, expected);
        if (report.readCount() > ImageLimits.STANDARD.readCount()
                || report.readBytes() > ImageLimits.STANDARD.readBytes()) {
            throw new AssertionError("beyond the limits: " + report);
        }
    }

    /** Writes a big-endian number into an image. */
    static void putBe(byte[] image, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            image[at + i] = (byte) (value >>> 8 * (bytes - 1 - i));
        }
    }

    /** Writes a little-endian number into an image. */
    static void putLe(byte[] image, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            image[at + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Reads a big-endian number. */
    static long be(byte[] image, int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | image[at + i] & 0xff;
        }
        return value;
    }

    private record ChannelSource(FileChannel channel, long sizeBytes) implements ByteSource {
        @Override
        public void read(long offset, byte[] into, int at, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, at, length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position() - at) < 0) {
                    throw new EOFException();
                }
            }
        }
    }
}
