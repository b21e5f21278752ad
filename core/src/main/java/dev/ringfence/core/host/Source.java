package dev.ringfence.core.host;

/**
 * Where a fact comes from.
 *
 * @param where a path, or the command that was run; as the host sees it, without the root of a captured tree
 * @param how such as {@code read}, {@code stat}, {@code parsed}, {@code derived}
 */
public record Source(String where, String how) {}
