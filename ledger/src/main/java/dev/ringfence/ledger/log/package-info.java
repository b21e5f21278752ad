/**
 * The durable writer of a log. Entry type: {@link dev.ringfence.ledger.log.Log}. Invariants: an entry is accepted only when
 * it is durable and stands under a published checkpoint; no two trees are ever signed under one key; readers see a checkpoint
 * only when all its tiles are durable; after any failure nothing is written until the log was opened again, and opening
 * derives the tree from the files.
 */
@NullMarked
package dev.ringfence.ledger.log;

import org.jspecify.annotations.NullMarked;
