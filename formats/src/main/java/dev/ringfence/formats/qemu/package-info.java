/**
 * What a QEMU system emulator says of itself: its {@code help} lists and QMP replies. Entry type: {@link
 * dev.ringfence.formats.qemu.QemuHelp}. Lines that are not understood are passed over, because every version words its help
 * a little differently; a list that yields nothing is refused.
 */
@NullMarked
package dev.ringfence.formats.qemu;

import org.jspecify.annotations.NullMarked;
