package dev.ringfence.formats.domain;

/**
 * {@code <crypto>}: a virtio crypto device.
 *
 * @param backendModel {@code builtin} or {@code lkcf}
 */
public record Crypto(
        String model,
        String type,
        String backendModel,
        long backendQueues,
        VirtioDriver driver,
        String alias,
        Address address) {}
