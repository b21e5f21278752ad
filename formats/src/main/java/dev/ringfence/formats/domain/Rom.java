package dev.ringfence.formats.domain;

/**
 * {@code <rom>}: a device's option ROM.
 *
 * @param bar {@code on} or {@code off}: whether the guest sees the device's own ROM
 * @param file a host file used as ROM
 * @param enabled {@code yes} or {@code no}
 */
public record Rom(String bar, String file, String enabled) {}
