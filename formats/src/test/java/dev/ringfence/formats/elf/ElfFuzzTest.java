package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.io.ByteSource;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ElfFuzzTest {
    private static List<byte[]> samples() {
        List<byte[]> samples = new ArrayList<>();
        for (int bits : new int[] {32, 64}) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                for (ElfWriter.Count count : ElfWriter.Count.values()) {
                    for (int type : new int[] {1, 2, 3}) {
                        samples.add(sample(bits, order, count, type));
                    }
                }
            }
        }
        return samples;
    }

    private static byte[] sample(int bits, ByteOrder order, ElfWriter.Count count, int type) {
        ElfWriter writer = new ElfWriter(bits, order);
        writer.type = type;
        writer.machine = bits == 64 ? ElfMachine.X86_64 : ElfMachine.I386;
        writer.count = count;
        writer.sections = count != ElfWriter.Count.GNU_HASH;
        writer.soname = type == 3 ? "libx.so" : null;
        writer.rpath = "$ORIGIN:/x";
        writer.imports = List.of("__stack_chk_fail", "__memcpy_chk", "strcpy");
        writer.exports = List.of("one", "__stack_chk_fail");
        writer.symbols = List.of("main");
        writer.entries = List.of(new long[] {30, 8}, new long[] {21, 0});
        writer.notes = List.of(writer.note("GNU", 3, new byte[20]), writer.property(0xc0000002, 3));
        writer.section(".comment", 1, 0, new byte[16]).section(".rodata", 1, 2, new byte[64]);
        return writer.build();
    }

    private static void readAndJudge(byte[] image) {
        try {
            ElfReader.read(image);
            if (ElfReader.readWithCode(ByteSource.of(image)) instanceof Decoded.Value<ElfFile>(ElfFile file)) {
                ElfHardening.of(file);
                LibrarySearch.workingDirectoryPaths(file.identity());
                var settings = LibrarySearch.Settings.of(file.identity(), List.of("/opt"));
                NeededLibraries.of(
                        "/x", file, settings, path -> path.contains("c.so") ? Optional.of(file) : Optional.empty());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void neverThrowsForMutatedFiles() {
        Fuzz.bytes(samples(), 12_000, ElfFuzzTest::readAndJudge);
    }

    @Test
    void neverThrowsForFilesCutAnywhere() {
        for (byte[] sample : samples()) {
            for (int length = 0; length < sample.length; length++) {
                readAndJudge(Arrays.copyOf(sample, length));
            }
        }
    }

    @Test
    void refusesLoadableFilesCutAnywhere() {
        byte[] sample = sample(64, ByteOrder.LITTLE_ENDIAN, ElfWriter.Count.HASH, 3);
        assertThat(ElfReader.read(sample)).isInstanceOf(Decoded.Value.class);
        for (int length = 0; length < sample.length; length++) {
            assertThat(ElfReader.read(Arrays.copyOf(sample, length)))
                    .as("first %d bytes", length)
                    .isInstanceOf(Decoded.Refused.class);
        }
    }

    @Test
    void neverThrowsForAnyByteOfTheHeadersChanged() {
        for (byte[] sample : samples()) {
            for (int at = 4; at < Math.min(sample.length, 64 + 12 * 56); at++) {
                for (int value : new int[] {0, 0x7f, 0xff}) {
                    byte[] image = sample.clone();
                    image[at] = (byte) value;
                    readAndJudge(image);
                }
            }
        }
    }
}
