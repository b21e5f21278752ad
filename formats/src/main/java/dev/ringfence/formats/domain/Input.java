package dev.ringfence.formats.domain;

/**
 * {@code <input>}.
 *
 * @param type {@code tablet}, {@code mouse}, {@code keyboard}, {@code passthrough}, {@code evdev}
 * @param bus {@code usb}, {@code ps2}, {@code virtio}, {@code xen}
 * @param source host event device, for {@code passthrough} and {@code evdev}
 */
public record Input(
        String type, String bus, String model, String source, VirtioDriver driver, String alias, Address address) {}
