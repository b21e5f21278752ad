/**
 * Reads OpenPGP keys and detached signatures, and verifies signatures over content that is streamed. Entry types:
 * {@link dev.ringfence.formats.openpgp.Certificate}, {@link dev.ringfence.formats.openpgp.PgpSignature} and
 * {@link dev.ringfence.formats.openpgp.SignatureCheck}.
 *
 * <p>Invariants: only version 4 keys and signatures, RSA of 2048 bits and more, ECDSA on the NIST curves and EdDSA. SHA-1 and
 * older digests count for nothing but old self-signatures. There is no web of trust: who verifies names the key by its
 * fingerprint. An expired or revoked key verifies nothing. Nothing is decrypted or decompressed, and private keys are refused.
 *
 * <p>Source: RFC 9580 (which replaces RFC 4880).
 */
@NullMarked
package dev.ringfence.formats.openpgp;

import org.jspecify.annotations.NullMarked;
