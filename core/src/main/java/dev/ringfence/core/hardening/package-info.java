/**
 * What could be taken out of a hypervisor without a guest missing it. Entry type: {@link
 * dev.ringfence.core.hardening.QemuReduction}. Pure: the same emulator and guests give the same answer. No I/O.
 */
@NullMarked
package dev.ringfence.core.hardening;

import org.jspecify.annotations.NullMarked;
