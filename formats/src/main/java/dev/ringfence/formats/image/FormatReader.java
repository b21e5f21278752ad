package dev.ringfence.formats.image;

import java.io.IOException;

/** Knows one format. Stateless; {@link ImageInspector} holds one of each. */
interface FormatReader {
    ImageFormat format();

    /**
     * Whether the file claims to be of this format: by its magic alone, at any place where some reader looks for it (head,
     * tail). True as soon as any tool would take it for this format, however damaged the rest is. Reads little; never
     * refuses for what it finds.
     */
    boolean claims(ImageInput in) throws IOException, Malformed;

    /** Whether the file begins with what the guest wrote, so that a partition table there is no second format. */
    default boolean beginsAsDisk(ImageInput in) throws IOException, Malformed {
        return false;
    }

    /**
     * Reads a file that claims this format, and adds what it finds. Goes on after a finding where it can.
     *
     * @throws Malformed with one more finding, where reading cannot go on
     */
    void read(ImageInput in, Draft draft) throws IOException, Malformed;
}
