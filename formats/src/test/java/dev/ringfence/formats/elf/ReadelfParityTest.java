package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.formats.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares verdicts with what readelf shows of this machine's own programs, where there is a readelf. */
class ReadelfParityTest {
    private static final int FILES = 200;
    private static final Path PROGRAMS = Path.of("/usr/bin");

    private static final Pattern BIND_NOW =
            Pattern.compile("\\(BIND_NOW\\)|\\(FLAGS\\).*\\bBIND_NOW\\b|\\(FLAGS_1\\).*\\bNOW\\b");
    private static final Pattern RELRO = Pattern.compile("(?m)^ +GNU_RELRO ");
    private static final Pattern STACK = Pattern.compile("(?m)^ +GNU_STACK +(?:\\S+ ){5}(...)");
    private static final Pattern GUARD =
            Pattern.compile(" __(stack_chk_(fail|fail_local|guard))(@\\S+)?( \\(\\d+\\))?\n");

    private static final List<Path> C_LIBRARIES = List.of(
            Path.of("/lib/x86_64-linux-gnu/libc.so.6"),
            Path.of("/lib/aarch64-linux-gnu/libc.so.6"),
            Path.of("/lib64/libc.so.6"));
    private static final Pattern TWIN = Pattern.compile(" __(\\w+)_chk@@");

    /** What readelf shows, in the words of a verdict. */
    private record Shown(Relro.Level relro, boolean canary, boolean nx, boolean pie, boolean fixed) {}

    @Test
    void agreesWithReadelfOnThisMachinesPrograms() throws IOException, InterruptedException {
        assumeTrue(Tools.has("readelf"), "no readelf");
        List<Path> programs = programs();
        assumeTrue(programs.size() > 1, "no programs");
        List<String> command = new ArrayList<>(List.of("readelf", "-W", "-lhdS", "--dyn-syms"));
        programs.forEach(path -> command.add(path.toString()));
        String[] shown = Tools.run(command).split("(?m)^File: ");
        assertThat(shown).hasSize(programs.size() + 1);

        List<String> differences = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            compare(programs.get(i), shown[i + 1], differences);
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void knowsEachCheckingTwinThatThisMachinesLibraryExports() throws IOException, InterruptedException {
        assumeTrue(Tools.has("readelf"), "no readelf");
        Path library = C_LIBRARIES.stream().filter(Files::exists).findFirst().orElse(null);
        assumeTrue(library != null, "no glibc");
        Set<String> known = new HashSet<>(KnownSymbols.FORTIFIABLE);
        known.addAll(KnownSymbols.FORTIFIABLE_LATER);

        Set<String> exported = new HashSet<>();
        var twins = TWIN.matcher(Tools.run(List.of("readelf", "-W", "--dyn-syms", library.toString())));
        while (twins.find()) {
            exported.add(twins.group(1));
        }

        assertThat(exported).contains("memcpy").isSubsetOf(known);
    }

    private static List<Path> programs() throws IOException {
        List<Path> programs = new ArrayList<>();
        try (Stream<Path> all = Files.list(PROGRAMS)) {
            for (Path path : (Iterable<Path>) all.sorted()::iterator) {
                if (programs.size() < FILES
                        && Files.isRegularFile(path)
                        && !Files.isSymbolicLink(path)
                        && Files.size(path) < 4 << 20
                        && ElfReader.read(Files.readAllBytes(path)) instanceof Decoded.Value<ElfFile>) {
                    programs.add(path);
                }
            }
        }
        return programs;
    }

    private static void compare(Path path, String text, List<String> differences) throws IOException {
        assertThat(text).startsWith(path.toString());
        ElfHardening verdict = ElfHardening.of(Elfs.read(Files.readAllBytes(path)));
        if (verdict.identity().staticallyLinked()) {
            // readelf cannot say more of these than that there is no dynamic symbol; nor can a simple rule about it.
            return;
        }
        Shown shown = shown(text);
        Shown ours = new Shown(
                verdict.relro().level(),
                verdict.canary().answer() == Property.Answer.YES,
                verdict.nx().answer() == Property.Answer.YES,
                verdict.pie().answer() == Property.Answer.YES,
                verdict.pie().answer() == Property.Answer.NO);
        if (!ours.equals(shown)) {
            differences.add(path + ": " + ours + ", readelf shows " + shown);
        }
    }

    private static Shown shown(String text) {
        Relro.Level relro = Relro.Level.NONE;
        if (RELRO.matcher(text).find()) {
            relro = BIND_NOW.matcher(text).find() ? Relro.Level.FULL : Relro.Level.PARTIAL;
        }
        var stack = STACK.matcher(text);
        return new Shown(
                relro,
                GUARD.matcher(text).find(),
                stack.find() && !stack.group(1).toUpperCase(Locale.ROOT).contains("E"),
                text.contains("DYN (Position-Independent Executable file)"),
                text.contains("EXEC (Executable file)"));
    }
}
