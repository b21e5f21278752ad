/**
 * Checks a log's directory by deriving everything again from the entries: leaf hashes, every tile of every level, the root,
 * the signature. It shares no code with the packages that write and read logs, not even hashing and paths, so that one
 * mistake cannot hide in both. Entry type: {@link dev.ringfence.ledger.fsck.Fsck}. It reads only; memory does not grow with
 * the log.
 */
@NullMarked
package dev.ringfence.ledger.fsck;

import org.jspecify.annotations.NullMarked;
