/**
 * Files of {@code /etc/modprobe.d}. Entry type: {@link dev.ringfence.formats.modprobe.ModprobeConf}.
 *
 * <p>Invariants: a file that is accepted prints as the very same bytes; an edit changes one directive and no others. Names
 * of modules and parameters are compared as the kernel does, {@code -} and {@code _} being one. All types are immutable
 * and thread-safe.
 *
 * <p>Source: modprobe.d(5), kmod's reader.
 */
@NullMarked
package dev.ringfence.formats.modprobe;

import org.jspecify.annotations.NullMarked;
