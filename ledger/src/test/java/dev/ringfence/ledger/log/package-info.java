/** Tests of the durable writer: on a modelled disk with every fault, on a real one with killed processes. */
@NullMarked
package dev.ringfence.ledger.log;

import org.jspecify.annotations.NullMarked;
