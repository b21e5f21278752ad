package dev.ringfence.formats.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes small ELF images of any class and byte order, for tests. One loaded segment holds the whole file. */
final class ElfWriter {
    /** What tells a reader how many dynamic symbols there are. */
    enum Count {
        SECTION_HEADER,
        HASH,
        GNU_HASH,
        RELOCATIONS
    }

    /** A section beside the ones that the writer makes itself. */
    private record Extra(String name, int type, long flags, Supplier<byte[]> bytes) {}

    private record Header(int type, int flags, long offset, long bytes, long alignment) {}

    private static final int HEADERS = 12;

    int type = 3;
    int machine = ElfMachine.X86_64;
    boolean dynamic = true;
    boolean sections = true;
    boolean symbolTable = true;
    boolean relro = true;
    boolean code = true;
    int stackFlags = 6;
    Count count = Count.SECTION_HEADER;

    @Nullable
    String interpreter = "/lib64/ld-linux-x86-64.so.2";

    @Nullable
    String soname;

    @Nullable
    String rpath;

    @Nullable
    String runpath;

    List<String> needed = List.of("libc.so.6");
    List<String> imports = List.of();
    List<String> exports = List.of();
    List<String> symbols = List.of();
    List<long[]> entries = List.of();
    List<byte[]> notes = List.of();
    byte[] text = new byte[64];

    private final boolean wide;
    private final ByteOrder order;
    private final List<Extra> extras = new ArrayList<>();
    private final List<Header> headers = new ArrayList<>();
    private final Map<String, Long> places = new LinkedHashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ElfWriter(int bits, ByteOrder order) {
        this.wide = bits == 64;
        this.order = order;
    }

    /** A 64-bit little-endian position-independent program. */
    static ElfWriter program() {
        ElfWriter writer = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        writer.entries = List.of(new long[] {0x6ffffffbL, 0x08000001L});
        return writer;
    }

    ElfWriter section(String name, int sectionType, long flags, byte[] bytes) {
        extras.add(new Extra(name, sectionType, flags, () -> bytes));
        return this;
    }

    /** Where a part was written: ehdr, phdr, shdr, dynamic, dynsym, dynstr, hash, symtab, strtab, notes, interp. */
    int at(String part) {
        return Math.toIntExact(places.getOrDefault(part, -1L));
    }

    /** Bytes of one entry of the program header table. */
    int headerBytes() {
        return wide ? 56 : 32;
    }

    byte[] note(String name, int noteType, byte[] value) {
        byte[] owner = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] noteBytes = new byte[12 + pad(owner.length, 4) + pad(value.length, 4)];
        ByteBuffer note = wrap(noteBytes);
        note.putInt(owner.length).putInt(value.length).putInt(noteType);
        note.put(owner).position(12 + pad(owner.length, 4)).put(value);
        return noteBytes;
    }

    /** A GNU property note with one 32-bit property. */
    byte[] property(int propertyType, int bits) {
        byte[] valueBytes = new byte[wide ? 16 : 12];
        ByteBuffer value = wrap(valueBytes);
        value.putInt(propertyType).putInt(4).putInt(bits);
        return note("GNU", 5, valueBytes);
    }

    byte[] build() {
        if (!places.isEmpty()) {
            throw new IllegalStateException("a writer builds once");
        }
        out.writeBytes(new byte[(wide ? 64 : 52) + HEADERS * headerBytes()]);
        places.put("phdr", wide ? 64L : 52L);
        String loader = interpreter;
        if (loader != null && type != 1) {
            long at = put("interp", (loader + "\0").getBytes(StandardCharsets.UTF_8));
            headers.add(new Header(3, 4, at, loader.length() + 1, 1));
        }
        put("text", text);
        if (!notes.isEmpty()) {
            long at = put("notes", join(notes));
            headers.add(new Header(4, 4, at, out.size() - at, 4));
        }
        if (dynamic && type != 1) {
            writeDynamic();
        }
        if (stackFlags >= 0 && type != 1) {
            headers.add(new Header(0x6474e551, stackFlags, 0, 0, 16));
        }
        if (relro && type != 1) {
            headers.add(new Header(0x6474e552, 4, at("dynamic") < 0 ? 0 : at("dynamic"), 16, 1));
        }
        if (sections) {
            writeSections();
        }
        if (type != 1) {
            headers.add(new Header(1, code ? 5 : 4, 0, out.size(), 4096));
        }
        return finish();
    }

    private void writeDynamic() {
        Strings names = new Strings();
        List<long[]> tags = new ArrayList<>();
        needed.forEach(name -> tags.add(new long[] {1, names.add(name)}));
        addName(tags, 14, soname, names);
        addName(tags, 15, rpath, names);
        addName(tags, 29, runpath, names);
        byte[] table = symbolTable(names, imports, exports);
        long at = put("dynsym", table);
        tags.add(new long[] {6, address(at)});
        tags.add(new long[] {11, wide ? 24 : 16});
        byte[] strings = names.bytes();
        tags.add(new long[] {5, address(put("dynstr", strings))});
        tags.add(new long[] {10, strings.length});
        int total = 1 + imports.size() + exports.size();
        switch (count) {
            case SECTION_HEADER -> {}
            case HASH -> tags.add(new long[] {4, address(put("hash", hash(total)))});
            case GNU_HASH -> tags.add(new long[] {0x6ffffef5L, address(put("hash", gnuHash(1 + imports.size())))});
            case RELOCATIONS -> {
                byte[] relocations = relocations();
                tags.add(new long[] {23, address(put("plt", relocations))});
                tags.add(new long[] {2, relocations.length});
                tags.add(new long[] {20, 7});
            }
        }
        tags.addAll(entries);
        tags.add(new long[] {0, 0});
        byte[] dynamicTableBytes = new byte[tags.size() * (wide ? 16 : 8)];
        ByteBuffer dynamicTable = wrap(dynamicTableBytes);
        for (long[] tag : tags) {
            word(dynamicTable, tag[0]);
            word(dynamicTable, tag[1]);
        }
        long start = put("dynamic", dynamicTableBytes);
        headers.add(new Header(2, 6, start, dynamicTable.capacity(), 8));
    }

    private void addName(List<long[]> tags, long tag, @Nullable String name, Strings names) {
        if (name != null) {
            tags.add(new long[] {tag, names.add(name)});
        }
    }

    private byte[] symbolTable(Strings names, List<String> imported, List<String> defined) {
        int entry = wide ? 24 : 16;
        byte[] tableBytes = new byte[(1 + imported.size() + defined.size()) * entry];
        ByteBuffer table = wrap(tableBytes);
        table.position(entry);
        imported.forEach(name -> symbol(table, names.add(name), 0));
        defined.forEach(name -> symbol(table, names.add(name), 1));
        return tableBytes;
    }

    private void symbol(ByteBuffer table, int name, int section) {
        int start = table.position();
        table.putInt(name);
        table.put(start + (wide ? 4 : 12), (byte) 0x12);
        table.putShort(start + (wide ? 6 : 14), (short) section);
        table.position(start + (wide ? 24 : 16));
    }

    private byte[] hash(int total) {
        boolean wideWords = wide && machine == ElfMachine.S390;
        byte[] hashBytes = new byte[(2 + 1 + total) * (wideWords ? 8 : 4)];
        ByteBuffer hash = wrap(hashBytes);
        for (long value : new long[] {1, total, total > 1 ? 1 : 0}) {
            if (wideWords) {
                hash.putLong(value);
            } else {
                hash.putInt((int) value);
            }
        }
        return hashBytes;
    }

    private byte[] gnuHash(int firstExport) {
        byte[] hashBytes = new byte[16 + (wide ? 8 : 4) + 4 + 4 * exports.size()];
        ByteBuffer hash = wrap(hashBytes);
        hash.putInt(1).putInt(firstExport).putInt(1).putInt(0);
        word(hash, -1);
        hash.putInt(exports.isEmpty() ? 0 : firstExport);
        for (int i = 0; i < exports.size(); i++) {
            hash.putInt(i == exports.size() - 1 ? 1 : 2);
        }
        return hashBytes;
    }

    private byte[] relocations() {
        byte[] tableBytes = new byte[imports.size() * (wide ? 24 : 12)];
        ByteBuffer table = wrap(tableBytes);
        for (int i = 1; i <= imports.size(); i++) {
            word(table, 0);
            word(table, wide ? (long) i << 32 | 7 : (long) i << 8 | 7);
            word(table, 0);
        }
        return tableBytes;
    }

    private void writeSections() {
        Strings names = new Strings();
        List<long[]> table = new ArrayList<>();
        table.add(new long[10]);
        if (places.containsKey("dynsym")) {
            long at = at("dynsym");
            table.add(
                    new long[] {names.add(".dynsym"), 11, 2, address(at), at, dynsymBytes(), 2, 1, 8, wide ? 24 : 16});
            long strings = at("dynstr");
            table.add(new long[] {names.add(".dynstr"), 3, 2, address(strings), strings, 1, 0, 0, 1, 0});
        }
        if (symbolTable) {
            Strings symbolNames = new Strings();
            List<String> imported = type == 1 ? imports : List.of();
            byte[] bytes = symbolTable(symbolNames, imported, symbols);
            long at = put("symtab", bytes);
            int link = table.size() + 1;
            int entry = wide ? 24 : 16;
            table.add(new long[] {names.add(".symtab"), 2, 0, 0, at, bytes.length, link, 1, 8, entry});
            byte[] strings = symbolNames.bytes();
            table.add(new long[] {names.add(".strtab"), 3, 0, 0, put("strtab", strings), strings.length, 0, 0, 1, 0});
        }
        for (Extra extra : extras) {
            long at = put(extra.name(), extra.bytes().get());
            table.add(new long[] {
                names.add(extra.name()),
                extra.type(),
                extra.flags(),
                address(at),
                at,
                extra.bytes().get().length,
                0,
                0,
                4,
                0
            });
        }
        int name = names.add(".shstrtab");
        byte[] strings = names.bytes();
        table.add(new long[] {name, 3, 0, 0, put("shstrtab", strings), strings.length, 0, 0, 1, 0});
        byte[] rows = new byte[table.size() * (wide ? 64 : 40)];
        ByteBuffer bytes = wrap(rows);
        for (long[] row : table) {
            bytes.putInt((int) row[0]).putInt((int) row[1]);
            for (int i : new int[] {2, 3, 4, 5}) {
                word(bytes, row[i]);
            }
            bytes.putInt((int) row[6]).putInt((int) row[7]);
            word(bytes, row[8]);
            word(bytes, row[9]);
        }
        put("shdr", rows);
        places.put("shnum", (long) table.size());
    }

    private long dynsymBytes() {
        return (1L + imports.size() + exports.size()) * (wide ? 24 : 16);
    }

    private byte[] finish() {
        byte[] image = out.toByteArray();
        ByteBuffer file = ByteBuffer.wrap(image).order(order);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), (byte) (bigEndian() ? 2 : 1), 1});
        file.position(16).putShort((short) type).putShort((short) machine).putInt(1);
        word(file, 0);
        word(file, type == 1 ? 0 : at("phdr"));
        word(file, sections ? at("shdr") : 0);
        int count = sections ? at("shnum") : 0;
        file.putInt(0).putShort((short) (wide ? 64 : 52));
        file.putShort((short) headerBytes()).putShort((short) headers.size());
        file.putShort((short) (wide ? 64 : 40)).putShort((short) count).putShort((short) Math.max(0, count - 1));
        file.position(at("phdr"));
        for (Header header : headers) {
            header(file, header, image.length);
        }
        return image;
    }

    private void header(ByteBuffer file, Header header, int imageBytes) {
        long bytes = header.type() == 1 ? imageBytes : header.bytes();
        file.putInt(header.type());
        if (wide) {
            file.putInt(header.flags());
        }
        word(file, header.offset());
        word(file, address(header.offset()));
        word(file, address(header.offset()));
        word(file, bytes);
        word(file, bytes);
        if (!wide) {
            file.putInt(header.flags());
        }
        word(file, header.alignment());
    }

    private long address(long offset) {
        return offset + (type == 2 ? 0x400000 : 0);
    }

    private boolean bigEndian() {
        return order.equals(ByteOrder.BIG_ENDIAN);
    }

    private long put(String part, byte[] bytes) {
        while (out.size() % 16 != 0) {
            out.write(0);
        }
        long at = out.size();
        places.put(part, at);
        out.writeBytes(bytes);
        return at;
    }

    private ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(order);
    }

    private void word(ByteBuffer target, long value) {
        if (wide) {
            target.putLong(value);
        } else {
            target.putInt((int) value);
        }
    }

    private static int pad(int length, int to) {
        return (length + to - 1) / to * to;
    }

    private static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        parts.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    /** A string table under construction. */
    private static final class Strings {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Strings() {
            bytes.write(0);
        }

        int add(String text) {
            int at = bytes.size();
            bytes.writeBytes((text + "\0").getBytes(StandardCharsets.UTF_8));
            return at;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
