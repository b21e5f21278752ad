package dev.ringfence.formats.domain;

/**
 * {@code <audio>}: where sound goes on the host.
 *
 * @param type {@code none}, {@code spice}, {@code pulseaudio}, {@code file}, …
 * @param path file, for {@code file}
 */
public record Audio(long id, String type, String serverName, String path) {}
