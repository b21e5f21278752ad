/** Tests of witnesses over real HTTP. */
@NullMarked
package dev.ringfence.ledger.witness;

import org.jspecify.annotations.NullMarked;
