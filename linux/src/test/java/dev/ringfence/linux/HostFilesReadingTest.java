package dev.ringfence.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFilesReadingTest {
    @TempDir
    private Path root;

    @Test
    void prefixIsCutAndMayBeShorter() throws IOException {
        write("a", "0123456789");
        assertThat(files().prefix("/a", 4))
                .isInstanceOfSatisfying(
                        Fact.Observed.class,
                        o -> assertThat((byte[]) o.value()).asString().isEqualTo("0123"));
        assertThat(files().prefix("/a", 40))
                .isInstanceOfSatisfying(
                        Fact.Observed.class, o -> assertThat((byte[]) o.value()).hasSize(10));
        assertThat(files().prefix("/b", 4)).isInstanceOf(Fact.Absent.class);
        assertThat(files().prefix("/", 4)).isInstanceOf(Fact.NotObserved.class);
    }

    @Test
    void linksAreReadAsTheyAreWritten() throws IOException {
        write("d/plain", "x");
        Files.createSymbolicLink(root.resolve("d/one"), Path.of("socket:[17]"));
        Files.createSymbolicLink(root.resolve("d/two"), Path.of("../nowhere"));
        assertThat(files().links("/d").orElse(Map.of()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("one", "socket:[17]", "two", "../nowhere"));
        assertThat(files().links("/none")).isInstanceOf(Fact.Absent.class);
        assertThat(files().links("/d/plain")).isInstanceOf(Fact.Absent.class);
    }

    @Test
    void linksBehindALoopAreNotObserved() throws IOException {
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        assertThat(files().links("/loop")).isInstanceOf(Fact.NotObserved.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc", "sys", "dev"})
    void treeWithoutKernelSaysNothingOfIt(String kernel) throws IOException {
        String path = "/" + kernel + "/some/thing";
        Files.createDirectory(root.resolve(kernel));
        for (Fact<?> fact : everyReadingOf(files(), path)) {
            assertThat(fact)
                    .isInstanceOfSatisfying(
                            Fact.NotObserved.class,
                            n -> assertThat(n.reason()).contains("holds nothing of /" + kernel + "/"));
        }
        write(kernel + "/other", "x");
        for (Fact<?> fact : everyReadingOf(files(), path)) {
            assertThat(fact).isNotInstanceOf(Fact.NotObserved.class);
        }
        assertThat(files().exists(path).orElse(true)).isFalse();
    }

    private static List<Fact<?>> everyReadingOf(HostFiles files, String path) {
        return List.of(
                files.text(path),
                files.prefix(path, 1),
                files.file(path),
                files.list(path),
                files.link(path),
                files.links(path),
                files.exists(path));
    }

    private HostFiles files() throws IOException {
        return HostFiles.tree(root);
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }
}
