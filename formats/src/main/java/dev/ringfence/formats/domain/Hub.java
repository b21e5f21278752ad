package dev.ringfence.formats.domain;

/**
 * {@code <hub>}.
 *
 * @param type {@code usb}
 */
public record Hub(String type, String alias, Address address) {}
