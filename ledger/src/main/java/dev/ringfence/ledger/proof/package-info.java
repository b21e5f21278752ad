/**
 * Proofs that verify offline: files of C2SP tlog-proof, trust policies of tlog-policy, and the verifier that needs neither
 * the log nor a network. Entry type: {@link dev.ringfence.ledger.proof.OfflineVerifier}. Parsers and verifier are total.
 */
@NullMarked
package dev.ringfence.ledger.proof;

import org.jspecify.annotations.NullMarked;
