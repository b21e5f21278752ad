package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <smartcard>}.
 *
 * @param mode {@code host}, {@code host-certificates}, {@code passthrough}
 * @param type as a character device's, for {@code passthrough}
 * @param database path of the certificate database
 */
public record Smartcard(
        String mode,
        String type,
        List<String> certificates,
        String database,
        List<CharDevice.CharSource> sources,
        String alias,
        Address address) {
    public Smartcard {
        certificates = List.copyOf(certificates);
        sources = List.copyOf(sources);
    }
}
