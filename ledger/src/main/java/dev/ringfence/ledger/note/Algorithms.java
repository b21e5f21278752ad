package dev.ringfence.ledger.note;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The JDK's Ed25519 and ML-DSA-44 over raw keys. */
final class Algorithms {
    /** Length of the seed that makes a key pair, in both algorithms. */
    static final int SEED_SIZE_BYTES = 32;

    /** SubjectPublicKeyInfo up to the key: RFC 8410, and FIPS 204 keys as RFC 9881 names them. */
    private static final byte[] ED25519_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] ML_DSA_44_HEADER =
            HexFormat.of().parseHex("30820532300b0609608648016503040311038205" + "2100");

    private Algorithms() {}

    /** The public key in these bytes; empty if they are none. */
    static Optional<PublicKey> publicKey(SignatureType type, byte[] raw) {
        if (raw.length != type.publicKeySizeBytes()) {
            return Optional.empty();
        }
        byte[] header = isEd25519(type) ? ED25519_HEADER : ML_DSA_44_HEADER;
        byte[] encoded = Arrays.copyOf(header, header.length + raw.length);
        System.arraycopy(raw, 0, encoded, header.length, raw.length);
        try {
            PublicKey key = KeyFactory.getInstance(name(type)).generatePublic(new X509EncodedKeySpec(encoded));
            // Some bytes are no point of the curve; the JDK notices when the key is used first.
            signature(type).initVerify(key);
            return Optional.of(key);
        } catch (InvalidKeySpecException | InvalidKeyException _) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw missing(e);
        }
    }

    /** The raw bytes of a public key. */
    static byte[] raw(SignatureType type, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - type.publicKeySizeBytes(), encoded.length);
    }

    /** The key pair of a seed of 32 bytes (RFC 8032 section 5.1.5, FIPS 204 algorithm 1). */
    static KeyPair keyPair(SignatureType type, byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(name(type));
            generator.initialize(new NamedParameterSpec(name(type)), new Seed(seed));
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw missing(e);
        }
    }

    static byte[] sign(SignatureType type, PrivateKey key, byte[] message) {
        try {
            Signature signature = signature(type);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of ours does not sign", e);
        }
    }

    /** Whether a signature without timestamp is one of the key over the message. Never throws for what they say. */
    static boolean verifies(SignatureType type, PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = signature(type);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException _) {
            return false;
        } catch (InvalidKeyException | NoSuchAlgorithmException e) {
            throw missing(e);
        }
    }

    private static boolean isEd25519(SignatureType type) {
        return switch (type) {
            case ED25519, ED25519_COSIGNATURE -> true;
            case ML_DSA_44_COSIGNATURE -> false;
        };
    }

    private static String name(SignatureType type) {
        return isEd25519(type) ? "Ed25519" : "ML-DSA-44";
    }

    private static Signature signature(SignatureType type) throws NoSuchAlgorithmException {
        return Signature.getInstance(name(type));
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this JDK lacks Ed25519 or ML-DSA-44", e);
    }

    /**
     * Gives a seed to the JDK, which makes key pairs from a random source only. Both algorithms draw exactly one seed; a
     * JDK that drew anything else fails here instead of making another key.
     */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] seed;
        private boolean drawn;

        Seed(byte[] seed) {
            super(null, null);
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (drawn || bytes.length != seed.length) {
                throw new IllegalStateException("this JDK makes keys from something else than one seed");
            }
            System.arraycopy(seed, 0, bytes, 0, seed.length);
            drawn = true;
        }
    }
}
