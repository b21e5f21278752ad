package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Apple disk image (UDIF): a trailer of 512 bytes with the magic {@code koly}, and tables of chunks in a property list or a
 * resource fork, as QEMU reads them. Sources: Apple's UDIFResourceFile as documented by libyal/libmodi, QEMU's block/dmg.c.
 */
final class DmgReader implements FormatReader {
    private static final String MAGIC = "koly";
    private static final int TRAILER_BYTES = 512;
    private static final long SECTOR_BYTES = 512;
    private static final int MISH = 0x6d697368;
    private static final int MISH_HEADER_BYTES = 204;
    private static final int CHUNK_BYTES = 40;
    /** QEMU's limits: it holds one chunk of each kind in memory. */
    private static final long CHUNK_LIMIT_BYTES = 64 << 20;

    private static final long BOMB_BYTES = 1 << 30;
    private static final long BOMB_RATIO = 200;

    @Override
    public ImageFormat format() {
        return ImageFormat.DMG;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return trailerAt(in) >= 0 || encrypted(in);
    }

    private static boolean encrypted(ImageInput in) throws IOException, Malformed {
        return in.matches(0, "encrcdsa") || in.sizeBytes() >= 8 && in.matches(in.sizeBytes() - 8, "cdsaencr");
    }

    /** QEMU counts in whole sectors and takes the first magic that it meets in the last two. */
    private static long trailerAt(ImageInput in) throws IOException, Malformed {
        long wholeSectors = (in.sizeBytes() + 511) / 512 * 512;
        for (long at = Math.max(0, wholeSectors - 1023); at <= wholeSectors - TRAILER_BYTES; at++) {
            if (in.matches(at, MAGIC)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        if (encrypted(in)) {
            throw new Malformed(ImageCode.VARIANT, "an encrypted Apple disk image");
        }
        long at = trailerAt(in);
        in.require(at, TRAILER_BYTES, ImageCode.TRUNCATED, "the trailer");
        if (in.u32be(at + 4) != 4 || in.u32be(at + 8) != TRAILER_BYTES) {
            throw new Malformed(ImageCode.VERSION, "version " + in.u32be(at + 4) + " of the trailer");
        }
        if (at + TRAILER_BYTES != in.sizeBytes()) {
            draft.refuse(ImageCode.HEADER, "the file does not end with its trailer");
        }
        if (in.u32be(at + 60) > 1) {
            draft.refuse(ImageCode.EXTENT_FILE, "the image is one of " + in.u32be(at + 60) + " segments");
        }
        long dataAt = fork(in, at, 24, "the data fork");
        long resourceAt = fork(in, at, 40, "the resource fork");
        long listAt = fork(in, at, 216, "the property list");
        Chunks chunks = new Chunks(in, at, dataAt, draft);
        if (in.u64be(at + 48) != 0) {
            chunks.resources(in.bytes(resourceAt, piece(in.u64be(at + 48), "the resource fork")));
        } else if (in.u64be(at + 224) != 0) {
            chunks.propertyList(in.bytes(listAt, piece(in.u64be(at + 224), "the property list")));
        } else {
            throw new Malformed(ImageCode.HEADER, "the image has no table of chunks");
        }
        draft.virtualSizeBytes = chunks.end * SECTOR_BYTES;
        long said = in.u64be(at + 492);
        if (said != 0 && said != chunks.end) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the trailer says " + said + " sectors, the chunks " + chunks.end);
        }
        if (chunks.expanded > BOMB_BYTES && chunks.expanded / BOMB_RATIO > chunks.compressed) {
            draft.refuse(ImageCode.COMPRESSION_BOMB, "the chunks expand more than " + BOMB_RATIO + " times");
        }
    }

    /** The place of a fork whose offset and length stand in the trailer; all of them lie before it. */
    private static long fork(ImageInput in, long trailer, int field, String what) throws IOException, Malformed {
        long offset = in.u64be(trailer + field);
        long length = in.u64be(trailer + field + 8);
        if (offset < 0 || length < 0 || offset > trailer || length > trailer - offset) {
            throw new Malformed(ImageCode.OUTSIDE_FILE, what + " lies outside the file");
        }
        return offset;
    }

    private static int piece(long length, String what) throws Malformed {
        if (length > ImageInput.PIECE_LIMIT_BYTES) {
            throw new Malformed(ImageCode.TABLE_SIZE, what + " of " + length + " bytes");
        }
        return (int) length;
    }

    /** Reads the tables of chunks and adds them up. */
    private static final class Chunks {
        private final ImageInput in;
        private final long trailerAt;
        private final long dataAt;
        private final Draft draft;
        private long end;
        private long expanded;
        private long compressed;

        Chunks(ImageInput in, long trailerAt, long dataAt, Draft draft) {
            this.in = in;
            this.trailerAt = trailerAt;
            this.dataAt = dataAt;
            this.draft = draft;
        }

        void resources(byte[] fork) throws Malformed {
            ByteBuffer bytes = ByteBuffer.wrap(fork);
            if (fork.length < 12) {
                throw new Malformed(ImageCode.TRUNCATED, "the resource fork");
            }
            long next = Integer.toUnsignedLong(bytes.getInt(0));
            long until = next + Integer.toUnsignedLong(bytes.getInt(8));
            if (until > fork.length) {
                throw new Malformed(ImageCode.OUTSIDE_FILE, "the resources lie outside their fork");
            }
            while (next + 4 <= until) {
                long length = Integer.toUnsignedLong(bytes.getInt((int) next));
                next += 4;
                if (length == 0 || length > until - next) {
                    throw new Malformed(ImageCode.OUTSIDE_FILE, "a resource lies outside its fork");
                }
                table(bytes.slice((int) next, (int) length));
                next += length;
            }
        }

        /** Takes what stands between data tags, as QEMU does, whatever the rest of the list says. */
        void propertyList(byte[] list) throws Malformed {
            in.reserve(2L * list.length);
            String text = new String(list, StandardCharsets.ISO_8859_1);
            int next = 0;
            while ((next = text.indexOf("<data>", next)) >= 0) {
                next += "<data>".length();
                int close = text.indexOf("</data>", next);
                if (close < 0) {
                    throw new Malformed(ImageCode.DESCRIPTOR, "the property list does not end");
                }
                byte[] encoded = text.substring(next, close).getBytes(StandardCharsets.ISO_8859_1);
                try {
                    table(ByteBuffer.wrap(Base64.getMimeDecoder().decode(encoded)));
                } catch (IllegalArgumentException e) {
                    throw new Malformed(ImageCode.DESCRIPTOR, "a table of chunks is not base64");
                }
                next = close;
            }
        }

        private void table(ByteBuffer table) throws Malformed {
            // Other resources stand beside the tables; QEMU passes over them as well.
            if (table.capacity() < MISH_HEADER_BYTES + CHUNK_BYTES || table.getInt(0) != MISH) {
                return;
            }
            long firstSector = table.getLong(8);
            long base = dataAt + table.getLong(24);
            for (int at = MISH_HEADER_BYTES; at + CHUNK_BYTES <= table.capacity(); at += CHUNK_BYTES) {
                chunk(
                        table.getInt(at),
                        firstSector + table.getLong(at + 8),
                        table.getLong(at + 16),
                        base + table.getLong(at + 24),
                        table.getLong(at + 32));
            }
        }

        private void chunk(int type, long sector, long sectors, long offset, long length) throws Malformed {
            boolean empty = type == 0 || type == 2;
            boolean plain = type == 1;
            boolean packed = type >= 0x8000_0004 && type <= 0x8000_0008;
            if (type == 0x7fff_fffe || type == 0xffff_ffff) {
                return;
            }
            if (!empty && !plain && !packed) {
                throw new Malformed(ImageCode.FEATURE, "chunks of type " + Integer.toHexString(type));
            }
            if (sector < 0 || sectors < 0 || sectors > Long.MAX_VALUE / SECTOR_BYTES - sector) {
                throw new Malformed(ImageCode.VIRTUAL_SIZE, "a chunk beyond any disk");
            }
            end = Math.max(end, sector + sectors);
            if (empty) {
                return;
            }
            if (length < 0 || length > CHUNK_LIMIT_BYTES || sectors > CHUNK_LIMIT_BYTES / SECTOR_BYTES) {
                throw new Malformed(ImageCode.TABLE_SIZE, "a chunk of " + sectors + " sectors in " + length + " bytes");
            }
            if (offset < 0 || offset > trailerAt || length > trailerAt - offset) {
                draft.refuse(ImageCode.OUTSIDE_FILE, "a chunk lies outside the file");
            }
            if (plain && sectors * SECTOR_BYTES > (length + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES) {
                draft.refuse(ImageCode.TRUNCATED, "a chunk is shorter than its sectors");
            }
            if (packed) {
                expanded += sectors * SECTOR_BYTES;
                compressed += length;
            }
        }
    }
}
