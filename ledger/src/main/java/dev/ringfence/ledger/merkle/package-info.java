/**
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256: hashes, the right edge of a growing tree ({@link
 * dev.ringfence.ledger.merkle.Frontier}), inclusion and consistency proofs. Proofs are built from a {@link
 * dev.ringfence.ledger.merkle.TreeHashes} and verified without any other source; verification is total.
 */
@NullMarked
package dev.ringfence.ledger.merkle;

import org.jspecify.annotations.NullMarked;
