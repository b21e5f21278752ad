package dev.ringfence.formats.planted;

import org.assertj.core.api.Assertions;

/** Uses a library where only the JDK may be used. Never part of the product. */
public final class PlantedParser {
    /** Depends on a library. */
    public static Class<?> library() {
        return Assertions.class;
    }
}
