package dev.ringfence.formats.domain;

/**
 * {@code <vsock>}: sockets between guest and host.
 *
 * @param cidAuto {@code yes} or {@code no}
 * @param cidAddress the guest context identifier, -1 when absent
 */
public record Vsock(
        String model, String cidAuto, long cidAddress, VirtioDriver driver, String alias, Address address) {}
