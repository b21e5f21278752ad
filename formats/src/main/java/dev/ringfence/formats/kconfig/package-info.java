/**
 * The kernel's build configuration ({@code /boot/config-*}, {@code /proc/config.gz} unpacked). Entry type: {@link
 * dev.ringfence.formats.kconfig.KernelConfig}. Immutable and thread-safe.
 */
@NullMarked
package dev.ringfence.formats.kconfig;

import org.jspecify.annotations.NullMarked;
