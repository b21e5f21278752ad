package dev.ringfence.formats.domain;

/**
 * {@code <memballoon>}.
 *
 * @param model {@code virtio}, {@code none}, …
 * @param statsPeriodSeconds -1 when the guest sends no statistics
 */
public record Memballoon(
        String model,
        String autodeflate,
        String freePageReporting,
        long statsPeriodSeconds,
        VirtioDriver driver,
        String alias,
        Address address) {}
