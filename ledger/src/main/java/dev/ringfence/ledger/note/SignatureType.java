package dev.ringfence.ledger.note;

import java.util.Optional;

/** The kinds of note signature that we make and verify; others are ignored, as signed-note asks. */
public enum SignatureType {
    /** Ed25519 over the note text (signed-note). */
    ED25519(0x01, 32, 64),
    /** A timestamp, then Ed25519 over it and the checkpoint (tlog-cosignature). */
    ED25519_COSIGNATURE(0x04, 32, 72),
    /** A timestamp, then ML-DSA-44 over cosigner, time, origin, size and root (tlog-cosignature). */
    ML_DSA_44_COSIGNATURE(0x06, 1312, 2428);

    private final int identifier;
    private final int publicKeySizeBytes;
    private final int signatureSizeBytes;

    SignatureType(int identifier, int publicKeySizeBytes, int signatureSizeBytes) {
        this.identifier = identifier;
        this.publicKeySizeBytes = publicKeySizeBytes;
        this.signatureSizeBytes = signatureSizeBytes;
    }

    /** The type with this identifier byte. */
    static Optional<SignatureType> of(byte identifier) {
        for (SignatureType type : values()) {
            if (type.identifier == identifier) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Identifier byte assigned by signed-note. */
    public byte identifier() {
        return (byte) identifier;
    }

    /** Length of a public key. */
    public int publicKeySizeBytes() {
        return publicKeySizeBytes;
    }

    /** Length of a signature without the key id, with the timestamp if the type has one. */
    public int signatureSizeBytes() {
        return signatureSizeBytes;
    }

    /** Whether a signature carries the time at which it was made. */
    public boolean isTimestamped() {
        return this != ED25519;
    }
}
