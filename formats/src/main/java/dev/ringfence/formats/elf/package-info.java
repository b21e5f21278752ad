/**
 * Reads ELF files and judges how they were hardened: RELRO, stack canary, NX, PIE, FORTIFY, CET, BTI and PAC, and which
 * libraries they load. Entry types: {@link dev.ringfence.formats.elf.ElfReader}, {@link
 * dev.ringfence.formats.elf.ElfHardening}, {@link dev.ringfence.formats.elf.NeededLibraries}.
 *
 * <p>Invariants: the file is judged as the kernel and the dynamic loader see it (program headers and PT_DYNAMIC); section
 * headers only add what loading does not need. Only the tables that are needed are read, never the whole file. Limits are
 * in {@link dev.ringfence.formats.elf.ElfReader}. What cannot be seen is {@link
 * dev.ringfence.formats.elf.Property.Answer#UNSEEN}, never yes. All values are immutable; strings from the file are
 * hostile text.
 *
 * <p>Sources: System V gABI 4.1 chapters 4 and 5, the GNU extensions in the LSB and the Linux gABI extensions.
 */
@NullMarked
package dev.ringfence.formats.elf;

import org.jspecify.annotations.NullMarked;
