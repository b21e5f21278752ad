package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.elf.LibrarySearch.Candidate;
import dev.ringfence.formats.elf.LibrarySearch.Requester;
import dev.ringfence.formats.elf.LibrarySearch.Settings;
import dev.ringfence.formats.elf.LibrarySearch.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibrarySearchTest {
    private static final Settings SETTINGS = new Settings(
            List.of("/usr/local/lib"), List.of("/lib64", "/lib"), List.of(), List.of("lib64", "lib"), "x86_64");

    private static ElfFile file(String rpath, String runpath, long flags1, String... needed) {
        ElfWriter writer = ElfWriter.program();
        writer.interpreter = null;
        writer.rpath = rpath.isEmpty() ? null : rpath;
        writer.runpath = runpath.isEmpty() ? null : runpath;
        writer.needed = List.of(needed);
        writer.entries = List.of(new long[] {0x6ffffffbL, flags1});
        return Elfs.read(writer.build());
    }

    private static Requester program(String rpath, String runpath) {
        return new Requester("/opt/app/bin/app", file(rpath, runpath, 0).identity(), null);
    }

    private static List<String> paths(Requester requester, String name) {
        return LibrarySearch.candidates(name, requester, SETTINGS).stream()
                .map(Candidate::path)
                .toList();
    }

    @Test
    void searchesConfiguredThenDefaultDirectories() {
        assertThat(LibrarySearch.candidates("liba.so", program("", ""), SETTINGS))
                .containsExactly(
                        new Candidate("/usr/local/lib/liba.so", Source.CONFIGURED),
                        new Candidate("/lib64/liba.so", Source.DEFAULT),
                        new Candidate("/lib/liba.so", Source.DEFAULT));
    }

    @Test
    void searchesRpathBeforeAndRunpathInsteadOfIt() {
        assertThat(paths(program("/r1:/r2", ""), "liba.so")).startsWith("/r1/liba.so", "/r2/liba.so");
        assertThat(paths(program("/r1", "/u1/"), "liba.so"))
                .startsWith("/u1/liba.so")
                .doesNotContain("/r1/liba.so");
    }

    @Test
    void inheritsRpathButNotRunpath() {
        Requester byRpath = new Requester("/lib/libb.so", file("", "", 0).identity(), program("$ORIGIN/../lib", ""));
        assertThat(paths(byRpath, "liba.so")).startsWith("/opt/app/bin/../lib/liba.so");

        Requester byRunpath = new Requester("/lib/libb.so", file("", "", 0).identity(), program("", "/u1"));
        assertThat(paths(byRunpath, "liba.so")).doesNotContain("/u1/liba.so");

        Requester own = new Requester("/lib/libb.so", file("", "/own", 0).identity(), program("/r1", ""));
        assertThat(paths(own, "liba.so")).startsWith("/own/liba.so").doesNotContain("/r1/liba.so");
    }

    @ParameterizedTest
    @CsvSource({
        "$ORIGIN, /opt/app/bin/liba.so",
        "${ORIGIN}/x, /opt/app/bin/x/liba.so",
        "/a/$PLATFORM/b, /a/x86_64/b/liba.so",
        "/a/$LIB, /a/lib64/liba.so",
        "/a/$UNKNOWN/b, /a/$UNKNOWN/b/liba.so",
        "/a/${ORIGIN/b, /a/${ORIGIN/b/liba.so",
        "/a/$, /a/$/liba.so"
    })
    void expandsTokens(String element, String first) {
        assertThat(paths(program("", element), "liba.so")).startsWith(first);
    }

    @Test
    void triesEachMeaningOfLib() {
        assertThat(paths(program("", "/a/${LIB}"), "liba.so")).startsWith("/a/lib64/liba.so", "/a/lib/liba.so");
    }

    @Test
    void triesCapabilitiesFirst() {
        Settings fast = new Settings(List.of(), List.of("/lib"), List.of("glibc-hwcaps/x86-64-v3"), List.of(), "x");

        assertThat(LibrarySearch.candidates("liba.so", program("", ""), fast))
                .extracting(Candidate::path)
                .containsExactly("/lib/glibc-hwcaps/x86-64-v3/liba.so", "/lib/liba.so");
    }

    @Test
    void takesAPathAsItIs() {
        assertThat(LibrarySearch.candidates("/x/liba.so", program("/r1", ""), SETTINGS))
                .containsExactly(new Candidate("/x/liba.so", Source.PATH));
        assertThat(paths(program("", ""), "x/liba.so")).isEmpty();
    }

    @Test
    void obeysNoDefaultLibraries() {
        Requester alone = new Requester("/bin/a", file("", "/u1", 0x800).identity(), null);
        assertThat(paths(alone, "liba.so")).containsExactly("/u1/liba.so");
    }

    @Test
    void neverSearchesTheWorkingDirectoryButNamesIt() {
        Requester careless = program("", "lib:/ok::$ORIGIN/x:.");
        assertThat(paths(careless, "liba.so"))
                .startsWith("/ok/liba.so", "/opt/app/bin/x/liba.so")
                .allMatch(path -> path.startsWith("/"));
        assertThat(LibrarySearch.workingDirectoryPaths(careless.identity())).containsExactly("lib", "", ".");
        assertThat(LibrarySearch.workingDirectoryPaths(
                        file("", "", 0, "sub/liba.so", "libc.so.6").identity()))
                .containsExactly("sub/liba.so");
        assertThat(LibrarySearch.workingDirectoryPaths(program("/a", "").identity()))
                .isEmpty();
    }

    @Test
    void boundsHostileSearchPaths() {
        assertThat(paths(program("", "/:".repeat(20_000)), "liba.so")).hasSize(1);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 9_000; i++) {
            many.append('/').append(i).append(':');
        }
        assertThat(paths(program("", many.toString()), "liba.so")).hasSize(LibrarySearch.LIMIT);
    }

    @Test
    void settingsFitTheMachine() {
        ElfIdentity program = file("", "", 0).identity();
        Settings settings = Settings.of(program, List.of("/c"));
        assertThat(settings.configured()).containsExactly("/c");
        assertThat(settings.defaults()).startsWith("/lib/x86_64-linux-gnu").contains("/usr/lib64");
        assertThat(settings.platform()).isEqualTo("x86_64");
        assertThat(settings.libraryNames()).contains("lib64");
    }
}
