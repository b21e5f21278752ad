package dev.ringfence.checks.architecture;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that is tested. */
public final class Tree {
    private Tree() {}

    /** Its top directory, wherever the test is run from. */
    public static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.exists(at.resolve("ringfence"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException(
                    "not inside a checkout: " + Path.of("").toAbsolutePath());
        }
        return at;
    }
}
