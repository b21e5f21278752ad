package dev.ringfence.formats.domain;

/**
 * {@code <redirfilter>} {@code <usbdev>}: which USB devices a viewer may redirect.
 *
 * @param usbClass {@code class}, as written; {@code -1} or {@code ""} for any, as the others
 * @param allow {@code yes} or {@code no}
 */
public record UsbFilter(String usbClass, String vendor, String product, String version, String allow) {}
