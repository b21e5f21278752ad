package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.linux.ExtendedAttributes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskStorageTest extends StorageContract {
    /** rw for the owner, rw for user 1234, r for the group, mask rw, nothing for others. */
    static final String ACCESS_LIST = "02000000" + "01000600ffffffff" + "02000600d2040000" + "04000400ffffffff"
            + "10000600ffffffff" + "20000000ffffffff";

    @TempDir
    private Path temporary = Path.of("");

    private final DiskStorage storage = new DiskStorage();

    @Override
    Storage storage() {
        return storage;
    }

    @Override
    Path directory() {
        return temporary;
    }

    private Path file() throws IOException {
        Path file = temporary.resolve("file");
        Files.writeString(file, "text");
        return file;
    }

    /** The file system of the temporary directory may have none. */
    static boolean attributesWork(Path file) {
        try {
            ExtendedAttributes.set(file, "user.ringfence.test", "00");
            ExtendedAttributes.remove(file, "user.ringfence.test");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    void carriesUserAttributesAccessListsAndCapabilities() throws IOException {
        Path file = file();
        assumeTrue(attributesWork(file), "this file system keeps no extended attributes");
        assumeTrue(isRoot(), "changes owners");
        SortedMap<String, String> attributes = new TreeMap<>();
        attributes.put("user.note", "68656c6c6f00");
        attributes.put("user.empty", "");
        attributes.put("trusted.mark", "01");
        attributes.put(AccessList.ATTRIBUTE, ACCESS_LIST);
        // Revision 2 with the effective flag, cap_net_bind_service.
        attributes.put("security.capability", "0100000200040000000000000000000000000000");
        Metadata wanted = new Metadata(1234, 4321, 0660, attributes);
        storage.setMetadata(file, wanted);
        assertThat(storage.metadata(file)).isEqualTo(wanted);
        storage.setMetadata(file, Metadata.of(0, 0, 04755));
        assertThat(storage.metadata(file)).isEqualTo(Metadata.of(0, 0, 04755));
    }

    @Test
    void saysWhenAnAttributeCannotBeSet() throws IOException {
        Path file = file();
        SortedMap<String, String> attributes = new TreeMap<>();
        attributes.put("nowhere.note", "00");
        assertThatThrownBy(() -> storage.setMetadata(file, new Metadata(0, 0, 0600, attributes)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("nowhere.note");
    }

    @Test
    void anAccessListFollowsTheMode() throws IOException {
        Path file = file();
        assumeTrue(attributesWork(file), "this file system keeps no extended attributes");
        assumeTrue(isRoot(), "sets access lists");
        SortedMap<String, String> attributes = new TreeMap<>();
        attributes.put(AccessList.ATTRIBUTE, ACCESS_LIST);
        storage.setMetadata(file, new Metadata(0, 0, 0660, attributes));
        Metadata narrower = storage.metadata(file).withMode(0640);
        // The kernel's own chmod must come to the same.
        Files.setAttribute(file, "unix:mode", 0640);
        assertThat(storage.metadata(file)).isEqualTo(narrower);
    }

    @Test
    void neverReadsOrWritesThroughALink() throws IOException {
        Path link = temporary.resolve("link");
        Files.createSymbolicLink(link, file());
        assertThat(storage.kind(link)).contains(Storage.Kind.LINK);
        assertThatThrownBy(() -> storage.read(link, 100)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> storage.append(link, new byte[1])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> storage.create(link, new byte[1])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> storage.setMetadata(link, Metadata.of(0, 0, 0777)))
                .isInstanceOf(IOException.class);
        assertThat(file()).hasContent("text");
    }
}
