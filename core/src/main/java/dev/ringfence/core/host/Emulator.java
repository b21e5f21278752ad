package dev.ringfence.core.host;

import java.util.List;

/**
 * A QEMU system emulator that is installed, or that a guest names, with the libraries it loads.
 *
 * @param path absolute; in parentheses whose it is, for one that cannot be known because a guest could not be read
 * @param packageName owner in the package database, empty when none
 * @param modified whether its content differs from the package's checksum; absent when no package has it
 * @param libraries what it needs, transitively; a library that was not found has an empty path and an absent hardening
 */
public record Emulator(
        String path,
        String packageName,
        String packageVersion,
        Fact<Boolean> modified,
        Fact<Hardening> hardening,
        Fact<List<Library>> libraries) {
    /** A shared library of an emulator. */
    public record Library(String name, String path, Fact<Hardening> hardening) {}
}
