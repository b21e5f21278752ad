/**
 * sudo's policy file. Entry type: {@link dev.ringfence.formats.sudoers.Sudoers}.
 *
 * <p>Invariants: a line that cannot be read becomes a problem with its line number and never a rule; who judges a file
 * must look at the problems too. Included files are named, not read; {@link
 * dev.ringfence.formats.sudoers.Sudoers#merge} joins what a caller read. All types are immutable and thread-safe.
 *
 * <p>Source: sudo, {@code sudoers(5)}.
 */
@NullMarked
package dev.ringfence.formats.sudoers;

import org.jspecify.annotations.NullMarked;
