/**
 * What an auditor runs with a JDK and this jar alone: verify a proof, check a log's directory, make a proof. Entry type:
 * {@link dev.ringfence.ledger.auditor.Auditor}. It reads; only {@code prove --out} writes, and never over a file.
 */
@NullMarked
package dev.ringfence.ledger.auditor;

import org.jspecify.annotations.NullMarked;
