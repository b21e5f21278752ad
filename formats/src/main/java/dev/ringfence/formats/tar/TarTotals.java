package dev.ringfence.formats.tar;

/**
 * What a whole archive held.
 *
 * @param entries members
 * @param bytes sum of their content and of extension headers
 */
public record TarTotals(int entries, long bytes) {}
