package dev.ringfence.formats.domain;

import java.util.Map;

/**
 * Where a device sits: {@code <address>}.
 *
 * @param type {@code pci}, {@code drive}, {@code usb}, {@code virtio-serial}, {@code ccw}, …; {@code ""} when absent
 * @param pci a PCI address as the kernel writes it, {@code 0000:3b:00.1}; {@code ""} for another type
 * @param attributes all attributes as written
 */
public record Address(String type, String pci, Map<String, String> attributes) {
    public Address {
        attributes = Map.copyOf(attributes);
    }
}
