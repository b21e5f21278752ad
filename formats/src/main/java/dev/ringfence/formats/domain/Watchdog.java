package dev.ringfence.formats.domain;

/**
 * {@code <watchdog>}.
 *
 * @param action what happens when it fires: {@code reset}, {@code poweroff}, {@code none}, {@code dump}, …
 */
public record Watchdog(String model, String action, String alias, Address address) {}
