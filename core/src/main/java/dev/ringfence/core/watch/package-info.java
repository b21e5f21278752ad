/**
 * Deciding what a change on a host means: what is watched for which control, what differs from the accepted state, and
 * whether a control may still be put back. Entry types: {@link dev.ringfence.core.watch.WatchList}, {@link
 * dev.ringfence.core.watch.DriftLog}, {@link dev.ringfence.core.watch.EnforceLimiter}.
 *
 * <p>Invariants: no I/O, no clock; instants come in. A change is reported once, and once more when it is taken back.
 * Content of files is known by its digest alone.
 */
@NullMarked
package dev.ringfence.core.watch;

import org.jspecify.annotations.NullMarked;
