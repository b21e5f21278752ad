package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LossyStorageTest extends StorageContract {
    private final LossyStorage storage = new LossyStorage();

    @Override
    Storage storage() {
        return storage;
    }

    @Override
    Path directory() throws IOException {
        Path directory = Path.of("/d");
        if (storage.kind(directory).isEmpty()) {
            storage.createDirectory(directory);
        }
        return directory;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void keepsWhatWasSyncedAndMayLoseTheRest() throws IOException {
        Path file = directory().resolve("a");
        storage.syncDirectory(Path.of("/"));
        storage.create(file, bytes("kept"));
        storage.sync(file);
        storage.syncDirectory(directory());
        storage.append(file, bytes(" perhaps"));
        storage.create(directory().resolve("b"), bytes("perhaps"));
        Set<String> contents = new HashSet<>();
        Set<Integer> names = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            LossyStorage after = storage.afterLoss(seed);
            String content = new String(after.read(file, 100), StandardCharsets.UTF_8);
            assertThat(content).startsWith("kept");
            contents.add(content);
            names.add(after.list(Path.of("/d")).size());
        }
        assertThat(contents).contains("kept", "kept perhaps").hasSizeGreaterThan(5);
        assertThat(names).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aRenameSurvivesWholeOrNotAtAll() throws IOException {
        Path a = directory().resolve("a");
        Path b = directory().resolve("b");
        storage.create(a, bytes("new"));
        storage.create(b, bytes("old"));
        storage.sync(a);
        storage.sync(b);
        storage.syncDirectory(directory());
        storage.syncDirectory(Path.of("/"));
        storage.rename(a, b);
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            LossyStorage after = storage.afterLoss(seed);
            String content = new String(after.read(b, 100), StandardCharsets.UTF_8);
            assertThat(after.kind(a).isPresent()).isEqualTo(content.equals("old"));
            seen.add(content);
        }
        assertThat(seen).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void withoutPowerNothingWorks() throws IOException {
        Path file = directory().resolve("a");
        storage.losePowerAfter(1);
        storage.create(file, bytes("x"));
        assertThatThrownBy(() -> storage.append(file, bytes("y"))).isInstanceOf(LossyStorage.PowerLoss.class);
        assertThatThrownBy(() -> storage.kind(file)).isInstanceOf(LossyStorage.PowerLoss.class);
    }
}
