package dev.ringfence.formats.domain;

/**
 * {@code <vcpu>}.
 *
 * @param count greatest number of virtual CPUs
 * @param current number at boot, -1 when not given (then all)
 * @param placement {@code static} or {@code auto}
 * @param cpuset host CPUs
 */
public record Vcpu(long count, long current, String placement, String cpuset) {}
