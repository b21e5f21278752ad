package dev.ringfence.formats.image;

import java.io.IOException;

/** Linux unified key setup around a raw disk, versions 1 and 2. */
final class LuksReader implements FormatReader {
    @Override
    public ImageFormat format() {
        return ImageFormat.LUKS;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, LuksHeader.MAGIC);
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        LuksHeader.Payload payload = LuksHeader.read(in, 0, in.sizeBytes(), draft);
        if (payload.offsetBytes() == 0) {
            // The data is in another place, which the header does not name.
            draft.refuse(ImageCode.DATA_FILE, "a detached header without data");
            return;
        }
        if (payload.offsetBytes() > in.sizeBytes()) {
            throw new Malformed(ImageCode.TRUNCATED, "the file ends before its data");
        }
        long room = in.sizeBytes() - payload.offsetBytes();
        draft.virtualSizeBytes = payload.toTheEnd() ? room : payload.sizeBytes();
        if (draft.virtualSizeBytes > room) {
            draft.refuse(ImageCode.TRUNCATED, "the file is shorter than its disk");
        }
    }
}
