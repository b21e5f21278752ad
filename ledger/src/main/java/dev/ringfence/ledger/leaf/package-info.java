/**
 * What stands in the log: typed envelopes in one canonical JSON form (RFC 8785), at most 65,535 bytes. Entry types: {@link
 * dev.ringfence.ledger.leaf.Leaf} and, for lines from outside, {@link dev.ringfence.ledger.leaf.LeafText}. Equal leaves
 * have equal bytes. Nothing personal that may have to be erased stands in a leaf: it gets a {@link
 * dev.ringfence.ledger.leaf.Commitment} instead.
 */
@NullMarked
package dev.ringfence.ledger.leaf;

import org.jspecify.annotations.NullMarked;
