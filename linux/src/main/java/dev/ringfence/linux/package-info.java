/**
 * Access to a Linux host: its files, live or captured, and a few commands that only ask. Entry types: {@link
 * dev.ringfence.linux.HostFiles} and {@link dev.ringfence.linux.HostObservation}. Invariants: nothing here changes the
 * host; every read is bounded in bytes, every command in time; what cannot be read becomes a fact that says why.
 */
@NullMarked
package dev.ringfence.linux;

import org.jspecify.annotations.NullMarked;
