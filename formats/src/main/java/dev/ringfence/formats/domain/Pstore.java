package dev.ringfence.formats.domain;

/**
 * {@code <pstore>}: storage for crash records.
 *
 * @param backend {@code acpi-erst}
 */
public record Pstore(String backend, String path, long sizeBytes, String alias, Address address) {}
