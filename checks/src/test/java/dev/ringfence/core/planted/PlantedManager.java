package dev.ringfence.core.planted;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.Assertions;

/** Breaks every rule that holds for core. Never part of the product. */
public final class PlantedManager {
    /** A record with an array. */
    public record Holder(byte[] bytes) {}

    /** A library that core may not use. */
    public static Class<?> library() {
        return Assertions.class;
    }

    /** I/O, the clock, a forbidden call and a getter in one. */
    public static String getEverything() throws Exception {
        Thread.sleep(0);
        return Files.readString(Path.of("/dev/null")) + Instant.now();
    }
}
