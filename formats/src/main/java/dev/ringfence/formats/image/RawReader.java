package dev.ringfence.formats.image;

import java.io.IOException;

/** A raw disk: no header of its own. */
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
        draft.virtualSizeBytes = in.sizeBytes();
    }
}
