package dev.ringfence.formats.image;

import org.jspecify.annotations.Nullable;

/**
 * What the caller knows of an image before it is inspected.
 *
 * @param format the declared format; null if none was declared
 * @param encrypted whether encryption was declared
 */
public record Expectation(@Nullable ImageFormat format, boolean encrypted) {
    /** Nothing is declared. */
    public static final Expectation NONE = new Expectation(null, false);

    /** A format without encryption; {@code luks} declares its encryption by itself. */
    public static Expectation of(ImageFormat format) {
        return new Expectation(format, format == ImageFormat.LUKS);
    }
}
