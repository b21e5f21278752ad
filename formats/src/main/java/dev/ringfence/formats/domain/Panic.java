package dev.ringfence.formats.domain;

/**
 * {@code <panic>}: how the guest reports that it crashed.
 *
 * @param model {@code isa}, {@code pvpanic}, {@code hyperv}, …
 */
public record Panic(String model, Address address) {}
