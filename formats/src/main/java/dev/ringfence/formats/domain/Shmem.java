package dev.ringfence.formats.domain;

/**
 * {@code <shmem>}: memory shared with other guests or programs.
 *
 * @param name of the shared object
 * @param role {@code master} or {@code peer}
 * @param modelType {@code ivshmem}, {@code ivshmem-plain}, {@code ivshmem-doorbell}
 * @param server a server hands out the memory
 * @param serverPath its socket
 */
public record Shmem(
        String name,
        String role,
        String modelType,
        long sizeBytes,
        boolean server,
        String serverPath,
        String alias,
        Address address) {}
