package dev.ringfence.formats.openpgp;

import dev.ringfence.formats.Refusal;

/** Carries a refusal to the entry types. Without a stack trace, because hostile files are not exceptional. */
final class Malformed extends Exception {
    /** The file is larger than the limit. */
    static final String SIZE = "RF-PGP-001";
    /** The ASCII armor is malformed, or of another kind than expected. */
    static final String ARMOR = "RF-PGP-002";
    /** A packet is malformed or ends early. */
    static final String PACKET = "RF-PGP-003";
    /** A version or an algorithm that is not supported. */
    static final String UNSUPPORTED = "RF-PGP-004";
    /** There is no signature in the file. */
    static final String NO_SIGNATURE = "RF-PGP-005";
    /** There is no public key in the file. */
    static final String NO_KEY = "RF-PGP-006";
    /** The file holds a private key. */
    static final String PRIVATE_KEY = "RF-PGP-007";
    /** None of the signatures was made by the key that was asked for. */
    static final String OTHER_SIGNER = "RF-PGP-010";
    /** The signature does not fit the content, or is damaged. */
    static final String WRONG = "RF-PGP-011";
    /** The signature uses a digest that can be forged. */
    static final String WEAK_DIGEST = "RF-PGP-012";
    /** The key is too small. */
    static final String WEAK_KEY = "RF-PGP-013";
    /** The signature has expired. */
    static final String SIGNATURE_EXPIRED = "RF-PGP-014";
    /** The signature was made in the future, or before its key. */
    static final String TIME = "RF-PGP-015";
    /** The key has expired. */
    static final String KEY_EXPIRED = "RF-PGP-016";
    /** The key was revoked. */
    static final String REVOKED = "RF-PGP-017";
    /** The key that signed does not validly belong to the primary key, or may not sign. */
    static final String NOT_BOUND = "RF-PGP-018";
    /** Not a signature of a document. */
    static final String TYPE = "RF-PGP-019";
    /** The signature carries something critical that is not understood. */
    static final String CRITICAL = "RF-PGP-020";

    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    Malformed(String code, String reason) {
        super(reason, null, false, false);
        refusal = new Refusal(code, reason);
    }

    Refusal refusal() {
        return refusal;
    }
}
