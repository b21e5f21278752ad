/** Tests of logs over real HTTP. */
@NullMarked
package dev.ringfence.ledger.http;

import org.jspecify.annotations.NullMarked;
