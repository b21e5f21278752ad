package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <redirdev>}: USB from a viewer into the guest.
 *
 * @param type as a character device's, often {@code spicevmc}
 */
public record Redirdev(
        String bus,
        String type,
        List<CharDevice.CharSource> sources,
        String protocolType,
        long bootOrder,
        String alias,
        Address address) {
    public Redirdev {
        sources = List.copyOf(sources);
    }
}
