package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <rng>}.
 *
 * @param model {@code virtio}, …
 * @param rateBytes bytes per period, -1 without a limit
 * @param ratePeriodMillis -1 when not given (then 1000)
 * @param backendModel {@code random}, {@code egd}, {@code builtin}
 * @param backendPath the host's device, for {@code random}
 * @param backendType as a character device's, for {@code egd}
 */
public record Rng(
        String model,
        long rateBytes,
        long ratePeriodMillis,
        String backendModel,
        String backendPath,
        String backendType,
        List<CharDevice.CharSource> backendSources,
        VirtioDriver driver,
        String alias,
        Address address) {
    public Rng {
        backendSources = List.copyOf(backendSources);
    }
}
