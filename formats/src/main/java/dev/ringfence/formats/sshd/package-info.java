/**
 * OpenSSH's {@code sshd_config}. Entry type: {@link dev.ringfence.formats.sshd.SshdConfig}.
 *
 * <p>Invariants: keywords are in lower case; the first value wins, as sshd reads it; included files are named where they
 * stand and joined by the caller's lookup. Nothing is said about defaults. All types are immutable and thread-safe.
 *
 * <p>Source: OpenSSH, {@code sshd_config(5)}.
 */
@NullMarked
package dev.ringfence.formats.sshd;

import org.jspecify.annotations.NullMarked;
