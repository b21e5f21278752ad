package dev.ringfence.formats.domain;

/**
 * {@code <numatune>}, its memory policy for the whole guest.
 *
 * @param mode {@code strict}, {@code preferred}, {@code interleave}, {@code restrictive}
 */
public record NumaTune(String mode, String nodeset, String placement) {}
