package dev.ringfence.formats.domain;

/**
 * {@code <sound>}: a sound card.
 *
 * @param model {@code ich6}, {@code ich9}, {@code ac97}, {@code virtio}, …
 */
public record Sound(String model, long audioId, String alias, Address address) {}
