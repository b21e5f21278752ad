package dev.ringfence.formats.image;

import java.io.IOException;

/** QEMU copy-on-write, versions 2 and 3 (QEMU docs/interop/qcow2). */
final class Qcow2Reader implements FormatReader {
    static final String MAGIC = "QFI\u00fb";

    @Override
    public ImageFormat format() {
        return ImageFormat.QCOW2;
    }

    /** Any version but 1, which is another format. */
    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, MAGIC) && !in.matches(4, "\0\0\0\u0001");
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        Qcow2Header header = Qcow2Header.read(in, draft);
        Qcow2Extensions extensions = Qcow2Extensions.read(in, header, draft);
        if (draft.codes().contains(ImageCode.FEATURE.code())) {
            // What the tables mean is not known.
            return;
        }
        new Qcow2Tables(in, header, extensions, draft).walk();
        if (extensions.encryptionLength > 0) {
            LuksHeader.read(in, extensions.encryptionOffset, extensions.encryptionLength, draft);
        }
    }
}
