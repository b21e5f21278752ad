package dev.ringfence.formats.image;

import java.io.IOException;

/**
 * ISO 9660 file system (ECMA-119), with El Torito boot images, Joliet and UDF noted. QEMU reads it as a raw disk, so its
 * virtual size is the file's.
 */
final class IsoReader implements FormatReader {
    private static final long SECTOR_BYTES = 2048;
    private static final long DESCRIPTORS_AT = 16 * SECTOR_BYTES;
    private static final int DESCRIPTOR_LIMIT = 64;
    private static final int BOOT_ENTRY_LIMIT = 64;
    private static final int TERMINATOR = 255;

    @Override
    public ImageFormat format() {
        return ImageFormat.ISO;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(DESCRIPTORS_AT + 1, "CD001") || udf(in, DESCRIPTORS_AT);
    }

    /** Whether a descriptor of ECMA-167's volume recognition sequence, as UDF uses it, stands here. */
    private static boolean udf(ImageInput in, long at) throws IOException, Malformed {
        return in.matches(at + 1, "NSR02") || in.matches(at + 1, "NSR03") || in.matches(at + 1, "BEA01");
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        draft.virtualSizeBytes = in.sizeBytes();
        boolean primary = false;
        boolean ended = false;
        long at = DESCRIPTORS_AT;
        for (int i = 0; i < DESCRIPTOR_LIMIT && !ended && in.matches(at + 1, "CD001"); i++) {
            in.require(at, SECTOR_BYTES, ImageCode.TRUNCATED, "a volume descriptor");
            if (in.u8(at + 6) != 1 && in.u8(at + 6) != 2) {
                draft.refuse(ImageCode.VERSION, "volume descriptor version " + in.u8(at + 6));
            }
            switch (in.u8(at)) {
                case 0 -> boot(in, at, draft);
                case 1 -> {
                    volume(in, at, draft);
                    primary = true;
                }
                case 2 -> {
                    draft.feature(joliet(in, at) ? "joliet" : "iso9660-enhanced");
                    volume(in, at, draft);
                }
                case TERMINATOR -> ended = true;
                default -> draft.feature("volume-descriptor-" + in.u8(at));
            }
            at += SECTOR_BYTES;
        }
        for (int i = 0; i < DESCRIPTOR_LIMIT && i < 4; i++) {
            if (udf(in, at + i * SECTOR_BYTES)) {
                draft.feature("udf");
            }
        }
        boolean universal = draft.features.contains("udf");
        draft.variant = primary ? universal ? "iso9660+udf" : "iso9660" : "udf";
        if (!primary && !universal) {
            throw new Malformed(ImageCode.HEADER, "there is no primary volume descriptor");
        }
        if (primary && !ended) {
            draft.refuse(ImageCode.TRUNCATED, "the volume descriptors do not end");
        }
    }

    /** The escape sequences of UCS-2 levels 1 to 3 (Joliet specification, section "SVD Escape Sequences Field"). */
    private static boolean joliet(ImageInput in, long at) throws IOException, Malformed {
        return in.matches(at + 88, "%/@") || in.matches(at + 88, "%/C") || in.matches(at + 88, "%/E");
    }

    private static void volume(ImageInput in, long at, Draft draft) throws IOException, Malformed {
        long blocks = both32(in, at + 80, "the size of the volume", draft);
        int blockBytes = in.u16le(at + 128);
        if (in.u16be(at + 130) != blockBytes) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the two byte orders of the block size differ");
        }
        if (blockBytes != 512 && blockBytes != 1024 && blockBytes != 2048) {
            throw new Malformed(ImageCode.HEADER, "a block of " + blockBytes + " bytes");
        }
        if (blocks == 0) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "the volume is empty");
        }
        if (blocks * blockBytes > in.sizeBytes()) {
            draft.refuse(ImageCode.TRUNCATED, "the file is shorter than its volume");
        }
        long rootBlock = both32(in, at + 158, "the place of the root directory", draft);
        long rootBytes = both32(in, at + 166, "the size of the root directory", draft);
        if (in.u8(at + 156) < 34 || (in.u8(at + 156 + 25) & 2) == 0) {
            draft.refuse(ImageCode.HEADER, "the root directory is none");
        }
        place(in, rootBlock * blockBytes, rootBytes, "the root directory", draft);
        long pathTableBytes = both32(in, at + 132, "the size of the path table", draft);
        place(in, in.u32le(at + 140) * blockBytes, pathTableBytes, "the path table", draft);
        place(in, in.u32be(at + 148) * blockBytes, pathTableBytes, "the path table", draft);
    }

    private static void place(ImageInput in, long at, long length, String what, Draft draft) {
        if (!in.holds(at, length)) {
            draft.refuse(ImageCode.OUTSIDE_FILE, what + " lies outside the file");
        }
    }

    /** A number that is stored in both byte orders (ECMA-119 section 7.3.3); readers take either. */
    private static long both32(ImageInput in, long at, String what, Draft draft) throws IOException, Malformed {
        long value = in.u32le(at);
        if (value != in.u32be(at + 4)) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the two byte orders of " + what + " differ");
        }
        return value;
    }

    /** El Torito 1.0, section 2. */
    private static void boot(ImageInput in, long at, Draft draft) throws IOException, Malformed {
        if (!in.matches(at + 7, "EL TORITO SPECIFICATION")) {
            draft.feature("boot-record");
            return;
        }
        draft.feature("el-torito");
        long catalog = in.u32le(at + 71) * SECTOR_BYTES;
        in.require(catalog, 64, ImageCode.OUTSIDE_FILE, "the boot catalog");
        int sum = 0;
        for (int i = 0; i < 32; i += 2) {
            sum += in.u16le(catalog + i);
        }
        if (in.u8(catalog) != 1 || in.u16le(catalog + 30) != 0xaa55 || (sum & 0xffff) != 0) {
            throw new Malformed(ImageCode.CHECKSUM, "the boot catalog is not valid");
        }
        platform(in.u8(catalog + 1), draft);
        bootImage(in, catalog + 32, draft);
        long entry = catalog + 64;
        for (int i = 0; i < BOOT_ENTRY_LIMIT && in.holds(entry, 32); i++) {
            int kind = in.u8(entry);
            if (kind == 0x90 || kind == 0x91) {
                platform(in.u8(entry + 1), draft);
            } else if (kind == 0x88 || kind == 0x44) {
                // An extension of the selection criteria has the mark of a not bootable entry; both only take room.
                if (kind == 0x88) {
                    bootImage(in, entry, draft);
                }
            } else {
                return;
            }
            entry += 32;
        }
    }

    private static void platform(int platform, Draft draft) {
        switch (platform) {
            case 0 -> draft.feature("boot-bios");
            case 0xef -> draft.feature("boot-efi");
            default -> draft.feature("boot-platform-" + platform);
        }
    }

    private static void bootImage(ImageInput in, long entry, Draft draft) throws IOException, Malformed {
        if (in.u8(entry) != 0x88) {
            return;
        }
        long at = in.u32le(entry + 8) * SECTOR_BYTES;
        place(in, at, 512L * in.u16le(entry + 6), "a boot image", draft);
    }
}
