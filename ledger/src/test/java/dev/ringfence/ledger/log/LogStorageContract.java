package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What both storages do, as far as it can be seen while the machine runs. */
abstract class LogStorageContract {
    abstract LogStorage storage();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void readsWhatWasWrittenInParts() throws StorageException {
        byte[] large = new byte[200_000];
        large[199_999] = 7;
        storage().writeSynced("file", List.of(bytes("one "), large, bytes(" two")));
        byte[] read = storage().read("file", 300_000).orElseThrow();
        assertThat(read).hasSize(200_008).startsWith(bytes("one ")).endsWith(bytes(" two"));
        assertThat(read[200_003]).isEqualTo((byte) 7);
    }

    @Test
    void syncsWhatWasWrittenAndNothingThatIsNotThere() throws StorageException {
        storage().write("file", List.of(bytes("content")));
        storage().sync("file");
        assertThat(storage().read("file", 100)).hasValue(bytes("content"));
        assertThatThrownBy(() -> storage().sync("missing")).isInstanceOf(StorageException.class);
    }

    @Test
    void replacesALongerFileWholly() throws StorageException {
        storage().writeSynced("file", List.of(bytes("a long content")));
        storage().writeSynced("file", List.of(bytes("short")));
        assertThat(storage().read("file", 100)).hasValue(bytes("short"));
    }

    @Test
    void refusesToReadMoreThanTheLimit() throws StorageException {
        storage().writeSynced("file", List.of(bytes("12345")));
        assertThat(storage().read("file", 5)).isPresent();
        assertThatThrownBy(() -> storage().read("file", 4))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("file");
    }

    @Test
    void findsNoFileWhereNoneIs() throws StorageException {
        assertThat(storage().read("missing", 5)).isEmpty();
        assertThat(storage().read("missing/deeper", 5)).isEmpty();
        assertThat(storage().list("missing")).isEmpty();
        assertThat(storage().delete("missing")).isFalse();
    }

    @Test
    void writesOnlyWhereADirectoryIs() throws StorageException {
        assertThatThrownBy(() -> storage().writeSynced("directory/file", List.of(bytes("x"))))
                .isInstanceOf(StorageException.class);
        storage().makeDirectory("directory");
        storage().makeDirectory("directory");
        storage().writeSynced("directory/file", List.of(bytes("x")));
        storage().syncDirectory("directory");
        storage().syncDirectory("");
        assertThat(storage().list("")).containsExactly("directory");
        assertThat(storage().list("directory")).containsExactly("file");
    }

    @Test
    void makesNoDirectoryInPlaceOfAFile() throws StorageException {
        storage().writeSynced("name", List.of(bytes("x")));
        assertThatThrownBy(() -> storage().makeDirectory("name")).isInstanceOf(StorageException.class);
    }

    @Test
    void replacesAFileByRenaming() throws StorageException {
        storage().writeSynced("old", List.of(bytes("old")));
        storage().writeSynced("new", List.of(bytes("new")));
        storage().rename("new", "old");
        assertThat(storage().list("")).containsExactly("old");
        assertThat(storage().read("old", 10)).hasValue(bytes("new"));
        assertThatThrownBy(() -> storage().rename("gone", "old")).isInstanceOf(StorageException.class);
    }

    @Test
    void removesFilesAndEmptyDirectoriesOnly() throws StorageException {
        storage().makeDirectory("directory");
        storage().writeSynced("directory/file", List.of(bytes("x")));
        assertThatThrownBy(() -> storage().delete("directory")).isInstanceOf(StorageException.class);
        assertThat(storage().delete("directory/file")).isTrue();
        assertThat(storage().delete("directory")).isTrue();
        assertThat(storage().list("")).isEmpty();
    }

    @Test
    void syncsNoDirectoryThatIsNotThere() {
        assertThatThrownBy(() -> storage().syncDirectory("missing")).isInstanceOf(StorageException.class);
    }
}
