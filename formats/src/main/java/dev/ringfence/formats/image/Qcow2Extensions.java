package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows the fixed header of a qcow2 image in its first cluster: header extensions and the backing file's name (QEMU
 * docs/interop/qcow2, "Header extensions").
 */
final class Qcow2Extensions {
    private static final long END = 0;
    private static final long BACKING_FORMAT = 0xe2792acaL;
    private static final long FEATURE_NAMES = 0x6803f857L;
    private static final long BITMAPS = 0x23852875L;
    private static final long ENCRYPTION = 0x0537be77L;
    private static final long DATA_FILE = 0x44415441L;
    private static final int COUNT_LIMIT = 256;
    private static final int NAME_LIMIT_BYTES = 1023;

    private final ImageInput in;
    private final Qcow2Header header;
    private final Draft draft;
    private @Nullable String backingFormat;
    private @Nullable String dataFile;

    /** The bitmap directory; none if the length is 0. */
    long bitmapCount;

    long bitmapDirectoryOffset;
    long bitmapDirectoryLength;

    /** The encryption header; none if the length is 0. */
    long encryptionOffset;

    long encryptionLength;

    private Qcow2Extensions(ImageInput in, Qcow2Header header, Draft draft) {
        this.in = in;
        this.header = header;
        this.draft = draft;
    }

    /** Reads them, and adds what they and the header point to. */
    static Qcow2Extensions read(ImageInput in, Qcow2Header header, Draft draft) throws IOException, Malformed {
        Qcow2Extensions extensions = new Qcow2Extensions(in, header, draft);
        Malformed broken = null;
        try {
            extensions.walk();
        } catch (Malformed e) {
            // What the header points to is worth showing even then.
            broken = e;
        }
        extensions.references();
        if (broken != null) {
            throw broken;
        }
        return extensions;
    }

    private void walk() throws IOException, Malformed {
        long end = header.clusterBytes();
        if (header.backingOffset() > 0 && header.backingOffset() < end) {
            end = header.backingOffset();
        }
        Set<Long> seen = new HashSet<>();
        long at = header.headerLength();
        while (at + 8 <= end) {
            if (!in.holds(at, 8)) {
                throw new Malformed(ImageCode.TRUNCATED, "the file ends inside the header extensions");
            }
            long type = in.u32be(at);
            long length = in.u32be(at + 4);
            if (type == END) {
                return;
            }
            if (length > end - at - 8) {
                throw new Malformed(ImageCode.EXTENSION, "a header extension runs past the first cluster");
            }
            if (!seen.add(type) || seen.size() > COUNT_LIMIT) {
                throw new Malformed(ImageCode.EXTENSION, "a header extension is there twice, or there are too many");
            }
            extension(type, at + 8, (int) length);
            at += 8 + (length + 7) / 8 * 8;
        }
    }

    private void extension(long type, long at, int length) throws IOException, Malformed {
        if (type == BACKING_FORMAT) {
            backingFormat = in.text(at, length);
        } else if (type == DATA_FILE) {
            dataFile = in.text(at, length);
        } else if (type == ENCRYPTION) {
            if (length < 16 || header.cryptMethod() != 2) {
                throw new Malformed(ImageCode.EXTENSION, "an encryption header where none belongs, or a short one");
            }
            encryptionOffset = in.u64be(at);
            encryptionLength = in.u64be(at + 8);
        } else if (type == BITMAPS) {
            if (length != 24 || in.u32be(at + 4) != 0 || in.u32be(at) == 0) {
                throw new Malformed(ImageCode.EXTENSION, "a malformed bitmaps extension");
            }
            bitmapCount = in.u32be(at);
            bitmapDirectoryLength = in.u64be(at + 8);
            bitmapDirectoryOffset = in.u64be(at + 16);
            draft.feature("bitmaps");
        } else if (type != FEATURE_NAMES) {
            draft.feature("extension-0x" + Long.toHexString(type));
        }
    }

    private void references() throws IOException, Malformed {
        if (header.externalData() || dataFile != null) {
            if (dataFile == null) {
                // QEMU would take the name from its command line.
                draft.refuse(ImageCode.DATA_FILE, "the image keeps its data in a file that it does not name");
                draft.feature("external-data");
            } else {
                draft.dataFile(new Reference(dataFile, "raw"));
            }
        }
        if (header.backingOffset() != 0) {
            backing();
        }
        if ((header.autoclear() & Qcow2Header.AUTOCLEAR_BITMAPS) != 0 && bitmapCount == 0) {
            draft.refuse(ImageCode.EXTENSION, "the bitmaps feature without the bitmaps extension");
        }
        if (header.cryptMethod() == 2 && encryptionLength == 0) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "LUKS encryption without its header");
        }
    }

    private void backing() throws IOException, Malformed {
        long offset = header.backingOffset();
        long length = header.backingLength();
        boolean readable = length <= NAME_LIMIT_BYTES && in.holds(offset, length);
        draft.backing(new Reference(readable ? in.text(offset, (int) length) : "", backingFormat));
        if (backingFormat == null) {
            draft.refuse(
                    ImageCode.BACKING_FORMAT, "the backing file's format is not given, so that QEMU would guess it");
        }
        if (length > NAME_LIMIT_BYTES) {
            draft.refuse(ImageCode.REFERENCE_TEXT, "the backing file's name has " + length + " bytes");
        }
        if (offset < header.headerLength()
                || offset > header.clusterBytes() - Math.min(length, header.clusterBytes())) {
            draft.refuse(ImageCode.HEADER, "the backing file's name lies outside the first cluster");
        }
    }
}
