package dev.ringfence.formats.image;

import dev.ringfence.formats.Refusal;

/**
 * Ends the reading of an image with one more finding; {@link ImageInspector} turns it into a value. Without a stack trace,
 * because hostile files are not exceptional.
 */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    Malformed(ImageCode code, String reason) {
        super(reason, null, false, false);
        refusal = code.refusal(reason);
    }

    Refusal refusal() {
        return refusal;
    }
}
