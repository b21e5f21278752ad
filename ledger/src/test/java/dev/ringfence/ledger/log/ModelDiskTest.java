package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.log.ModelDisk.Loss;
import dev.ringfence.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelDiskTest extends LogStorageContract {
    private final ModelDisk disk = new ModelDisk();

    @Override
    LogStorage storage() {
        return disk.storage("disk");
    }

    private List<String> afterAPowerCut() throws StorageException {
        return disk.restarted(Loss.EVERYTHING, Fuzz.random(1)).storage("disk").list("");
    }

    @Test
    void losesNamesThatWereNotSynced() throws StorageException {
        storage().writeSynced("first", List.of(new byte[1]));
        assertThat(afterAPowerCut()).isEmpty();
        storage().syncDirectory("");
        storage().rename("first", "second");
        assertThat(afterAPowerCut()).containsExactly("first");
        storage().syncDirectory("");
        assertThat(afterAPowerCut()).containsExactly("second");
        storage().delete("second");
        assertThat(afterAPowerCut()).containsExactly("second");
    }

    @Test
    void losesContentThatASyncFailedToKeep() throws StorageException {
        storage().writeSynced("file", List.of(new byte[] {1}));
        storage().syncDirectory("");
        disk.failAt(3, ModelDisk.Fault.IO_ERROR);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> storage().writeSynced("file", List.of(new byte[] {2})))
                .hasMessageContaining("sync");
        assertThat(storage().read("file", 1)).hasValue(new byte[] {2});
        assertThat(disk.restarted(Loss.EVERYTHING, Fuzz.random(1))
                        .storage("disk")
                        .read("file", 1))
                .hasValue(new byte[] {1});
    }
}
