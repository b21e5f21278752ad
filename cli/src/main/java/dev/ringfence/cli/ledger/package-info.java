/**
 * {@code ringfence ledger}: keep a transparency log, prove and verify what stands in it, and witness those of others. Entry
 * type: {@link dev.ringfence.cli.ledger.LedgerCommand}. A key is never printed, and never written over a file.
 */
@NullMarked
package dev.ringfence.cli.ledger;

import org.jspecify.annotations.NullMarked;
