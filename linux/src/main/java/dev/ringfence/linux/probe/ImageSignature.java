package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * What the first bytes of a disk image say: its format, and the files that it names. Reads at most 36 KiB and, for a
 * qcow2 image, one name of 1,023 bytes. Whatever the bytes say, there is an answer: bytes that no format claims are a raw
 * disk.
 *
 * <p>Source: QEMU, docs/interop/qcow2.txt, qed_spec.txt and the format probes of its block drivers; ECMA-119 8.1.
 *
 * @param format QEMU's name: {@code qcow2}, {@code qcow}, {@code qed}, {@code vmdk}, {@code vpc}, {@code vhdx}, {@code
 *     vdi}, {@code luks}, {@code raw}; and {@code iso} for a raw image with a CD file system
 * @param backing the image below, empty when none
 * @param dataFile where the data lies, empty when in the image
 * @param unseen why the names cannot be told, empty when they can
 */
record ImageSignature(String format, String backing, String dataFile, String unseen) {
    private static final int HEAD_BYTES = 36 << 10;
    private static final int NAME_LIMIT_BYTES = 1023;
    private static final long QCOW2_HEADER_LIMIT_BYTES = 2 << 20;
    private static final int EXTENSION_LIMIT = 64;
    private static final int ISO_DESCRIPTOR_OFFSET = 32769;
    private static final long QCOW2_EXTERNAL_DATA = 1 << 2;
    private static final int QCOW2_DATA_FILE_NAME = 0x44415441;
    private static final long QED_BACKING = 1;

    /** Reads an image of the host. Only regular files are read. */
    static Fact<ImageSignature> of(HostFiles files, String path) {
        return Readings.then(files.file(path), real -> read(path, real));
    }

    private static Fact<ImageSignature> read(String path, Path real) {
        try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
            return Fact.of(of((offset, length) -> bytes(channel, offset, length)), path, "parsed");
        } catch (IOException e) {
            String message = e.getMessage();
            return Fact.notObserved(path, "read", message == null ? "cannot be read" : message);
        }
    }

    /** Reads an image in memory. */
    static ImageSignature of(byte[] image) {
        try {
            return of((offset, length) -> {
                int from = (int) Math.min(offset, image.length);
                return ByteBuffer.wrap(Arrays.copyOfRange(image, from, Math.min(image.length, from + length)));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    /** Where the bytes come from: as many as there are, at most those asked for. */
    private interface Source {
        ByteBuffer read(long offset, int length) throws IOException;
    }

    private static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(length);
        while (out.hasRemaining() && channel.read(out, offset + out.position()) >= 0) {
            // Until it is full or the image ends.
        }
        return out.flip();
    }

    private static ImageSignature of(Source source) throws IOException {
        ByteBuffer head = source.read(0, HEAD_BYTES);
        if (startsWith(head, 0, "QFI\u00fb") && head.limit() >= 20) {
            return switch (head.getInt(4)) {
                case 1 -> named("qcow", backing(source, head));
                case 2, 3 -> qcow2(source, head);
                default -> new ImageSignature("qcow2", "", "", "a version of qcow that is not known");
            };
        }
        if (startsWith(head, 0, "QED\0") && head.limit() >= 64) {
            return qed(source, head.order(ByteOrder.LITTLE_ENDIAN));
        }
        if (startsWith(head, 0, "KDMV") || startsWith(head, 0, "COWD") || describesVmdk(head)) {
            return new ImageSignature("vmdk", "", "", "a vmdk image's extents and parent are not read");
        }
        if (startsWith(head, 0, "conectix")) {
            return plain("vpc");
        }
        if (startsWith(head, 0, "vhdxfile")) {
            return plain("vhdx");
        }
        if (startsWith(head, 0, "LUKS\u00ba\u00be")) {
            return plain("luks");
        }
        if (startsWith(head, 64, "\u007f\u0010\u00da\u00be")) {
            return plain("vdi");
        }
        return plain(startsWith(head, ISO_DESCRIPTOR_OFFSET, "CD001") ? "iso" : "raw");
    }

    private static ImageSignature plain(String format) {
        return new ImageSignature(format, "", "", "");
    }

    private static ImageSignature named(String format, Name backing) {
        return new ImageSignature(format, backing.text(), "", backing.unseen());
    }

    /** A name in an image, or why it cannot be read. */
    private record Name(String text, String unseen) {
        static final Name NONE = new Name("", "");
    }

    private static ImageSignature qcow2(Source source, ByteBuffer head) throws IOException {
        Name backing = backing(source, head);
        Name data = dataFile(head);
        return new ImageSignature(
                "qcow2", backing.text(), data.text(), backing.unseen().isEmpty() ? data.unseen() : backing.unseen());
    }

    /** Of qcow and qcow2 alike: offset at 8, size at 16. */
    private static Name backing(Source source, ByteBuffer head) throws IOException {
        long offset = head.getLong(8);
        return offset == 0 ? Name.NONE : name(source, offset, Integer.toUnsignedLong(head.getInt(16)));
    }

    private static Name name(Source source, long offset, long sizeBytes) throws IOException {
        if (sizeBytes > NAME_LIMIT_BYTES || offset < 0 || offset > QCOW2_HEADER_LIMIT_BYTES) {
            return new Name("", "the name of the backing file is longer or further off than the format allows");
        }
        ByteBuffer bytes = source.read(offset, (int) sizeBytes);
        return bytes.limit() < sizeBytes
                ? new Name("", "the image ends inside the name of its backing file")
                : new Name(text(bytes, 0, (int) sizeBytes), "");
    }

    private static Name dataFile(ByteBuffer head) {
        boolean third = head.getInt(4) == 3;
        if (third && head.limit() < 104) {
            return new Name("", "the image ends inside its header");
        }
        boolean external = third && (head.getLong(72) & QCOW2_EXTERNAL_DATA) != 0;
        long at = third ? Integer.toUnsignedLong(head.getInt(100)) : 72;
        for (int i = 0; i < EXTENSION_LIMIT && at + 8 <= head.limit(); i++) {
            int kind = head.getInt((int) at);
            long sizeBytes = Integer.toUnsignedLong(head.getInt((int) at + 4));
            if (kind == 0) {
                return external ? new Name("", "its data lies in a file that it does not name") : Name.NONE;
            }
            if (at + 8 + sizeBytes > head.limit()) {
                break;
            }
            if (kind == QCOW2_DATA_FILE_NAME) {
                return new Name(text(head, (int) at + 8, (int) sizeBytes), "");
            }
            at += 8 + ((sizeBytes + 7) & ~7L);
        }
        // A version 2 header may end where the file does.
        return !third && at >= head.limit() ? Name.NONE : new Name("", "its header extensions have no end");
    }

    private static ImageSignature qed(Source source, ByteBuffer head) throws IOException {
        return (head.getLong(16) & QED_BACKING) == 0
                ? plain("qed")
                : named(
                        "qed",
                        name(source, Integer.toUnsignedLong(head.getInt(56)), Integer.toUnsignedLong(head.getInt(60))));
    }

    /** A text that describes extents: QEMU takes comments and blank lines before the version for one. */
    private static boolean describesVmdk(ByteBuffer head) {
        String[] lines = text(head, 0, Math.min(head.limit(), 4096)).split("\n", 64);
        for (String line : lines) {
            String bare = line.strip();
            if (bare.startsWith("version=")) {
                return true;
            }
            if (!bare.isEmpty() && !bare.startsWith("#")) {
                return false;
            }
        }
        return false;
    }

    private static boolean startsWith(ByteBuffer bytes, int at, String signature) {
        return bytes.limit() >= at + signature.length()
                && text(bytes, at, signature.length(), StandardCharsets.ISO_8859_1)
                        .equals(signature);
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        return text(bytes, at, length, StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer bytes, int at, int length, Charset charset) {
        byte[] out = new byte[length];
        bytes.get(at, out);
        return new String(out, charset);
    }
}
