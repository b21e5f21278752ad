/**
 * Probes: each reads one part of a host into one record of facts. Entry types: the classes whose name ends in {@code
 * Probe}, each with one method {@code observe}. Invariants: the same code reads a live host and a captured tree; no probe
 * throws for what a host holds; a file is read once and no file system is walked; what is certainly not there is absent,
 * what could not be seen is not observed and says why, and a list is never shorter because part of it could not be read.
 */
@NullMarked
package dev.ringfence.linux.probe;

import org.jspecify.annotations.NullMarked;
