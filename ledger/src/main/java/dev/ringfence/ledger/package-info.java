/**
 * A transparency log: nobody can deny or rewrite what happened. The formats are those of C2SP (tlog-tiles,
 * tlog-checkpoint, signed-note, tlog-cosignature, tlog-proof, tlog-witness, tlog-policy), byte for byte, over the Merkle
 * tree of RFC 6962. What every package shares stands here: {@link dev.ringfence.ledger.Parsed} for input,
 * {@link dev.ringfence.ledger.Check} for proofs and signatures, {@link dev.ringfence.ledger.Refusal} for the reason.
 * JDK only, so that an auditor needs a JDK and this one jar ({@link dev.ringfence.ledger.AuditorMain}).
 */
@NullMarked
package dev.ringfence.ledger;

import org.jspecify.annotations.NullMarked;
