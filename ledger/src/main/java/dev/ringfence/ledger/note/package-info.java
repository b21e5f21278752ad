/**
 * Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), with the JDK's
 * Ed25519 and ML-DSA-44. Entry types: {@link dev.ringfence.ledger.note.SignedCheckpoint} to read, {@link
 * dev.ringfence.ledger.note.SignerKey} to sign. Parsers are total; a private key never shows itself.
 */
@NullMarked
package dev.ringfence.ledger.note;

import org.jspecify.annotations.NullMarked;
