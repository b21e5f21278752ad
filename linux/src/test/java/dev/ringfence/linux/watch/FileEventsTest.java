package dev.ringfence.linux.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.watch.FileEvents.Event;
import dev.ringfence.linux.watch.FileEvents.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What both the kernel's source and the fake promise, and what only the kernel can show. */
class FileEventsTest {
    @TempDir
    Path dir;

    /** Events until the one that ends the wait. */
    private static List<Event> until(FileEvents source, String lastName) throws IOException {
        List<Event> events = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() - end < 0) {
            events.addAll(source.await(Duration.ofSeconds(5)).events());
            if (events.stream().anyMatch(e -> e.name().equals(lastName))) {
                return events;
            }
        }
        throw new AssertionError("no event of " + lastName + " but " + events);
    }

    private List<Event> told(Level level) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "a");
        try (FileEvents source = new Inotify()) {
            assertThat(source.watch(dir, level)).isTrue();
            Files.writeString(file, "b");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            Files.createDirectory(dir.resolve("last"));
            return until(source, "last");
        }
    }

    @Test
    void eachLevelTellsMore() throws IOException {
        assertThat(told(Level.ENTRIES)).containsExactly(new Event(dir, "last", true));
    }

    @Test
    void attributesAreToldWithoutContent() throws IOException {
        assertThat(told(Level.ATTRIBUTES)).containsExactly(new Event(dir, "file", false), new Event(dir, "last", true));
    }

    @Test
    void contentIsToldAsWell() throws IOException {
        assertThat(told(Level.CONTENT)).hasSizeGreaterThan(2).contains(new Event(dir, "file", false));
    }

    @Test
    void bothSourcesAnswerAlike() throws IOException {
        FakeEvents fake = new FakeEvents();
        try (FileEvents kernel = new Inotify();
                fake) {
            for (FileEvents source : List.of(kernel, fake)) {
                assertThat(source.watch(dir, Level.ENTRIES)).isTrue();
                assertThat(source.watch(dir.resolve("absent"), Level.ENTRIES)).isFalse();
                assertThat(source.watch(Files.writeString(dir.resolve("plain"), ""), Level.ENTRIES))
                        .isFalse();
            }
            assertThat(until(kernel, "plain")).contains(new Event(dir, "plain", true));
            fake.tell(dir, "plain", true);
            assertThat(until(fake, "plain")).containsExactly(new Event(dir, "plain", true));
            for (FileEvents source : List.of(kernel, fake)) {
                FileEvents.Events nothing = source.await(Duration.ofMillis(1));
                assertThat(nothing.events()).isEmpty();
                assertThat(nothing.lost()).isFalse();
            }
        }
    }

    @Test
    void twoPathsToOneDirectoryAreBothTold() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolveSibling(dir.getFileName() + "-link"), dir);
        try (FileEvents source = new Inotify()) {
            source.watch(dir, Level.ENTRIES);
            source.watch(link, Level.ENTRIES);
            Files.writeString(dir.resolve("new"), "");
            assertThat(until(source, "new")).contains(new Event(dir, "new", true), new Event(link, "new", true));
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void theKernelsOverflowIsToldAsLost() throws IOException {
        int limit = Integer.parseInt(
                HostFiles.live().line("/proc/sys/fs/inotify/max_queued_events").orElse("0"));
        org.junit.jupiter.api.Assumptions.assumeTrue(
                limit > 0 && limit <= 50_000, "the queue is too long to be filled quickly");
        try (FileEvents source = new Inotify()) {
            source.watch(dir, Level.ENTRIES);
            Path one = dir.resolve("one");
            for (int i = 0; i <= limit / 2 + 1; i++) {
                Files.createFile(one);
                Files.delete(one);
            }
            boolean lost = false;
            int events = 0;
            FileEvents.Events told = source.await(Duration.ofSeconds(5));
            while (!lost && !told.events().isEmpty()) {
                events += told.events().size();
                lost = told.lost();
                told = source.await(Duration.ofMillis(10));
            }
            assertThat(lost || told.lost())
                    .as("lost after %s of %s", events, limit)
                    .isTrue();
        }
    }
}
