package dev.ringfence.formats.domain;

/**
 * {@code <nvram>} below {@code <devices>}, of POWER guests.
 */
public record Nvram(String alias, Address address) {}
