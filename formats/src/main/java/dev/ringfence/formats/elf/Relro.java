package dev.ringfence.formats.elf;

/**
 * Whether relocated data becomes read-only before the program runs.
 *
 * @param level how much of it
 * @param why what was seen; for a person, without hostile text
 */
public record Relro(Level level, String why) {
    /** How much becomes read-only. */
    public enum Level {
        /** Nothing. */
        NONE,
        /** All but the jump addresses that are resolved later. */
        PARTIAL,
        /** All: symbols are resolved at once. */
        FULL,
        /** The loader relocates nothing in this kind of file. */
        NOT_APPLICABLE
    }

    public Relro {
        if (why.isBlank()) {
            throw new IllegalArgumentException("verdict without a reason");
        }
    }
}
