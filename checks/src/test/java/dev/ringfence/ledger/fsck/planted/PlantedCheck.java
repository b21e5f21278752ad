package dev.ringfence.ledger.fsck.planted;

import dev.ringfence.ledger.merkle.TreeHasher;
import org.assertj.core.api.Assertions;

/** Checks the writer with the writer's own code, and uses a library. Never part of the product. */
public final class PlantedCheck {
    /** Shares code with the writer. */
    public static Class<?> shared() {
        return TreeHasher.class;
    }

    /** Depends on a library. */
    public static Class<?> library() {
        return Assertions.class;
    }
}
