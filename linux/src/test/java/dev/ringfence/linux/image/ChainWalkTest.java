package dev.ringfence.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.formats.image.Expectation;
import dev.ringfence.formats.image.ImageChain;
import dev.ringfence.formats.image.ImageCode;
import dev.ringfence.formats.image.ImageFormat;
import dev.ringfence.formats.image.ImageLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chains made by the real qemu-img, and what a hostile tenant makes of them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChainWalkTest {
    private static final Expectation QCOW2 = Expectation.of(ImageFormat.QCOW2);

    @TempDir
    Path directory;

    private Path pool = Path.of("");

    @BeforeEach
    void pool() throws Exception {
        pool = directory.resolve("pool");
        Files.createDirectories(pool.resolve("sub"));
        Files.write(pool.resolve("base.raw"), new byte[1 << 20]);
    }

    private void overlay(String name, String backing, String format) throws Exception {
        create("-u", "-b", backing, "-F", format, name, "1M");
    }

    private void create(String... arguments) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-img is not installed");
        List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-img", "create", "-q", "-f", "qcow2"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(pool.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private ImageChain walk(String image) throws IOException {
        try (PoolDirectory open = PoolDirectory.open(pool)) {
            return ChainWalk.walk(open, pool.resolve(image), QCOW2, ImageLimits.STANDARD);
        }
    }

    @Test
    void acceptsAChainInsideThePool() throws Exception {
        overlay("sub/one", "../base.raw", "raw");
        overlay("mid", "base.raw", "raw");
        overlay("top", "sub/../mid", "qcow2");
        overlay("a", "mid", "qcow2");
        ImageChain chain = walk("a");
        assertThat(chain.findings()).isEmpty();
        assertThat(chain.links())
                .extracting(l -> Path.of(l.path()).getFileName().toString())
                .containsExactly("a", "mid", "base.raw");
        // The same without the pool is refused.
        assertThat(chain.top().report().codes()).containsExactly(ImageCode.BACKING_FILE.code());
        // Names that climb are refused even where they come back.
        assertThat(walk("sub/one").codes()).contains(ImageCode.REFERENCE_OUTSIDE.code());
        assertThat(walk("top").codes()).contains(ImageCode.REFERENCE_OUTSIDE.code());
    }

    @Test
    void acceptsAbsoluteNamesInsideThePoolOnly() throws Exception {
        Path real = pool.toRealPath();
        overlay("in", real.resolve("base.raw").toString(), "raw");
        assertThat(walk("in").findings()).isEmpty();
        Files.write(directory.resolve("outside.raw"), new byte[512]);
        overlay("out", directory.toRealPath().resolve("outside.raw").toString(), "raw");
        ImageChain chain = walk("out");
        assertThat(chain.codes())
                .contains(
                        ImageCode.BACKING_FILE.code(),
                        ImageCode.REFERENCE_ABSOLUTE.code(),
                        ImageCode.REFERENCE_OUTSIDE.code());
        assertThat(chain.links()).hasSize(1);
        // A name that begins like the pool's is not in it.
        overlay("beside", real + "2/base.raw", "raw");
        assertThat(walk("beside").codes()).contains(ImageCode.REFERENCE_OUTSIDE.code());
        overlay("back", real + "/../outside.raw", "raw");
        assertThat(walk("back").codes()).contains(ImageCode.REFERENCE_OUTSIDE.code());
    }

    @Test
    void neverFollowsLinksOfTheTenant() throws Exception {
        Path secret = Files.write(directory.resolve("secret.raw"), new byte[512]);
        Files.createSymbolicLink(pool.resolve("link.raw"), secret);
        overlay("a", "link.raw", "raw");
        assertThat(walk("a").codes()).containsExactly(ImageCode.CHAIN_MISSING.code());
        Files.createSymbolicLink(pool.resolve("dir"), directory);
        overlay("b", "dir/secret.raw", "raw");
        assertThat(walk("b").codes()).containsExactly(ImageCode.CHAIN_MISSING.code());
        assertThat(walk("b").links()).hasSize(1);
    }

    @Test
    void refusesMissingFilesDirectoriesAndFifosBelow() throws Exception {
        overlay("none", "gone.raw", "raw");
        assertThat(walk("none").codes()).containsExactly(ImageCode.CHAIN_MISSING.code());
        overlay("dir", "sub", "raw");
        assertThat(walk("dir").codes()).containsExactly(ImageCode.CHAIN_MISSING.code());
        Process mkfifo = new ProcessBuilder("mkfifo", pool.resolve("fifo").toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        overlay("pipe", "fifo", "raw");
        assertThat(walk("pipe").codes()).containsExactly(ImageCode.CHAIN_MISSING.code());
    }

    @Test
    void refusesLoops() throws Exception {
        overlay("a", "b", "qcow2");
        overlay("b", "a", "qcow2");
        assertThat(walk("a").codes()).containsExactly(ImageCode.CHAIN_LOOP.code());
        overlay("made", "self", "qcow2");
        Files.move(pool.resolve("made"), pool.resolve("self"));
        assertThat(walk("self").codes()).containsExactly(ImageCode.CHAIN_LOOP.code());
        Files.createLink(pool.resolve("hard"), pool.resolve("self"));
        assertThat(walk("hard").codes()).containsExactly(ImageCode.CHAIN_LOOP.code());
    }

    @Test
    void refusesChainsBeyondTheLimit() throws Exception {
        overlay("100", "base.raw", "raw");
        overlay("template", "999", "qcow2");
        String template = Files.readString(pool.resolve("template"), StandardCharsets.ISO_8859_1);
        for (int i = 101; i <= 163; i++) {
            Files.writeString(pool.resolve("" + i), template.replace("999", "" + (i - 1)), StandardCharsets.ISO_8859_1);
        }
        ImageChain longest = walk("162");
        assertThat(longest.findings()).isEmpty();
        assertThat(longest.links()).hasSize(ChainWalk.DEPTH_LIMIT);
        assertThat(walk("163").codes()).containsExactly(ImageCode.CHAIN_DEPTH.code());
    }

    @Test
    void holdsBackingFilesToTheFormatThatIsGiven() throws Exception {
        overlay("inner", "/etc/shadow", "raw");
        overlay("a", "inner", "raw");
        ImageChain chain = walk("a");
        assertThat(chain.codes()).contains(ImageCode.RAW_WITH_MAGIC.code(), ImageCode.BACKING_FILE.code());
        assertThat(chain.links()).hasSize(2);
        overlay("b", "base.raw", "qcow2");
        assertThat(walk("b").codes()).containsExactly(ImageCode.NOT_AS_DECLARED.code());
    }

    @Test
    void neverOpensDataFiles() throws Exception {
        create("-o", "data_file=base2.raw", "a", "1M");
        ImageChain chain = walk("a");
        assertThat(chain.codes()).containsExactly(ImageCode.DATA_FILE.code());
        assertThat(chain.links()).hasSize(1);
        overlay("b", "a", "qcow2");
        assertThat(walk("b").codes()).containsExactly(ImageCode.DATA_FILE.code());
    }

    @Test
    void refusesToStartOutsideThePool() throws Exception {
        Path outside = Files.write(directory.resolve("outside.raw"), new byte[512]);
        try (PoolDirectory open = PoolDirectory.open(pool)) {
            assertThatThrownBy(() -> ChainWalk.walk(open, outside, QCOW2, ImageLimits.STANDARD))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not in the directory");
            assertThatThrownBy(() -> ChainWalk.walk(open, Path.of("/"), QCOW2, ImageLimits.STANDARD))
                    .isInstanceOf(IOException.class);
        }
    }
}
