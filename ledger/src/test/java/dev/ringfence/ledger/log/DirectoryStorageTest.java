package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStorageTest extends LogStorageContract {
    @TempDir
    Path directory;

    @Override
    LogStorage storage() {
        return new DirectoryStorage(directory);
    }

    @Test
    void followsNoSymbolicLinkAtAFile() throws Exception {
        Path outside = Files.writeString(directory.resolveSibling("outside"), "keep");
        Files.createSymbolicLink(directory.resolve("link"), outside);
        assertThatThrownBy(() -> storage().writeSynced("link", List.of(new byte[] {1})))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage().read("link", 100)).isInstanceOf(StorageException.class);
        assertThat(outside).hasContent("keep");
        Files.delete(outside);
    }

    @Test
    void namesStepAndPathOfWhatFailed() {
        assertThatThrownBy(() -> storage().writeSynced("missing/file", List.of()))
                .isInstanceOfSatisfying(StorageException.class, e -> {
                    assertThat(e.step()).isEqualTo("open");
                    assertThat(e.path())
                            .isEqualTo(directory.resolve("missing/file").toString());
                    assertThat(e).hasMessageContaining("open " + e.path());
                });
    }
}
