package dev.ringfence.formats.domain;

/**
 * {@code <resource>}.
 *
 * @param partition the cgroup partition, such as {@code /machine}
 * @param fibrechannelAppid application identifier on a Fibre Channel fabric
 */
public record Resource(String partition, String fibrechannelAppid) {}
