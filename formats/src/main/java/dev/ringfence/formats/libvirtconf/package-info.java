/**
 * The dialect of {@code libvirtd.conf}, {@code qemu.conf}, {@code virtqemud.conf} and their kin. Entry type: {@link
 * dev.ringfence.formats.libvirtconf.LibvirtConf}.
 *
 * <p>Invariants: a file that is accepted prints as the very same bytes; an edit changes the lines of one setting and no
 * others; a file that libvirt refuses is refused, except one of blank lines alone. Of a key that occurs twice libvirt uses the first (measured with
 * libvirt 9.0). All types are immutable and thread-safe.
 */
@NullMarked
package dev.ringfence.formats.libvirtconf;

import org.jspecify.annotations.NullMarked;
