package dev.ringfence.formats.domain;

/** {@code <memtune>}: limits of the memory cgroup. */
public record MemTune(
        long hardLimitSizeBytes, long softLimitSizeBytes, long swapHardLimitSizeBytes, long minGuaranteeSizeBytes) {}
