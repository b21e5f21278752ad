package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.io.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ElfReaderTest {
    static Stream<Arguments> layouts() {
        return Stream.of(
                Arguments.of(32, ByteOrder.LITTLE_ENDIAN, ElfMachine.I386),
                Arguments.of(32, ByteOrder.BIG_ENDIAN, 20),
                Arguments.of(64, ByteOrder.LITTLE_ENDIAN, ElfMachine.AARCH64),
                Arguments.of(64, ByteOrder.BIG_ENDIAN, ElfMachine.S390));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void readsEachClassAndByteOrder(int bits, ByteOrder order, int machine) {
        ElfWriter writer = new ElfWriter(bits, order);
        writer.machine = machine;
        writer.soname = "libself.so.1";
        writer.rpath = "/opt/a:/opt/b";
        writer.runpath = "$ORIGIN/../lib";
        writer.needed = List.of("libz.so.1", "libc.so.6");
        writer.imports = List.of("__stack_chk_fail", "__memcpy_chk", "strcpy", "strlen");
        writer.entries = List.of(new long[] {24, 0});
        writer.notes = List.of(writer.note("GNU", 3, new byte[] {(byte) 0xab, 1, 2, (byte) 0xff}));

        ElfFile file = Elfs.read(writer.build());

        ElfIdentity identity = file.identity();
        assertThat(identity.bits()).isEqualTo(bits);
        assertThat(identity.order()).isEqualTo(order);
        assertThat(identity.machine()).isEqualTo(new ElfMachine(machine));
        assertThat(identity.type()).isEqualTo(ElfType.SHARED_OBJECT);
        assertThat(identity.kind()).isEqualTo(ElfKind.SHARED_LIBRARY);
        assertThat(identity.interpreter()).isEqualTo("/lib64/ld-linux-x86-64.so.2");
        assertThat(identity.soname()).isEqualTo("libself.so.1");
        assertThat(identity.rpath()).isEqualTo("/opt/a:/opt/b");
        assertThat(identity.runpath()).isEqualTo("$ORIGIN/../lib");
        assertThat(identity.needed()).containsExactly("libz.so.1", "libc.so.6");
        assertThat(identity.buildId()).isEqualTo("ab0102ff");
        assertThat(file.bindNow()).isTrue();
        assertThat(file.symbols())
                .isEqualTo(new SymbolFacts(
                        SymbolFacts.Table.DYNAMIC, true, false, false, List.of("memcpy"), List.of("strcpy")));
    }

    @ParameterizedTest
    @EnumSource(ElfWriter.Count.class)
    void countsDynamicSymbolsWithoutSectionHeaders(ElfWriter.Count count) {
        for (int bits : new int[] {32, 64}) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                ElfWriter writer = new ElfWriter(bits, order);
                writer.count = count;
                writer.sections = count == ElfWriter.Count.SECTION_HEADER;
                writer.imports = List.of("puts", "__snprintf_chk", "__stack_chk_fail");
                writer.exports = count == ElfWriter.Count.RELOCATIONS ? List.of() : List.of("one", "two", "three");

                SymbolFacts symbols = Elfs.read(writer.build()).symbols();

                assertThat(symbols.importsGuard())
                        .as("%s %d %s", count, bits, order)
                        .isTrue();
                assertThat(symbols.fortified()).containsExactly("snprintf");
            }
        }
    }

    @Test
    void readsTheWideHashTableOf64BitS390() {
        ElfWriter writer = new ElfWriter(64, ByteOrder.BIG_ENDIAN);
        writer.machine = ElfMachine.S390;
        writer.count = ElfWriter.Count.HASH;
        writer.sections = false;
        writer.imports = List.of("puts", "__stack_chk_fail");

        assertThat(Elfs.read(writer.build()).symbols().importsGuard()).isTrue();
    }

    @Test
    void findsANameThatIsTheTailOfAnother() {
        ElfWriter writer = ElfWriter.program();
        writer.imports = List.of("pthread", "x");
        byte[] image = writer.build();
        // The second symbol's name becomes the tail of the first one's.
        int first = Elfs.patch(image).getInt(writer.at("dynsym") + 24);
        Elfs.patch(image).putInt(writer.at("dynsym") + 48, first + 3);

        assertThat(Elfs.read(image).symbols().unfortified()).containsExactly("read");
    }

    @Test
    void readsOnlyTheTablesOfALargeFile() throws IOException {
        ElfWriter writer = ElfWriter.program();
        writer.imports = List.of("__stack_chk_fail");
        writer.text = new byte[40 << 20];
        byte[] image = writer.build();
        long[] touched = {0};
        ByteSource counting = new ByteSource() {
            @Override
            public long sizeBytes() {
                return image.length;
            }

            @Override
            public void read(long offset, byte[] into, int at, int length) {
                touched[0] += length;
                System.arraycopy(image, (int) offset, into, at, length);
            }
        };

        Decoded<ElfFile> decoded = ElfReader.read(counting);

        assertThat(decoded).isInstanceOf(Decoded.Value.class);
        assertThat(touched[0]).isLessThan(64 << 10);
    }

    @Test
    void readsAMemorySegment() throws IOException {
        byte[] image = ElfWriter.program().build();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(image.length);
            segment.copyFrom(MemorySegment.ofArray(image));

            assertThat(ElfReader.read(ByteSource.of(segment))).isEqualTo(ElfReader.read(image));
        }
    }

    @Test
    void passesOnThatTheSourceFailed() {
        ByteSource failing = new ByteSource() {
            @Override
            public long sizeBytes() {
                return 4096;
            }

            @Override
            public void read(long offset, byte[] into, int at, int length) throws IOException {
                throw new EOFException("the file shrank");
            }
        };

        Assertions.assertThatIOException()
                .isThrownBy(() -> ElfReader.read(failing))
                .withMessage("the file shrank");
    }

    @Test
    void tellsKindsApart() {
        assertThat(kind(ElfWriter.program())).isEqualTo(ElfKind.PIE_EXECUTABLE);

        ElfWriter fixed = ElfWriter.program();
        fixed.type = 2;
        assertThat(kind(fixed)).isEqualTo(ElfKind.EXECUTABLE);

        // As the C library: it has an interpreter, and is a library all the same.
        ElfWriter library = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        library.soname = "libc.so.6";
        assertThat(kind(library)).isEqualTo(ElfKind.SHARED_LIBRARY);

        // As an older linker marked it: DT_DEBUG, no DF_1_PIE.
        ElfWriter old = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        old.entries = List.of(new long[] {21, 0});
        assertThat(kind(old)).isEqualTo(ElfKind.PIE_EXECUTABLE);

        // On MIPS in its place DT_MIPS_RLD_MAP_REL, a number that other machines do not know.
        ElfWriter mips = new ElfWriter(32, ByteOrder.BIG_ENDIAN);
        mips.entries = List.of(new long[] {0x70000035L, 0});
        mips.machine = ElfMachine.MIPS;
        assertThat(kind(mips)).isEqualTo(ElfKind.PIE_EXECUTABLE);
        ElfWriter other = new ElfWriter(32, ByteOrder.BIG_ENDIAN);
        other.entries = mips.entries;
        other.machine = 20;
        assertThat(kind(other)).isEqualTo(ElfKind.SHARED_LIBRARY);

        ElfWriter object = ElfWriter.program();
        object.type = 1;
        assertThat(kind(object)).isEqualTo(ElfKind.RELOCATABLE);

        ElfWriter module = ElfWriter.program().section(".modinfo", 1, 2, new byte[8]);
        module.type = 1;
        assertThat(kind(module)).isEqualTo(ElfKind.KERNEL_MODULE);

        ElfWriter core = ElfWriter.program();
        core.type = 4;
        assertThat(kind(core)).isEqualTo(ElfKind.CORE);

        ElfWriter unknown = ElfWriter.program();
        unknown.type = 0xfe00;
        assertThat(kind(unknown)).isEqualTo(ElfKind.OTHER);
    }

    @Test
    void tellsADebugFileFromTheProgramItBelongsTo() {
        ElfWriter program = ElfWriter.program().section(".text", 1, 6, new byte[8]);
        assertThat(kind(program)).isEqualTo(ElfKind.PIE_EXECUTABLE);

        ElfWriter debug = ElfWriter.program().section(".text", 8, 6, new byte[8]);
        assertThat(kind(debug)).isEqualTo(ElfKind.DEBUG_ONLY);
    }

    @Test
    void readsACoreFileThatWasCutShort() {
        ElfWriter core = ElfWriter.program();
        core.type = 4;
        byte[] image = core.build();

        assertThat(Elfs.read(Arrays.copyOf(image, 100)).identity().kind()).isEqualTo(ElfKind.CORE);
    }

    @Test
    void tellsStaticProgramsFromDynamicOnes() {
        ElfWriter fixed = ElfWriter.program();
        fixed.type = 2;
        fixed.dynamic = false;
        fixed.interpreter = null;
        assertThat(Elfs.read(fixed.build()).identity().staticallyLinked()).isTrue();

        ElfWriter pie = ElfWriter.program();
        pie.interpreter = null;
        pie.needed = List.of();
        ElfIdentity identity = Elfs.read(pie.build()).identity();
        assertThat(identity.staticallyLinked()).isTrue();
        assertThat(identity.kind()).isEqualTo(ElfKind.PIE_EXECUTABLE);

        assertThat(Elfs.read(ElfWriter.program().build()).identity().staticallyLinked())
                .isFalse();
    }

    @Test
    void hintsAtTheLanguage() {
        ElfWriter go = ElfWriter.program();
        go.notes = List.of(go.note("Go\0", 4, new byte[8]));
        assertThat(language(go)).isEqualTo(Language.GO);
        assertThat(language(ElfWriter.program().section(".gopclntab", 1, 2, new byte[8])))
                .isEqualTo(Language.GO);
        assertThat(language(ElfWriter.program().section(".comment", 1, 0, ascii("rustc version 1.80.0 (x)\0"))))
                .isEqualTo(Language.RUST);
        assertThat(language(ElfWriter.program().section(".rodata", 1, 2, rustConstants(0))))
                .isEqualTo(Language.RUST);
        // Across the border of two chunks.
        assertThat(language(ElfWriter.program().section(".rodata", 1, 2, rustConstants((1 << 16) - 60))))
                .isEqualTo(Language.RUST);
        assertThat(language(ElfWriter.program().section(".comment", 1, 0, ascii("GCC: (Debian) 12.2.0\0"))))
                .isEqualTo(Language.OTHER);
        assertThat(language(ElfWriter.program().section(".rodata", 1, 2, ascii("library/"))))
                .isEqualTo(Language.OTHER);
    }

    private static byte[] rustConstants(int before) {
        return ascii("x".repeat(before) + "/rustc/0123456789abcdef0123456789abcdef01234567/library/core/src/fmt.rs");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ElfKind kind(ElfWriter writer) {
        return Elfs.read(writer.build()).identity().kind();
    }

    private static Language language(ElfWriter writer) {
        return Elfs.read(writer.build()).identity().language();
    }
}
