/**
 * Debian's package database and its version order. Entry types: {@link dev.ringfence.formats.dpkg.DpkgStatus} and {@link
 * dev.ringfence.formats.dpkg.DebianVersion}. Immutable and thread-safe.
 */
@NullMarked
package dev.ringfence.formats.dpkg;

import org.jspecify.annotations.NullMarked;
