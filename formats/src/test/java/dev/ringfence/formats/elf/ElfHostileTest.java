package dev.ringfence.formats.elf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test changes one number of a good image. Offsets are those of 64-bit little-endian files. */
class ElfHostileTest {
    private static final int E_PHOFF = 32;
    private static final int E_SHOFF = 40;
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int E_SHENTSIZE = 58;
    private static final int E_SHNUM = 60;
    private static final int E_SHSTRNDX = 62;

    private final ElfWriter writer = ElfWriter.program();

    private byte[] good() {
        writer.imports = List.of("__stack_chk_fail", "puts");
        writer.exports = List.of("export");
        return writer.build();
    }

    @Test
    void acceptsTheImageThatTheOthersBreak() {
        assertThat(Elfs.read(good()).symbols().importsGuard()).isTrue();
    }

    @Test
    void refusesWhatIsNotElf() {
        Elfs.refuses(new byte[0], "RF-ELF-001");
        Elfs.refuses(new byte[] {0x7f, 'E', 'L'}, "RF-ELF-001");
        Elfs.refuses("#!/bin/sh\nexit 0\n".getBytes(US_ASCII), "RF-ELF-001");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 15, 16, 63})
    void refusesAHeaderThatIsCut(int length) {
        Elfs.refuses(Arrays.copyOf(good(), length), "RF-ELF-002");
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "4, 3", "5, 0", "5, 3", "6, 0", "6, 2"})
    void refusesUnknownIdentification(int at, byte value) {
        byte[] image = good();
        image[at] = value;
        Elfs.refuses(image, "RF-ELF-003");
    }

    @ParameterizedTest
    @CsvSource({E_PHENTSIZE + ", 0", E_PHENTSIZE + ", 32", E_SHENTSIZE + ", 0", E_SHENTSIZE + ", 65"})
    void refusesWrongEntrySizes(int at, short value) {
        byte[] image = good();
        Elfs.patch(image).putShort(at, value);
        Elfs.refuses(image, "RF-ELF-004");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 100, 1 << 20})
    void refusesTablesOutsideTheFile(long offset) {
        byte[] programHeaders = good();
        Elfs.patch(programHeaders).putLong(E_PHOFF, offset);
        Elfs.refuses(programHeaders, "RF-ELF-005");

        byte[] sectionHeaders = programHeaders.clone();
        Elfs.patch(sectionHeaders).putLong(E_PHOFF, 64).putLong(E_SHOFF, offset);
        Elfs.refuses(sectionHeaders, "RF-ELF-006");
    }

    @Test
    void refusesASectionNameTableThatIsNoSection() {
        byte[] image = good();
        Elfs.patch(image).putShort(E_SHSTRNDX, (short) 4000);
        Elfs.refuses(image, "RF-ELF-006");
    }

    @Test
    void readsExtendedNumbering() {
        byte[] image = good();
        ByteBuffer patch = Elfs.patch(image);
        int sections = writer.at("shdr");
        patch.putLong(sections + 32, patch.getShort(E_SHNUM)).putShort(E_SHNUM, (short) 0);
        patch.putInt(sections + 40, patch.getShort(E_SHSTRNDX)).putShort(E_SHSTRNDX, (short) 0xffff);
        patch.putInt(sections + 44, patch.getShort(E_PHNUM)).putShort(E_PHNUM, (short) 0xffff);

        ElfFile file = Elfs.read(image);

        assertThat(file.symbols().importsGuard()).isTrue();
        assertThat(file.symbolTable()).isTrue();
        assertThat(file.identity().interpreter()).isNotNull();
    }

    @Test
    void refusesExtendedNumbersAboveTheLimits() {
        byte[] manySegments = good();
        Elfs.patch(manySegments).putShort(E_PHNUM, (short) 0xffff).putInt(writer.at("shdr") + 44, Integer.MAX_VALUE);
        Elfs.refuses(manySegments, "RF-ELF-011");

        byte[] manySections = manySegments.clone();
        Elfs.patch(manySections).putShort(E_PHNUM, (short) 1).putShort(E_SHNUM, (short) 0);
        for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, (1 << 20) + 1}) {
            Elfs.patch(manySections).putLong(writer.at("shdr") + 32, count);
            Elfs.refuses(manySections, "RF-ELF-011");
        }
    }

    @Test
    void refusesPnXnumWithoutSections() {
        writer.sections = false;
        writer.count = ElfWriter.Count.HASH;
        byte[] image = good();
        Elfs.patch(image).putShort(E_PHNUM, (short) 0xffff);
        Elfs.refuses(image, "RF-ELF-011");
    }

    @Test
    void refusesAFileThatIsCutInALoadedSegment() {
        writer.sections = false;
        writer.count = ElfWriter.Count.HASH;
        byte[] image = good();
        Elfs.refuses(Arrays.copyOf(image, image.length - 1), "RF-ELF-007");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20})
    void refusesADynamicTableWhoseAddressIsNowhere(long address) {
        for (int tag : new int[] {5, 6}) {
            ElfWriter fresh = ElfWriter.program();
            fresh.imports = List.of("puts");
            byte[] image = fresh.build();
            patchDynamic(fresh, image, tag, address);
            Elfs.refuses(image, "RF-ELF-008");
        }
        for (ElfWriter.Count count : List.of(ElfWriter.Count.HASH, ElfWriter.Count.GNU_HASH)) {
            ElfWriter fresh = ElfWriter.program();
            fresh.sections = false;
            fresh.count = count;
            byte[] image = fresh.build();
            patchDynamic(fresh, image, count == ElfWriter.Count.HASH ? 4 : 0x6ffffef5L, address);
            Elfs.refuses(image, "RF-ELF-008");
        }
    }

    @Test
    void readsTheDynamicSectionWhereTheLoaderFindsIt() {
        writer.runpath = "/evil";
        byte[] image = good();
        ByteBuffer patch = Elfs.patch(image);
        int header = dynamicHeader(patch);
        // Offset and size that would hide the search path from readers that go by them.
        patch.putLong(header + 8, 0).putLong(header + 32, 16);
        assertThat(Elfs.read(image).identity().runpath()).isEqualTo("/evil");

        patch.putLong(header + 16, 1 << 30);
        Elfs.refuses(image, "RF-ELF-008");
    }

    private static int dynamicHeader(ByteBuffer image) {
        int at = 64;
        while (image.getInt(at) != 2) {
            at += 56;
        }
        return at;
    }

    @Test
    void refusesNamesOutsideTheirTable() {
        for (int tag : new int[] {1, 14, 15, 29}) {
            for (long name : new long[] {4096, -2, Long.MIN_VALUE}) {
                ElfWriter fresh = ElfWriter.program();
                fresh.soname = "a";
                fresh.rpath = "b";
                fresh.runpath = "c";
                byte[] image = fresh.build();
                patchDynamic(fresh, image, tag, name);
                Elfs.refuses(image, "RF-ELF-009");
            }
        }
        byte[] image = good();
        Elfs.patch(image).putInt(writer.at("dynsym") + 24, 1 << 20);
        Elfs.refuses(image, "RF-ELF-009");
    }

    @Test
    void refusesStringsWithoutEnd() {
        byte[] name = good();
        patchDynamic(writer, name, 10, 5);
        Elfs.refuses(name, "RF-ELF-009");

        byte[] loader = name.clone();
        patchDynamic(writer, loader, 10, 40);
        loader[writer.at("interp") + "/lib64/ld-linux-x86-64.so.2".length()] = 'x';
        Elfs.refuses(loader, "RF-ELF-009");
    }

    @Test
    void refusesNamesThatAreTooLong() {
        writer.interpreter = "/" + "x".repeat(5000);
        Elfs.refuses(good(), "RF-ELF-011");

        ElfWriter paths = ElfWriter.program();
        paths.runpath = "/x:".repeat(30_000);
        Elfs.refuses(paths.build(), "RF-ELF-011");

        ElfWriter longPaths = ElfWriter.program();
        longPaths.runpath = "/x:".repeat(20_000);
        assertThat(Elfs.read(longPaths.build()).identity().runpath()).hasSize(60_000);
    }

    @Test
    void refusesTwoOfASingleSegment() {
        byte[] image = good();
        ByteBuffer patch = Elfs.patch(image);
        int count = patch.getShort(E_PHNUM);
        // The unused room after the table takes a second, executable stack.
        int at = 64 + count * 56;
        patch.putInt(at, 0x6474e551).putInt(at + 4, 7).putShort(E_PHNUM, (short) (count + 1));
        Elfs.refuses(image, "RF-ELF-012");

        patch.putInt(at, 4);
        assertThat(Elfs.read(image).segments()).hasSize(count + 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0xffffffff", "0, 0x7fffffff", "4, 0xffffffff", "4, 5", "0, 400"})
    void refusesNotesThatRunOn(int field, String value) {
        writer.notes = List.of(writer.note("GNU", 3, new byte[4]));
        byte[] image = good();
        Elfs.patch(image).putInt(writer.at("notes") + field, (int) (long) Long.decode(value));
        Elfs.refuses(image, "RF-ELF-010");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE, 9})
    void refusesPropertiesThatRunOn(int size) {
        writer.notes = List.of(writer.property(0xc0000002, 3));
        byte[] image = good();
        Elfs.patch(image).putInt(writer.at("notes") + 16 + 4, size);
        Elfs.refuses(image, "RF-ELF-010");
    }

    @Test
    void endsOnNotesOfNoSize() {
        byte[] empty = new byte[12];
        writer.notes = List.of(empty, empty, writer.note("GNU", 3, new byte[] {7}));

        assertThat(Elfs.read(good()).identity().buildId()).isEqualTo("07");
    }

    @Test
    void refusesNotesWithoutEnd() {
        writer.notes = List.of(new byte[12 * 70_000]);
        Elfs.refuses(good(), "RF-ELF-011");
    }

    @Test
    void refusesAHashTableThatClaimsTooManySymbols() {
        writer.sections = false;
        writer.count = ElfWriter.Count.HASH;
        byte[] image = good();
        Elfs.patch(image).putInt(writer.at("hash") + 4, -1);
        Elfs.refuses(image, "RF-ELF-011");
        Elfs.patch(image).putInt(writer.at("hash") + 4, 100_000);
        Elfs.refuses(image, "RF-ELF-008");
    }

    @Test
    void refusesGnuHashTablesThatLie() {
        writer.sections = false;
        writer.count = ElfWriter.Count.GNU_HASH;
        byte[] original = good();
        int hash = writer.at("hash");

        byte[] buckets = original.clone();
        Elfs.patch(buckets).putInt(hash, -1);
        Elfs.refuses(buckets, "RF-ELF-011");

        byte[] bloom = original.clone();
        Elfs.patch(bloom).putInt(hash + 8, -1);
        Elfs.refuses(bloom, "RF-ELF-008");

        byte[] last = original.clone();
        for (int symbol : new int[] {-1, 100_000}) {
            Elfs.patch(last).putInt(hash + 24, symbol);
            Elfs.refuses(last, "RF-ELF-008");
        }
    }

    @Test
    void refusesAChainThatNeverEnds() {
        writer.sections = false;
        writer.count = ElfWriter.Count.GNU_HASH;
        byte[] original = good();
        // A hash table behind the rest of the file: one bucket, no link with an end mark.
        int at = original.length;
        byte[] image = Arrays.copyOf(original, at + 4096);
        ByteBuffer patch = Elfs.patch(image);
        patch.putInt(at, 1).putInt(at + 4, 1).putInt(at + 8, 1).putInt(at + 24, 1);
        for (int link = at + 28; link + 4 <= image.length; link += 4) {
            patch.putInt(link, 2);
        }
        int load = 64 + (patch.getShort(E_PHNUM) - 1) * 56;
        patch.putLong(load + 32, image.length).putLong(load + 40, image.length);
        patchDynamic(writer, image, 0x6ffffef5L, at);
        Elfs.refuses(image, "RF-ELF-008");

        // The third link ends it: symbols 1 to 3.
        patch.putInt(at + 28 + 8, 3);
        assertThat(Elfs.read(image).symbols().importsGuard()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"11, 0", "11, 16", "9, 0", "9, 12", "19, 0"})
    void refusesWrongSizesInTheDynamicSection(long tag, long value) {
        writer.entries = List.of(new long[] {tag, value});
        byte[] image = good();
        if (tag == 11) {
            patchDynamic(writer, image, 11, value);
        }
        Elfs.refuses(image, "RF-ELF-004");
    }

    @Test
    void refusesSymbolsOfNoSizeInTheFullTable() {
        ElfWriter object = ElfWriter.program();
        object.type = 1;
        byte[] image = object.build();
        Elfs.patch(image).putLong(object.at("shdr") + 64 + 56, 0);
        Elfs.refuses(image, "RF-ELF-004");
    }

    @Test
    void readsTablesThatOverlap() {
        byte[] image = good();
        // The dynamic section also serves as the symbol table: nonsense, but within the file.
        patchDynamic(writer, image, 6, writer.at("dynamic"));
        Decoded<ElfFile> decoded = ElfReader.read(image);
        assertThat(decoded).isEqualTo(ElfReader.read(image.clone()));
    }

    @Test
    void refusesAHugeClaimInASparseFileInBoundedMemory() throws IOException {
        byte[] image = good();
        ByteBuffer patch = Elfs.patch(image);
        int dynsym = writer.at("shdr") + 64;
        patch.putLong(dynsym + 32, 24L * ((1 << 22) + 1));

        assertThat(codeOf(ElfReader.read(new Sparse(image, Long.MAX_VALUE / 2))))
                .isEqualTo("RF-ELF-011");

        // A symbol name table that is nearly the whole of a huge file.
        ElfWriter object = ElfWriter.program();
        object.type = 1;
        byte[] other = object.build();
        Elfs.patch(other).putLong(object.at("shdr") + 2 * 64 + 32, 1L << 40);
        assertThat(codeOf(ElfReader.read(new Sparse(other, 1L << 50)))).isEqualTo("RF-ELF-011");
    }

    @Test
    void scansNoMoreCodeThanItsLimit() throws IOException {
        byte[] image = good();
        ByteBuffer patch = Elfs.patch(image);
        int load = 64 + (patch.getShort(E_PHNUM) - 1) * 56;
        patch.putLong(load + 32, 1L << 40).putLong(load + 40, 1L << 40);

        Decoded<ElfFile> decoded = ElfReader.readWithCode(new Sparse(image, 1L << 41));

        CodeFacts code = ((Decoded.Value<ElfFile>) decoded).value().code();
        assertThat(code.scannedBytes()).isEqualTo(64L << 20);
        assertThat(code.complete()).isFalse();
    }

    private static String codeOf(Decoded<ElfFile> decoded) {
        return switch (decoded) {
            case Decoded.Value<ElfFile>(ElfFile file) -> throw new AssertionError("accepted: " + file);
            case Decoded.Refused<ElfFile>(var refusal) -> refusal.code();
        };
    }

    private static void patchDynamic(ElfWriter writer, byte[] image, long tag, long value) {
        ByteBuffer patch = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = writer.at("dynamic"); patch.getLong(at) != 0; at += 16) {
            if (patch.getLong(at) == tag) {
                patch.putLong(at + 8, value);
                return;
            }
        }
        throw new AssertionError("no dynamic entry " + tag);
    }

    /** A small image with zeros behind it. */
    private record Sparse(List<Byte> start, long sizeBytes) implements ByteSource {
        Sparse(byte[] image, long sizeBytes) {
            this(boxed(image), sizeBytes);
        }

        private static List<Byte> boxed(byte[] image) {
            Byte[] boxes = new Byte[image.length];
            Arrays.setAll(boxes, i -> image[i]);
            return List.of(boxes);
        }

        @Override
        public void read(long offset, byte[] into, int at, int length) {
            for (int i = 0; i < length; i++) {
                into[at + i] = offset + i < start.size() ? start.get((int) (offset + i)) : 0;
            }
        }
    }
}
