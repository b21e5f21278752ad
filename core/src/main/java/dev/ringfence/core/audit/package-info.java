/**
 * Judges a host's facts by controls. Entry type: {@link dev.ringfence.core.audit.Auditor}. A control is data: rules are
 * CEL expressions, checked when a {@link dev.ringfence.core.audit.ControlPack} is compiled. Invariants: what could not be
 * observed never passes; one broken control never stops the others; a run in which nothing applied is an error. No I/O;
 * the same facts, controls and instant always give the same report.
 */
@NullMarked
package dev.ringfence.core.audit;

import org.jspecify.annotations.NullMarked;
