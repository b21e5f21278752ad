/**
 * Reads tar archives: ustar, GNU long names and pax headers. Entry type: {@link dev.ringfence.formats.tar.TarReader}.
 *
 * <p>Invariants: an archive is read once, front to back, with a fixed amount of memory; contents are streamed to the
 * caller and never kept. Names are relative and cannot climb with {@code ..}; what a symbolic link points to stays
 * hostile text. An archive that ends early is refused, so a cut transfer never passes for a whole one.
 *
 * <p>Sources: POSIX.1-2024, pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar 1.35 manual, "Basic Tar
 * Format".
 */
@NullMarked
package dev.ringfence.formats.tar;

import org.jspecify.annotations.NullMarked;
