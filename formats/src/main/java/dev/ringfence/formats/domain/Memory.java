package dev.ringfence.formats.domain;

/**
 * Guest memory: {@code <memory>}, {@code <currentMemory>}, {@code <maxMemory>}.
 *
 * @param dumpCore whether guest memory goes into a core file of QEMU: {@code on}, {@code off} or {@code ""}
 * @param maxMemorySlots slots for hot-plugged memory
 */
public record Memory(
        long sizeBytes, String dumpCore, long currentMemorySizeBytes, long maxMemorySizeBytes, long maxMemorySlots) {}
