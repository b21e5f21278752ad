/**
 * Files of {@code /etc/sysctl.d}. Entry type: {@link dev.ringfence.formats.sysctl.SysctlConf}.
 *
 * <p>Invariants: a file that is accepted prints as the very same bytes; an edit changes the lines of one setting and no
 * others. Names are compared as systemd does, whichever of {@code .} and {@code /} separates their parts. All types are
 * immutable and thread-safe.
 *
 * <p>Source: sysctl.d(5), sysctl.conf(5).
 */
@NullMarked
package dev.ringfence.formats.sysctl;

import org.jspecify.annotations.NullMarked;
