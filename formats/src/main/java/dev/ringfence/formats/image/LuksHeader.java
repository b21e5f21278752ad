package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.regex.Pattern;

/** A LUKS header of either version, at the start of a file or inside another image. */
final class LuksHeader {
    static final String MAGIC = "LUKS\u00ba\u00be";

    /** A pass phrase costs this many rounds at most; more would hold its reader up for hours. */
    static final long ITERATION_LIMIT = 1_000_000_000;

    private static final int HEADER_BYTES = 592;
    private static final int SLOTS_AT = 208;
    private static final int SLOT_BYTES = 48;
    private static final int SLOTS = 8;
    private static final long SECTOR_BYTES = 512;
    private static final long ACTIVE = 0x00ac_71f3L;
    private static final long INACTIVE = 0x0000_deadL;
    private static final int STRIPES = 4000;
    private static final int KEY_LIMIT_BYTES = 512;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_:()-]{1,31}");

    private LuksHeader() {}

    /**
     * Where the data lies.
     *
     * @param offsetBytes from the start of the header; 0 if it is elsewhere
     * @param sizeBytes -1 for all that follows
     */
    record Payload(long offsetBytes, long sizeBytes) {
        boolean toTheEnd() {
            return sizeBytes < 0;
        }
    }

    /**
     * Reads a header; sets the draft's encryption to {@code luks1} or {@code luks2}.
     *
     * @param at where it begins
     * @param lengthBytes what there is of it, key slots included
     */
    static Payload read(ImageInput in, long at, long lengthBytes, Draft draft) throws IOException, Malformed {
        in.require(at, lengthBytes, ImageCode.TRUNCATED, "the encryption header");
        if (lengthBytes < HEADER_BYTES || !in.matches(at, MAGIC)) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "no LUKS header");
        }
        int version = in.u16be(at + 6);
        return switch (version) {
            case 1 -> {
                draft.encryption = "luks1";
                yield first(in, at, lengthBytes, draft);
            }
            case 2 -> {
                draft.encryption = "luks2";
                yield new Luks2Header(in, at, lengthBytes, draft).read();
            }
            default -> throw new Malformed(ImageCode.VERSION, "LUKS version " + version);
        };
    }

    /** LUKS1 On-Disk Format Specification 1.2.3, figure 1. */
    private static Payload first(ImageInput in, long at, long lengthBytes, Draft draft) throws IOException, Malformed {
        if (draft.variant.isEmpty()) {
            draft.variant = "1";
        }
        cipher(name(in, at + 8, "cipher", draft), draft);
        name(in, at + 40, "cipher mode", draft);
        name(in, at + 72, "hash", draft);
        long keyBytes = in.u32be(at + 108);
        if (keyBytes == 0 || keyBytes > KEY_LIMIT_BYTES) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "a key of " + keyBytes + " bytes");
        }
        iterations(in.u32be(at + 164), draft);
        long payloadBytes = in.u32be(at + 104) * SECTOR_BYTES;
        Extents places = new Extents(in);
        places.add(0, HEADER_BYTES, "the encryption header");
        int active = 0;
        for (int i = 0; i < SLOTS; i++) {
            long slot = at + SLOTS_AT + (long) i * SLOT_BYTES;
            long state = in.u32be(slot);
            if (state != ACTIVE && state != INACTIVE) {
                draft.refuse(ImageCode.ENCRYPTION_HEADER, "key slot " + i + " is neither active nor inactive");
            }
            long offset = in.u32be(slot + 40) * SECTOR_BYTES;
            long stripes = in.u32be(slot + 44);
            if (stripes != STRIPES) {
                draft.refuse(ImageCode.ENCRYPTION_HEADER, "key slot " + i + " has " + stripes + " stripes");
                continue;
            }
            long material = (keyBytes * stripes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
            places.add(offset, material, "key slot " + i);
            if (offset > lengthBytes || material > lengthBytes - offset) {
                draft.refuse(ImageCode.OUTSIDE_FILE, "key slot " + i + " lies outside the file");
            }
            if (payloadBytes != 0 && offset + material > payloadBytes) {
                draft.refuse(ImageCode.OVERLAP, "key slot " + i + " lies on the data");
            }
            if (state == ACTIVE) {
                active++;
                iterations(in.u32be(slot + 4), draft);
            }
        }
        places.refuseOverlaps(draft);
        if (active == 0) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "no key slot is active");
        }
        return new Payload(payloadBytes, -1);
    }

    private static String name(ImageInput in, long at, String what, Draft draft) throws IOException, Malformed {
        String name = in.text(at, 32);
        if (!NAME.matcher(name).matches()) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "the name of the " + what + " is malformed");
        }
        return name;
    }

    /** Refuses a cipher that leaves the data as it is: whoever writes the image then reads and writes it without a key. */
    static void cipher(String cipher, Draft draft) {
        if (cipher.startsWith("cipher_null") || cipher.isEmpty() || cipher.startsWith("null")) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "the data is not encrypted: the cipher is none");
        }
    }

    /** Refuses no rounds and too many. */
    static void iterations(long iterations, Draft draft) {
        if (iterations < 1 || iterations > ITERATION_LIMIT) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "a pass phrase would take " + iterations + " rounds");
        }
    }
}
