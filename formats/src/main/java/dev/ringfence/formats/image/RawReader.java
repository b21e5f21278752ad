package dev.ringfence.formats.image;

import java.io.IOException;

/** A raw disk: no header of its own, but perhaps a partition table. */
final class RawReader implements FormatReader {
    @Override
    public ImageFormat format() {
        return ImageFormat.RAW;
    }

    @Override
    public boolean claims(ImageInput in) {
        return true;
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        // QEMU counts in sectors and rounds up.
        draft.virtualSizeBytes = (in.sizeBytes() + 511) / 512 * 512;
        PartitionTables.read(in, draft);
    }
}
