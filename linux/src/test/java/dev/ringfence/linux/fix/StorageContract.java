package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What every {@link Storage} does, the real one and the one that loses its power. */
abstract class StorageContract {
    abstract Storage storage() throws IOException;

    /** An empty directory. */
    abstract Path directory() throws IOException;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void createsReadsAppendsAndCuts() throws IOException {
        Path file = directory().resolve("a");
        storage().create(file, bytes("one"));
        storage().append(file, bytes(" two"));
        storage().sync(file);
        assertThat(storage().read(file, 100)).isEqualTo(bytes("one two"));
        storage().truncate(file, 3);
        assertThat(storage().read(file, 100)).isEqualTo(bytes("one"));
        assertThat(storage().kind(file)).contains(Storage.Kind.FILE);
        assertThat(storage().metadata(file).mode()).isEqualTo(0600);
    }

    @Test
    void refusesToCreateWhatIsThere() throws IOException {
        Path file = directory().resolve("a");
        storage().create(file, bytes("one"));
        assertThatThrownBy(() -> storage().create(file, bytes("two"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> storage().createDirectory(file)).isInstanceOf(IOException.class);
        assertThat(storage().read(file, 100)).isEqualTo(bytes("one"));
    }

    @Test
    void refusesToReadMoreThanTheLimitAndWhatIsNoFile() throws IOException {
        Path file = directory().resolve("a");
        storage().create(file, bytes("four"));
        assertThat(storage().read(file, 4)).hasSize(4);
        assertThatThrownBy(() -> storage().read(file, 3)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> storage().read(directory(), 100)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> storage().read(directory().resolve("b"), 100)).isInstanceOf(IOException.class);
    }

    @Test
    void renamesOverAnotherFileAndDeletes() throws IOException {
        Path a = directory().resolve("a");
        Path b = directory().resolve("b");
        storage().create(a, bytes("new"));
        storage().create(b, bytes("old"));
        storage().rename(a, b);
        storage().syncDirectory(directory());
        assertThat(storage().list(directory())).containsExactly("b");
        assertThat(storage().read(b, 100)).isEqualTo(bytes("new"));
        storage().delete(b);
        assertThat(storage().kind(b)).isEmpty();
        assertThatThrownBy(() -> storage().delete(b)).isInstanceOf(IOException.class);
    }

    @Test
    void makesPrivateDirectoriesAndRemovesOnlyEmptyOnes() throws IOException {
        Path inner = directory().resolve("d");
        storage().createDirectory(inner);
        assertThat(storage().kind(inner)).contains(Storage.Kind.DIRECTORY);
        assertThat(storage().metadata(inner).mode()).isEqualTo(0700);
        storage().create(inner.resolve("x"), bytes(""));
        assertThatThrownBy(() -> storage().delete(inner)).isInstanceOf(IOException.class);
        storage().delete(inner.resolve("x"));
        storage().delete(inner);
        assertThat(storage().list(directory())).isEmpty();
    }

    @Test
    void setsMode() throws IOException {
        Path file = directory().resolve("a");
        storage().create(file, bytes("x"));
        Metadata wanted = storage().metadata(file).withMode(0640);
        storage().setMetadata(file, wanted);
        assertThat(storage().metadata(file)).isEqualTo(wanted);
    }

    @Test
    void nothingIsBelowAFile() throws IOException {
        Path file = directory().resolve("a");
        storage().create(file, bytes("x"));
        assertThat(storage().kind(file.resolve("b"))).isEmpty();
        assertThatThrownBy(() -> storage().list(file)).isInstanceOf(IOException.class);
    }
}
