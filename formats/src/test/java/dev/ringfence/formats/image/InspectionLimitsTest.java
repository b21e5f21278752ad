package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inspection costs no more than it may, whatever the file says. */
class InspectionLimitsTest {
    @Test
    void readsNoMoreThanTheLimit() throws IOException {
        HollowImage image = new HollowImage(16, 4 << 20, 32_000);
        ImageLimits limits = new ImageLimits(16 << 20, 10 << 20, 100, 1L << 40);
        ImageReport report = ImageInspector.inspect(image, Expectation.NONE, limits);
        assertThat(report.codes()).containsExactly(ImageCode.LIMIT.code());
        assertThat(image.readCount()).isEqualTo(report.readCount()).isLessThanOrEqualTo(100);
        assertThat(image.readBytes()).isEqualTo(report.readBytes()).isLessThanOrEqualTo(10 << 20);
        // Few tables in the same enormous file are fine.
        assertThat(ImageInspector.inspect(new HollowImage(16, 1 << 10, 20), Expectation.NONE)
                        .findings())
                .isEmpty();
    }

    @Test
    void needsNoMoreMemoryThanTheLimit(@TempDir Path directory) throws Exception {
        // The whole of another JVM has what one inspection may take.
        Path output = directory.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Objects.requireNonNull(System.getProperty("java.class.path")),
                        HollowImage.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as("%s", lines).isZero();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("[RF-IMG-008]");
        assertThat(lines.get(1)).startsWith("[RF-IMG-008]");
        assertThat(lines.get(2)).startsWith("[]");
    }
}
