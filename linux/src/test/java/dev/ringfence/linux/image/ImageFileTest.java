package dev.ringfence.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.testkit.Fuzz;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hang is a failure: opening a FIFO must not wait for its writer. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImageFileTest {
    @TempDir
    Path directory;

    @Test
    void readsAnyRangeOfARegularFile() throws IOException {
        byte[] content = new byte[300_000];
        Fuzz.random(3).nextBytes(content);
        Path path = Files.write(directory.resolve("a"), content);
        try (ImageFile file = ImageFile.open(path)) {
            assertThat(file.sizeBytes()).isEqualTo(content.length);
            assertThat(file.allocatedBytes()).isGreaterThanOrEqualTo(content.length);
            byte[] read = new byte[content.length + 20];
            file.read(0, read, 10, content.length);
            assertThat(read).endsWith(new byte[10]).startsWith(new byte[10]);
            assertThat(Arrays.copyOfRange(read, 10, 10 + content.length)).isEqualTo(content);
            byte[] some = new byte[5];
            file.read(content.length - 5, some, 0, 5);
            assertThat(some).isEqualTo(Arrays.copyOfRange(content, content.length - 5, content.length));
        }
    }

    @Test
    void refusesSymbolicLinks() throws IOException {
        Path target = Files.write(directory.resolve("a"), new byte[10]);
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        assertThatThrownBy(() -> ImageFile.open(link))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("symbolic link");
        ImageFile.open(target).close();
    }

    @Test
    void refusesFifosDirectoriesAndDevicesAtOnce() throws Exception {
        Path fifo = directory.resolve("fifo");
        Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        for (Path path : new Path[] {fifo, directory, Path.of("/dev/null"), Path.of("/dev/zero")}) {
            assertThatThrownBy(() -> ImageFile.open(path))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("not a regular file");
        }
        assertThatThrownBy(() -> ImageFile.open(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void readsTheFileThatWasOpenedWhateverItsNameNowMeans() throws IOException {
        Path path = Files.write(directory.resolve("a"), new byte[] {1, 2, 3});
        try (ImageFile file = ImageFile.open(path)) {
            Files.delete(path);
            Files.write(path, new byte[] {9, 9, 9});
            byte[] read = new byte[3];
            file.read(0, read, 0, 3);
            assertThat(read).containsExactly(1, 2, 3);
        }
    }

    @Test
    void failsWhenTheFileBecomesShorter() throws IOException {
        Path path = Files.write(directory.resolve("a"), new byte[100]);
        try (ImageFile file = ImageFile.open(path)) {
            Files.write(path, new byte[10]);
            assertThatThrownBy(() -> file.read(0, new byte[100], 0, 100)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void leavesNoDescriptorOpen() throws IOException {
        Path path = Files.write(directory.resolve("a"), new byte[100]);
        long before = descriptors();
        for (int i = 0; i < 200; i++) {
            ImageFile.open(path).close();
            assertThatThrownBy(() -> ImageFile.open(directory)).isInstanceOf(IOException.class);
        }
        assertThat(descriptors()).isLessThan(before + 50);
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
