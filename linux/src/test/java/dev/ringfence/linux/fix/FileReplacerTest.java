package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileReplacerTest {
    private static final String TOKEN = "0123456789ab-1";

    @TempDir
    private Path temporary = Path.of("");

    private final DiskStorage storage = new DiskStorage();
    private Path directory = Path.of("");
    private Path file = Path.of("");
    private FileReplacer replacer = new FileReplacer(storage, Set.of(0L));

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("etc"));
        file = directory.resolve("app.conf");
        Files.writeString(file, "old\n");
        replacer = new FileReplacer(storage, Workplace.trusted((Integer) Files.getAttribute(directory, "unix:uid")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> sha256(String text) {
        return Optional.of(Digests.sha256(bytes(text)));
    }

    private Optional<Refusal> write(Path path, String text, Optional<String> expected) throws IOException {
        Metadata metadata = Files.exists(path) ? storage.metadata(path) : storage.metadata(file);
        return replacer.write(path, bytes(text), metadata, TOKEN, expected, FileReplacer.Check.NONE);
    }

    private void assertNothingElse(String... names) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries.map(p -> String.valueOf(p.getFileName()))).containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void keepsOwnerModeAccessListAndAttributes() throws IOException {
        assumeTrue(DiskStorageTest.attributesWork(file) && DiskStorageTest.isRoot(), "needs root and attributes");
        SortedMap<String, String> attributes = new TreeMap<>();
        attributes.put("user.note", "68656c6c6f");
        attributes.put("trusted.mark", "01");
        attributes.put(AccessList.ATTRIBUTE, DiskStorageTest.ACCESS_LIST);
        Metadata before = new Metadata(1234, 4321, 0660, attributes);
        storage.setMetadata(file, before);
        assertThat(write(file, "new\n", sha256("old\n"))).isEmpty();
        assertThat(file).hasContent("new\n");
        assertThat(storage.metadata(file)).isEqualTo(before);
        assertNothingElse("app.conf");
    }

    @Test
    void makesANewFileAndRemovesIt() throws IOException {
        Path fresh = directory.resolve("50-new.conf");
        assertThat(write(fresh, "new\n", Optional.empty())).isEmpty();
        assertThat(fresh).hasContent("new\n");
        assertThat(replacer.delete(fresh, TOKEN, sha256("new\n").orElseThrow())).isEmpty();
        assertNothingElse("app.conf");
    }

    @Test
    void refusesANewFileWhereOneHasAppeared() throws IOException {
        assertThat(write(file, "new\n", Optional.empty())).map(Refusal::code).contains("RF-FIX-103");
        assertThat(file).hasContent("old\n");
        assertNothingElse("app.conf");
    }

    @Test
    void refusesWhatHasChanged() throws IOException {
        assertThat(write(file, "new\n", sha256("other\n"))).map(Refusal::code).contains("RF-FIX-103");
        assertThat(replacer.delete(file, TOKEN, sha256("other\n").orElseThrow()))
                .map(Refusal::code)
                .contains("RF-FIX-103");
        assertThat(file).hasContent("old\n");
        assertNothingElse("app.conf");
    }

    @Test
    void refusesALinkAsTheFile() throws IOException {
        Path link = directory.resolve("link.conf");
        Files.createSymbolicLink(link, file);
        assertThat(write(link, "new\n", sha256("old\n"))).map(Refusal::code).contains("RF-FIX-102");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(file).hasContent("old\n");
    }

    @Test
    void refusesALinkOnTheWay() throws IOException {
        Path other = Files.createSymbolicLink(directory.resolveSibling("other"), directory);
        assertThat(write(other.resolve("app.conf"), "new\n", sha256("old\n")))
                .map(Refusal::code)
                .contains("RF-FIX-102");
        assertThat(file).hasContent("old\n");
    }

    @Test
    void refusesDirectoriesThatOthersMayWrite() throws IOException {
        for (int mode : new int[] {0777, 01777, 0775}) {
            Files.setAttribute(directory, "unix:mode", mode);
            assertThat(write(file, "new\n", sha256("old\n"))).map(Refusal::code).contains("RF-FIX-101");
        }
        assertThat(file).hasContent("old\n");
        Files.setAttribute(directory, "unix:mode", 0755);
        assertThat(write(file, "new\n", sha256("old\n"))).isEmpty();
    }

    @Test
    void refusesDirectoriesOfSomebodyElse() throws IOException {
        assumeTrue(DiskStorageTest.isRoot(), "changes owners");
        Files.setAttribute(directory, "unix:uid", 1234);
        assertThat(write(file, "new\n", sha256("old\n")))
                .map(Refusal::toString)
                .hasValueSatisfying(r -> assertThat(r).contains("RF-FIX-101", "user id 1234"));
        assertThat(file).hasContent("old\n");
    }

    @Test
    void aPlantedLinkInPlaceOfTheTemporaryFileIsNotFollowed() throws IOException {
        Path victim = temporary.resolve("victim");
        Files.writeString(victim, "untouched");
        Files.createSymbolicLink(directory.resolve(".ringfence-" + TOKEN + ".tmp"), victim);
        assertThat(write(file, "new\n", sha256("old\n"))).isEmpty();
        assertThat(victim).hasContent("untouched");
        assertThat(file).hasContent("new\n");
        assertNothingElse("app.conf");
    }

    @Test
    void aCheckThatRefusesLeavesTheOldFile() throws IOException {
        Optional<Refusal> refused =
                replacer.write(file, bytes("new\n"), storage.metadata(file), TOKEN, sha256("old\n"), aside -> {
                    assertThat(aside).hasContent("new\n");
                    return Optional.of(new Refusal("RF-FIX-114", "a bad file"));
                });
        assertThat(refused).map(Refusal::code).contains("RF-FIX-114");
        assertThat(file).hasContent("old\n");
        assertNothingElse("app.conf");
    }

    @Test
    void setsMetadataOnlyWhereItIsAsExpected() throws IOException {
        Metadata before = storage.metadata(file);
        Metadata after = before.withMode(0600);
        assertThat(replacer.setMetadata(file, after, before.withMode(0604)))
                .map(Refusal::code)
                .contains("RF-FIX-103");
        assertThat(storage.metadata(file)).isEqualTo(before);
        assertThat(replacer.setMetadata(file, after, before)).isEmpty();
        assertThat(storage.metadata(file)).isEqualTo(after);
        assertThat(replacer.setMetadata(
                        directory, storage.metadata(directory).withMode(0711), storage.metadata(directory)))
                .isEmpty();
        assertThat(storage.metadata(directory).mode()).isEqualTo(0711);
    }
}
