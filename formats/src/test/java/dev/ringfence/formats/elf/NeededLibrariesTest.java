package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.elf.LibrarySearch.Settings;
import dev.ringfence.formats.elf.LibrarySearch.Source;
import dev.ringfence.formats.elf.NeededLibraries.Closure;
import dev.ringfence.formats.elf.NeededLibraries.Library;
import dev.ringfence.formats.elf.NeededLibraries.Missing;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NeededLibrariesTest {
    private static final Settings SETTINGS = new Settings(List.of("/c"), List.of("/lib"), List.of(), List.of(), "x");

    private final Map<String, ElfFile> disk = new HashMap<>();

    private static ElfFile library(int bits, String soname, String... needed) {
        ElfWriter writer = new ElfWriter(bits, ByteOrder.LITTLE_ENDIAN);
        writer.interpreter = null;
        writer.soname = soname;
        writer.needed = List.of(needed);
        return Elfs.read(writer.build());
    }

    private static ElfFile program(String... needed) {
        ElfWriter writer = ElfWriter.program();
        writer.interpreter = "/lib/ld.so.2";
        writer.needed = List.of(needed);
        return Elfs.read(writer.build());
    }

    private Closure follow(ElfFile program) {
        return NeededLibraries.of("/bin/app", program, SETTINGS, path -> Optional.ofNullable(disk.get(path)));
    }

    private static List<String> paths(Closure closure) {
        return closure.libraries().stream().map(Library::path).toList();
    }

    @Test
    void followsNeedsBreadthFirst() {
        disk.put("/lib/ld.so.2", library(64, "ld.so.2"));
        disk.put("/lib/liba.so", library(64, "liba.so", "libc.so"));
        disk.put("/c/libb.so", library(64, "libb.so", "libc.so", "ld.so.2"));
        disk.put("/lib/libc.so", library(64, "libc.so", "liba.so"));

        Closure closure = follow(program("liba.so", "libb.so"));

        assertThat(paths(closure)).containsExactly("/lib/ld.so.2", "/lib/liba.so", "/c/libb.so", "/lib/libc.so");
        assertThat(closure.missing()).isEmpty();
        assertThat(closure.complete()).isTrue();
        assertThat(closure.libraries())
                .extracting(Library::source)
                .containsExactly(Source.INTERPRETER, Source.DEFAULT, Source.CONFIGURED, Source.DEFAULT);
        assertThat(closure.libraries().getLast().requestedBy()).isEqualTo("/lib/liba.so");
    }

    @Test
    void namesWhatIsMissing() {
        disk.put("/lib/ld.so.2", library(64, "ld.so.2"));
        disk.put("/lib/liba.so", library(64, "liba.so", "libgone.so"));

        Closure closure = follow(program("liba.so"));

        assertThat(closure.missing()).containsExactly(new Missing("libgone.so", "/lib/liba.so"));
    }

    @Test
    void namesAMissingLoader() {
        assertThat(follow(program()).missing()).containsExactly(new Missing("/lib/ld.so.2", "/bin/app"));
    }

    @Test
    void passesOverLibrariesOfAnotherClass() {
        disk.put("/lib/ld.so.2", library(64, "ld.so.2"));
        disk.put("/c/liba.so", library(32, "liba.so"));
        disk.put("/lib/liba.so", library(64, "liba.so"));

        assertThat(paths(follow(program("liba.so")))).containsExactly("/lib/ld.so.2", "/lib/liba.so");
    }

    @Test
    void knowsALibraryByItsSoname() {
        disk.put("/lib/ld.so.2", library(64, "ld.so.2"));
        disk.put("/lib/linked.so", library(64, "liba.so.1"));
        disk.put("/lib/libb.so", library(64, "libb.so", "liba.so.1"));

        Closure closure = follow(program("linked.so", "libb.so"));

        assertThat(paths(closure)).containsExactly("/lib/ld.so.2", "/lib/linked.so", "/lib/libb.so");
        assertThat(closure.missing()).isEmpty();
    }

    @Test
    void endsOnLibrariesThatNeedEachOther() {
        disk.put("/lib/ld.so.2", library(64, "ld.so.2"));
        disk.put("/lib/liba.so", library(64, "liba.so", "libb.so"));
        disk.put("/lib/libb.so", library(64, "libb.so", "liba.so", "libb.so"));

        assertThat(paths(follow(program("liba.so")))).hasSize(3);
    }

    @Test
    void endsOnAnEndlessChain() {
        Closure closure = NeededLibraries.of("/bin/app", program("lib0.so"), SETTINGS, path -> {
            int number = number(path);
            return number < 0
                    ? Optional.empty()
                    : Optional.of(library(64, "lib" + number + ".so", "lib" + (number + 1) + ".so"));
        });

        assertThat(closure.complete()).isFalse();
        assertThat(closure.libraries()).hasSize(NeededLibraries.LIBRARY_LIMIT);
    }

    private static int number(String path) {
        String digits = path.replaceAll("[^0-9]", "");
        return path.startsWith("/lib/lib") ? Integer.parseInt(digits) : -1;
    }

    @Test
    void endsOnTooManyNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 4096; i++) {
            names.add("a" + i);
        }
        ElfFile first = program(names.toArray(String[]::new));
        disk.put("/lib/ld.so.2", library(64, "ld.so.2"));
        disk.put("/lib/a0", library(64, "x", names.stream().map(n -> "b" + n).toArray(String[]::new)));
        disk.put("/lib/ba0", library(64, "y", "c1", "c2", "c3"));

        Closure closure = follow(first);

        assertThat(closure.complete()).isFalse();
        assertThat(closure.missing()).isNotEmpty();
    }
}
