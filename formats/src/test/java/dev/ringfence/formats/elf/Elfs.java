package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Shorthands for reading in tests. */
final class Elfs {
    private Elfs() {}

    static ElfFile read(byte[] image) {
        return switch (ElfReader.read(image)) {
            case Decoded.Value<ElfFile>(ElfFile file) -> file;
            case Decoded.Refused<ElfFile>(var refusal) -> throw new AssertionError("refused: " + refusal);
        };
    }

    static ElfHardening judge(ElfWriter writer) {
        return ElfHardening.of(read(writer.build()));
    }

    static void refuses(byte[] image, String code) {
        switch (ElfReader.read(image)) {
            case Decoded.Value<ElfFile>(ElfFile file) -> throw new AssertionError("accepted: " + file);
            case Decoded.Refused<ElfFile>(var refusal) ->
                assertThat(refusal.code()).as(refusal.reason()).isEqualTo(code);
        }
    }

    /** The image as little-endian numbers, to change some. */
    static ByteBuffer patch(byte[] image) {
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    }
}
