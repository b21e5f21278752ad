/**
 * oslo.rootwrap: {@code rootwrap.conf} and {@code *.filters}, and what a filter amounts to. Entry types: {@link
 * dev.ringfence.formats.rootwrap.RootwrapConf}, {@link dev.ringfence.formats.rootwrap.RootwrapFilters} and {@link
 * dev.ringfence.formats.rootwrap.FilterLint}.
 *
 * <p>Invariants: files are read as Python's {@code RawConfigParser} reads them (names in lower case, the last of two
 * equal names wins, values go on in indented lines, entries of {@code [DEFAULT]} count for every section). rootwrap
 * always allows {@code privsep-helper} besides what the files say. All types are immutable and thread-safe.
 *
 * <p>Source: oslo.rootwrap ({@code wrapper.py}, {@code filters.py}).
 */
@NullMarked
package dev.ringfence.formats.rootwrap;

import org.jspecify.annotations.NullMarked;
