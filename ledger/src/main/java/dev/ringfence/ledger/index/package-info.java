/**
 * Finds leaves by subject, kind and time. Entry type: {@link dev.ringfence.ledger.index.LeafIndex}. Invariants: the index is
 * derived from the bundles alone, may be thrown away at any time, and is rebuilt where it is missing, damaged or of another
 * tree; every answer is read from the bundles and carries leaf indices, so that it can be proven.
 */
@NullMarked
package dev.ringfence.ledger.index;

import org.jspecify.annotations.NullMarked;
