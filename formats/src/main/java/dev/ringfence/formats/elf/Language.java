package dev.ringfence.formats.elf;

/** The language that the file's own code was written in: a hint, for the compilers whose hardening differs from C. */
public enum Language {
    /** Go: its runtime grows and checks stacks itself. */
    GO,
    /** Rust: bounds are checked, and no stack protector is built in by default. */
    RUST,
    /** Another one, or no trace of one. */
    OTHER
}
