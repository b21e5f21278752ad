package dev.ringfence.formats.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes archives, good and bad, block by block. */
final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    TarBytes file(String name, String content) {
        return member('0', name, "", bytes(content));
    }

    TarBytes member(char type, String name, String link, byte[] content) {
        return header(type, name, link, content.length, b -> {}).content(content);
    }

    /** A header with a right checksum, after the given change. */
    TarBytes header(char type, String name, String link, long size, Consumer<byte[]> change) {
        byte[] block = new byte[512];
        put(block, 0, bytes(name));
        put(block, 100, bytes("0000640\0"));
        put(block, 108, bytes("0000012\0"));
        put(block, 116, bytes("0000024\0"));
        put(block, 124, bytes(String.format("%011o\0", size)));
        put(block, 136, bytes("00000000000\0"));
        block[156] = (byte) type;
        put(block, 157, bytes(link));
        put(block, 257, bytes("ustar\00000"));
        change.accept(block);
        seal(block);
        out.writeBytes(block);
        return this;
    }

    TarBytes content(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    TarBytes raw(byte[] raw) {
        out.writeBytes(raw);
        return this;
    }

    TarBytes pax(String... keysAndValues) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            records.append(record(keysAndValues[i], keysAndValues[i + 1]));
        }
        return member('x', "pax", "", bytes(records.toString()));
    }

    /** A pax record, whose length counts its own digits. */
    static String record(String key, String value) {
        int body = bytes(key).length + bytes(value).length + 3;
        int length = body + String.valueOf(body).length();
        length = body + String.valueOf(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    byte[] cut() {
        return out.toByteArray();
    }

    static void put(byte[] block, int at, byte[] value) {
        System.arraycopy(value, 0, block, at, value.length);
    }

    private static void seal(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, bytes(String.format("%06o\0 ", sum)));
    }
}
