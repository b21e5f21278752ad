/**
 * {@code /etc/default/grub} and the files of {@code /etc/default/grub.d}: shell files that assign variables. Entry type:
 * {@link dev.ringfence.formats.grub.GrubDefaults}.
 *
 * <p>Invariants: nothing is run; a file that is accepted prints as the very same bytes; an edit changes the value of one
 * variable and nothing else, and only where the file can be understood without a shell. All types are immutable and
 * thread-safe.
 *
 * <p>Source: POSIX.1-2017, Shell Command Language, sections 2.2 and 2.3; the kernel's admin-guide/kernel-parameters.
 */
@NullMarked
package dev.ringfence.formats.grub;

import org.jspecify.annotations.NullMarked;
