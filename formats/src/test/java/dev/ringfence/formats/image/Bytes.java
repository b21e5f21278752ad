package dev.ringfence.formats.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An image that is put together, or changed, by hand. */
final class Bytes {
    final byte[] array;
    private final ByteBuffer view;

    private Bytes(byte[] array, ByteOrder order) {
        this.array = array;
        this.view = ByteBuffer.wrap(array).order(order);
    }

    static Bytes littleEndian(int length) {
        return new Bytes(new byte[length], ByteOrder.LITTLE_ENDIAN);
    }

    static Bytes bigEndian(int length) {
        return new Bytes(new byte[length], ByteOrder.BIG_ENDIAN);
    }

    static Bytes littleEndian(byte[] copied) {
        return new Bytes(copied.clone(), ByteOrder.LITTLE_ENDIAN);
    }

    static Bytes bigEndian(byte[] copied) {
        return new Bytes(copied.clone(), ByteOrder.BIG_ENDIAN);
    }

    static byte[] of(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Bytes u8(int at, int value) {
        array[at] = (byte) value;
        return this;
    }

    Bytes u16(int at, int value) {
        view.putShort(at, (short) value);
        return this;
    }

    Bytes u32(int at, long value) {
        view.putInt(at, (int) value);
        return this;
    }

    Bytes u64(int at, long value) {
        view.putLong(at, value);
        return this;
    }

    long u32(int at) {
        return Integer.toUnsignedLong(view.getInt(at));
    }

    long u64(int at) {
        return view.getLong(at);
    }

    Bytes text(int at, String text) {
        return text(at, text, StandardCharsets.ISO_8859_1);
    }

    Bytes text(int at, String text, Charset charset) {
        byte[] bytes = text.getBytes(charset);
        System.arraycopy(bytes, 0, array, at, bytes.length);
        return this;
    }

    Bytes fill(int at, int length, int value) {
        Arrays.fill(array, at, at + length, (byte) value);
        return this;
    }

    /** A longer or shorter copy. */
    Bytes resized(int length) {
        return new Bytes(Arrays.copyOf(array, length), view.order());
    }

    ImageReport inspect() {
        return Images.inspect(array);
    }

    /** Inspects copies with each single bit of a range changed. */
    static void eachBit(byte[] image, int from, int to, Consumer<ImageReport> verdict) {
        eachBit(image, from, to, null, verdict);
    }

    static void eachBit(byte[] image, int from, int to, @Nullable ImageFormat declared, Consumer<ImageReport> verdict) {
        byte[] copy = image.clone();
        Expectation expected = new Expectation(declared, declared == ImageFormat.LUKS);
        for (int at = from; at < to; at++) {
            for (int bit = 0; bit < 8; bit++) {
                copy[at] ^= (byte) (1 << bit);
                try {
                    verdict.accept(Images.inspect(copy, expected));
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("bit " + bit + " of byte " + at, e);
                }
                copy[at] ^= (byte) (1 << bit);
            }
        }
    }

    /** Inspects copies cut at every position of a range. */
    static void eachCut(byte[] image, int from, int to, Consumer<ImageReport> verdict) {
        for (int at = from; at < to; at++) {
            try {
                verdict.accept(Images.inspect(Arrays.copyOf(image, at)));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("cut at " + at, e);
            }
        }
    }

    static void assertCodes(ImageReport report, ImageCode... codes) {
        List<String> expected = Arrays.stream(codes).map(ImageCode::code).toList();
        org.assertj.core.api.Assertions.assertThat(report.codes())
                .as("%s", report.findings())
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
