package dev.ringfence.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.image.Sha256;
import dev.ringfence.core.image.VerityTree;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileHashingTest {
    @TempDir
    Path directory;

    private Path file(int length) throws IOException {
        byte[] data = new byte[length];
        Fuzz.random(length).nextBytes(data);
        return Files.write(directory.resolve("disk.raw"), data);
    }

    private static FileDigests both(Path file, int threads) throws Exception {
        return FileHashing.of(file, FileDigests.Wanted.BOTH, threads, done -> {});
    }

    /** One group after the other, by one thread. */
    private static Sha256 tree(byte[] data) {
        VerityTree tree = new VerityTree();
        for (int at = 0; at < data.length; at += VerityTree.GROUP_BYTES) {
            byte[] group = new byte[VerityTree.GROUP_BYTES];
            int length = Math.min(group.length, data.length - at);
            System.arraycopy(data, at, group, 0, length);
            tree.add(VerityTree.Group.of(group, length, Sha256.digest()));
        }
        return tree.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 524_287, 524_288, 524_289, 5_000_000, 9_437_184, 20_000_001})
    void isTheSameWithAnyNumberOfThreads(int length) throws Exception {
        Path file = file(length);
        byte[] data = Files.readAllBytes(file);
        FileDigests expected = new FileDigests(Sha256.of(Sha256.digest().digest(data)), tree(data), length);
        for (int threads : new int[] {1, 2, 3, 8}) {
            assertThat(both(file, threads)).as("%d threads", threads).isEqualTo(expected);
        }
        assertThat(FileHashing.of(file, FileDigests.Wanted.VERITY, 3, done -> {}))
                .isEqualTo(new FileDigests(null, expected.veritySha256(), length));
        assertThat(FileHashing.of(file, FileDigests.Wanted.SHA256, 3, done -> {}))
                .isEqualTo(new FileDigests(expected.sha256(), null, length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4097, 524_288, 3_000_001})
    void isWhatFsverityPrints(int length) throws Exception {
        Path file = file(length);
        Path program = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(d -> Path.of(d, "fsverity"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(program != null, "fsverity is not installed");
        Process process = new ProcessBuilder(List.of(String.valueOf(program), "digest", "--compact", file.toString()))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.strip())
                .isEqualTo(Objects.requireNonNull(both(file, 2).veritySha256()).hex());
    }

    @Test
    void reportsProgressInOrder() throws Exception {
        Path file = directory.resolve("sparse.raw");
        try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.position((64 << 20) - 1);
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
        List<Long> told = new ArrayList<>();
        FileHashing.of(file, FileDigests.Wanted.BOTH, 2, told::add);
        assertThat(told).isSorted().contains(16L << 20, 64L << 20).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void refusesLinksDirectoriesAndMissingFiles() throws Exception {
        Path file = file(10);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertThatThrownBy(() -> both(link, 2)).isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> both(directory, 2)).isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> both(directory.resolve("none"), 2)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void refusesAFileThatBecomesShorterOrLonger() throws Exception {
        for (long length : new long[] {1 << 20, 80 << 20}) {
            Path file = file(60 << 20);
            AtomicBoolean once = new AtomicBoolean(true);
            assertThatThrownBy(() -> FileHashing.of(file, FileDigests.Wanted.BOTH, 2, done -> {
                        if (once.getAndSet(false)) {
                            resize(file, length);
                        }
                    }))
                    .isInstanceOf(IOException.class);
        }
    }

    private static void resize(Path file, long length) {
        try (var raw = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(length);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void endsWhenItIsInterrupted() throws Exception {
        Path file = file(40 << 20);
        Thread self = Thread.currentThread();
        assertThatThrownBy(() -> FileHashing.of(file, FileDigests.Wanted.BOTH, 2, done -> self.interrupt()))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void passesOnWhatTheListenerThrows() throws Exception {
        Path file = file(40 << 20);
        assertThatThrownBy(() -> FileHashing.of(file, FileDigests.Wanted.BOTH, 2, done -> {
                    throw new IllegalStateException("told");
                }))
                .hasMessage("told");
    }
}
