package dev.ringfence.formats.domain;

/**
 * {@code <video>}.
 *
 * @param modelType {@code virtio}, {@code none}, {@code bochs}, {@code vga}, {@code cirrus}, {@code qxl}, {@code vmvga},
 *     {@code ramfb}, …
 * @param vramSizeBytes written in KiB
 * @param driverName {@code qemu} or {@code vhostuser}
 */
public record Video(
        String modelType,
        long vramSizeBytes,
        long heads,
        String primary,
        String blob,
        String accel3d,
        String rendernode,
        String driverName,
        String vgaconf,
        VirtioDriver driver,
        String alias,
        Address address) {}
