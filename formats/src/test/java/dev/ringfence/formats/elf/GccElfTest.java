package dev.ringfence.formats.elf;

import static dev.ringfence.formats.elf.Property.Answer.NO;
import static dev.ringfence.formats.elf.Property.Answer.NOT_APPLICABLE;
import static dev.ringfence.formats.elf.Property.Answer.UNSEEN;
import static dev.ringfence.formats.elf.Property.Answer.YES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.elf.LibrarySearch.Settings;
import dev.ringfence.formats.elf.LibrarySearch.Source;
import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judges files that this machine's GCC builds with and without each option, where there is a GCC. */
class GccElfTest {
    private static final String PROGRAM = """
            #include <string.h>
            #include <stdio.h>
            int main(int argc, char **argv) {
                char copy[64];
                strcpy(copy, argv[argc - 1]);
                printf("%s\\n", copy);
                return 0;
            }
            """;
    private static final String LARGE_FRAME = """
            int fill(char *, unsigned long);
            int large(void) { char buffer[40000]; return fill(buffer, sizeof buffer); }
            """;

    @TempDir
    Path directory;

    private Path source = Path.of("");

    @BeforeAll
    static void needsGcc() {
        assumeTrue(Tools.has("gcc") && Tools.has("strip") && Tools.has("objcopy"), "no compiler");
    }

    @BeforeEach
    void writeProgram() throws IOException {
        source = Files.writeString(directory.resolve("program.c"), PROGRAM);
    }

    private Path gcc(String name, String... options) throws IOException, InterruptedException {
        Path output = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of("gcc", "-w", "-o", output.toString()));
        command.addAll(Arrays.asList(options));
        Tools.run(command);
        return output;
    }

    private ElfHardening program(String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        all.add(source.toString());
        return judge(gcc("program", all.toArray(String[]::new)));
    }

    private static ElfHardening judge(Path path) throws IOException {
        return ElfHardening.of(Elfs.read(Files.readAllBytes(path)));
    }

    @Test
    void seesEveryProtection() throws IOException, InterruptedException {
        ElfHardening verdict = program(
                "-O2",
                "-fPIE",
                "-pie",
                "-fstack-protector-all",
                "-U_FORTIFY_SOURCE",
                "-D_FORTIFY_SOURCE=2",
                "-Wl,-z,relro,-z,now,-z,noexecstack");

        assertThat(verdict.relro().level()).isEqualTo(Relro.Level.FULL);
        assertThat(verdict.canary().answer()).isEqualTo(YES);
        assertThat(verdict.nx().answer()).isEqualTo(YES);
        assertThat(verdict.pie().answer()).isEqualTo(YES);
        assertThat(verdict.bindNow().answer()).isEqualTo(YES);
        assertThat(verdict.stripped().answer()).isEqualTo(NO);
        assertThat(verdict.identity().kind()).isEqualTo(ElfKind.PIE_EXECUTABLE);
        assertThat(verdict.identity().language()).isEqualTo(Language.OTHER);
        // Only glibc has the checking twins.
        if (verdict.identity().needed().contains("libc.so.6")) {
            assertThat(verdict.fortify().fortified()).contains("strcpy");
            assertThat(verdict.fortify().used().answer()).isEqualTo(YES);
        }
    }

    @Test
    void seesEveryLack() throws IOException, InterruptedException {
        ElfHardening verdict = program(
                "-O2",
                "-fno-pie",
                "-no-pie",
                "-fno-stack-protector",
                "-U_FORTIFY_SOURCE",
                "-Wl,-z,norelro,-z,lazy,-z,execstack");

        assertThat(verdict.relro().level()).isEqualTo(Relro.Level.NONE);
        assertThat(verdict.canary().answer()).isEqualTo(NO);
        assertThat(verdict.nx().answer()).isEqualTo(NO);
        assertThat(verdict.pie().answer()).isEqualTo(NO);
        assertThat(verdict.bindNow().answer()).isEqualTo(NO);
        assertThat(verdict.fortify().fortified()).isEmpty();
        if (verdict.identity().needed().contains("libc.so.6")) {
            assertThat(verdict.fortify().unfortified()).contains("strcpy");
            assertThat(verdict.fortify().used().answer()).isEqualTo(NO);
        }
    }

    @Test
    void seesPartialRelro() throws IOException, InterruptedException {
        assertThat(program("-Wl,-z,relro,-z,lazy").relro().level()).isEqualTo(Relro.Level.PARTIAL);
    }

    @Test
    void readsTheSameWithoutSectionHeaders() throws IOException, InterruptedException {
        for (String style : List.of("gnu", "sysv", "both")) {
            Path path = gcc("program", "-fstack-protector-all", "-Wl,--hash-style=" + style, source.toString());
            byte[] image = Files.readAllBytes(path);
            ElfHardening with = ElfHardening.of(Elfs.read(image));
            // e_shoff, e_shnum and e_shstrndx of a 64-bit file, as sstrip clears them.
            assumeTrue(with.identity().bits() == 64, "not a 64-bit machine");
            Arrays.fill(image, 40, 48, (byte) 0);
            Arrays.fill(image, 60, 64, (byte) 0);

            ElfHardening without = ElfHardening.of(Elfs.read(image));

            assertThat(without.canary()).as(style).isEqualTo(with.canary());
            assertThat(without.fortify()).as(style).isEqualTo(with.fortify());
            assertThat(without.relro()).as(style).isEqualTo(with.relro());
            assertThat(without.identity().needed()).isEqualTo(with.identity().needed());
            assertThat(without.stripped().answer()).isEqualTo(YES);
        }
    }

    @Test
    void seesStaticProgramsAsWhatTheyAre() throws IOException, InterruptedException {
        assumeTrue(links("-static"), "no static C library");
        ElfHardening fixed = program("-static", "-no-pie", "-fno-stack-protector", "-Wl,-z,lazy");
        assertThat(fixed.identity().staticallyLinked()).isTrue();
        assertThat(fixed.identity().kind()).isEqualTo(ElfKind.EXECUTABLE);
        assertThat(fixed.pie().answer()).isEqualTo(NO);
        assertThat(fixed.bindNow().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(fixed.canary().answer()).isNotEqualTo(YES);
        assertThat(fixed.fortify().used().answer()).isIn(UNSEEN, NOT_APPLICABLE);
        assertThat(program("-static", "-no-pie", "-Wl,-z,norelro").relro().level())
                .isEqualTo(Relro.Level.NONE);
        assertThat(program("-static", "-no-pie", "-Wl,-z,relro,-z,now").relro().level())
                .isEqualTo(Relro.Level.FULL);

        ElfHardening pie = program("-static-pie", "-fPIE");
        assertThat(pie.identity().staticallyLinked()).isTrue();
        assertThat(pie.identity().kind()).isEqualTo(ElfKind.PIE_EXECUTABLE);
        assertThat(pie.pie().answer()).isEqualTo(YES);
    }

    private boolean links(String option) throws InterruptedException {
        try {
            gcc("probe", option, source.toString());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void seesObjectsStrippedFilesAndDebugFiles() throws IOException, InterruptedException {
        Path object = gcc("program.o", "-c", "-fstack-protector-all", source.toString());
        assertThat(judge(object).identity().kind()).isEqualTo(ElfKind.RELOCATABLE);
        assertThat(judge(object).canary().answer()).isEqualTo(YES);
        Path bare = gcc("bare.o", "-c", "-fno-stack-protector", source.toString());
        assertThat(judge(bare).canary().answer()).isEqualTo(NO);

        Path program = gcc("program", "-g", source.toString());
        Path debug = directory.resolve("program.debug");
        Tools.run(List.of("objcopy", "--only-keep-debug", program.toString(), debug.toString()));
        assertThat(judge(debug).identity().kind()).isEqualTo(ElfKind.DEBUG_ONLY);
        assertThat(judge(debug).relro().level()).isEqualTo(Relro.Level.NOT_APPLICABLE);
        assertThat(judge(debug).identity().buildId())
                .isEqualTo(judge(program).identity().buildId());
        Tools.run(List.of("strip", program.toString()));
        assertThat(judge(program).stripped().answer()).isEqualTo(YES);
    }

    @Test
    void seesControlFlowProtectionMarks() throws IOException, InterruptedException {
        assumeTrue(judge(gcc("probe", source.toString())).identity().machine().x86(), "not x86");
        ElfHardening marked = program("-Wl,-z,ibt,-z,shstk");
        assertThat(marked.ibt().answer()).isEqualTo(YES);
        assertThat(marked.shstk().answer()).isEqualTo(YES);
        assertThat(marked.bti().answer()).isEqualTo(NOT_APPLICABLE);

        ElfHardening half = program("-fcf-protection=none", "-Wl,-z,shstk");
        assertThat(half.ibt().answer()).isEqualTo(NO);
        assertThat(half.shstk().answer()).isEqualTo(YES);
    }

    @Test
    void seesStackClashProtectionInCode() throws IOException, InterruptedException {
        assumeTrue(
                judge(gcc("probe", source.toString())).identity().machine().number() == ElfMachine.X86_64,
                "not x86-64");
        Path large = Files.writeString(directory.resolve("large.c"), LARGE_FRAME);
        for (String level : List.of("-O0", "-O2")) {
            Path probed = gcc("probed.so", "-shared", "-fPIC", level, "-fstack-clash-protection", large.toString());
            assertThat(withCode(probed).stackClash().answer()).isEqualTo(YES);
            assertThat(judge(probed).stackClash().answer()).isEqualTo(UNSEEN);
            Path bare = gcc("bare.so", "-shared", "-fPIC", level, "-fno-stack-clash-protection", large.toString());
            assertThat(withCode(bare).stackClash().answer()).isEqualTo(NO);
        }
        Path small = gcc("small.so", "-shared", "-fPIC", "-fno-stack-clash-protection", source.toString());
        assertThat(withCode(small).stackClash().answer()).isEqualTo(UNSEEN);
    }

    private static ElfHardening withCode(Path path) throws IOException {
        return switch (ElfReader.readWithCode(ByteSource.of(Files.readAllBytes(path)))) {
            case Decoded.Value<ElfFile>(ElfFile file) -> ElfHardening.of(file);
            case Decoded.Refused<ElfFile>(var refusal) -> throw new AssertionError(refusal.toString());
        };
    }

    @Test
    void findsLibrariesBesideTheProgram() throws IOException, InterruptedException {
        Path code = Files.writeString(directory.resolve("one.c"), "int one(void) { return 1; }\n");
        Path user = Files.writeString(directory.resolve("user.c"), "int one(void); int main(void) { return one(); }\n");
        Files.createDirectory(directory.resolve("lib"));
        Path library = gcc("lib/libone.so", "-shared", "-fPIC", "-Wl,-soname,libone.so.1", code.toString());
        Files.move(library, directory.resolve("lib/libone.so.1"));
        Files.createSymbolicLink(library, Path.of("libone.so.1"));
        for (boolean newTags : new boolean[] {true, false}) {
            Path program = gcc(
                    "user",
                    user.toString(),
                    "-L" + directory.resolve("lib"),
                    "-lone",
                    newTags ? "-Wl,--enable-new-dtags" : "-Wl,--disable-new-dtags",
                    "-Wl,-rpath,$ORIGIN/lib");
            ElfFile file = Elfs.read(Files.readAllBytes(program));
            assertThat(newTags ? file.identity().runpath() : file.identity().rpath())
                    .isEqualTo("$ORIGIN/lib");
            assertThat(newTags ? file.identity().rpath() : file.identity().runpath())
                    .isNull();

            var closure = NeededLibraries.of(
                    program.toString(), file, Settings.of(file.identity(), List.of()), GccElfTest::open);

            assertThat(closure.missing()).isEmpty();
            assertThat(closure.libraries())
                    .filteredOn(each -> each.name().equals("libone.so.1"))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.path()).isEqualTo(directory + "/lib/libone.so.1");
                        assertThat(each.source()).isEqualTo(newTags ? Source.RUNPATH : Source.RPATH);
                    });
        }
    }

    private static Optional<ElfFile> open(String path) {
        try {
            Path file = Path.of(path);
            return Files.isRegularFile(file)
                            && ElfReader.read(Files.readAllBytes(file)) instanceof Decoded.Value<ElfFile>(ElfFile found)
                    ? Optional.of(found)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
