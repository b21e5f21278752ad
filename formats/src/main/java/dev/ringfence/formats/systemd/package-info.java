/**
 * systemd's configuration files, units and drop-ins. Entry type: {@link dev.ringfence.formats.systemd.UnitFile}.
 *
 * <p>Invariants: a file that is accepted prints as the very same bytes; an edit changes the lines of one setting and no
 * others. Nothing is said about what a setting means. All types are immutable and thread-safe.
 *
 * <p>Source: systemd.syntax(7) and systemd's reader.
 */
@NullMarked
package dev.ringfence.formats.systemd;

import org.jspecify.annotations.NullMarked;
