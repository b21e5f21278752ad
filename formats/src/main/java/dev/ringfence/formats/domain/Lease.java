package dev.ringfence.formats.domain;

/**
 * {@code <lease>}: a lock held while the guest runs.
 */
public record Lease(String lockspace, String key, String targetPath) {}
