package dev.ringfence.linux.capture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Writes archives that no tar program would. */
final class Archive {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Archive file(String name, String content) {
        return file(name, 0644, 0, content);
    }

    Archive file(String name, int mode, int owner, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        header('0', name, "", mode, owner, bytes.length);
        out.writeBytes(bytes);
        out.writeBytes(new byte[-bytes.length & 511]);
        return this;
    }

    Archive directory(String name) {
        return header('5', name, "", 0755, 0, 0);
    }

    Archive link(String name, String target) {
        return header('2', name, target, 0777, 0, 0);
    }

    Archive hardLink(String name, String target) {
        return header('1', name, target, 0644, 0, 0);
    }

    Archive device(String name) {
        return header('3', name, "", 0666, 0, 0);
    }

    Archive header(char type, String name, String link, int mode, int owner, long size) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, String.format("%07o", mode));
        put(block, 108, String.format("%07o", owner));
        put(block, 116, String.format("%07o", owner));
        put(block, 124, String.format("%011o", size));
        put(block, 136, "00000000000");
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar\00000");
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        out.writeBytes(block);
        return this;
    }

    /** Content of at most one block, for a header that was written before. */
    Archive raw(String content) {
        out.writeBytes(Arrays.copyOf(content.getBytes(StandardCharsets.UTF_8), 512));
        return this;
    }

    byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    byte[] cut() {
        return out.toByteArray();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static void put(byte[] block, int at, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
