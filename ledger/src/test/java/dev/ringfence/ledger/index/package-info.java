/** Tests of the index against a scan of all leaves. */
@NullMarked
package dev.ringfence.ledger.index;

import org.jspecify.annotations.NullMarked;
