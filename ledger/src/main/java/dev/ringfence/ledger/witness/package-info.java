/**
 * Witnessing over HTTP (C2SP tlog-witness), both sides. Entry types: {@link dev.ringfence.ledger.witness.Witness}, which
 * cosigns, and {@link dev.ringfence.ledger.witness.WitnessClient}, through which a log asks. Invariants: a witness never
 * cosigns two trees of one size of a log, nor a smaller one after a larger one, whatever ends it in between; a log that
 * requires witnesses publishes nothing without them.
 */
@NullMarked
package dev.ringfence.ledger.witness;

import org.jspecify.annotations.NullMarked;
