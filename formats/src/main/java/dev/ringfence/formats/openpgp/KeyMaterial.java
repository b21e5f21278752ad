package dev.ringfence.formats.openpgp;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** What a public key verifies with, by algorithm (RFC 9580, sections 5.5.5 and 5.2.3). */
sealed interface KeyMaterial {
    /** RSA keys below this size are refused. */
    int RSA_LIMIT_BITS = 2048;

    /**
     * Whether the signature fits the digest.
     *
     * @param fields the algorithm's own part of the signature packet
     * @throws Malformed if the fields are malformed, or the key is too weak or of an algorithm that signs nothing here
     */
    boolean verifies(DigestAlgorithm algorithm, byte[] digest, Reading fields) throws Malformed;

    /** Reads the algorithm's own part of a key packet. */
    static KeyMaterial read(int algorithm, Reading in) throws Malformed {
        return switch (algorithm) {
            case 1, 3 -> new Rsa(in.mpi(), in.mpi());
            case 19 -> ecdsa(in);
            case 22 -> edDsaLegacy(in);
            case 27 -> new EdDsa(Curve.ED25519, new Octets(in.bytes(32)), true);
            case 28 -> new EdDsa(Curve.ED448, new Octets(in.bytes(57)), true);
            default -> new Other(algorithm);
        };
    }

    private static KeyMaterial ecdsa(Reading in) throws Malformed {
        String oid = new Octets(in.bytes(in.u8())).hex();
        return switch (oid) {
            case "2A8648CE3D030107" -> new Ecdsa("secp256r1", point(in));
            case "2B81040022" -> new Ecdsa("secp384r1", point(in));
            case "2B81040023" -> new Ecdsa("secp521r1", point(in));
            default -> new Other(19);
        };
    }

    private static KeyMaterial edDsaLegacy(Reading in) throws Malformed {
        String oid = new Octets(in.bytes(in.u8())).hex();
        if (!oid.equals("2B06010401DA470F01")) {
            return new Other(22);
        }
        byte[] point = point(in).copy();
        if (point.length != 33 || point[0] != 0x40) {
            throw new Malformed(Malformed.PACKET, "a malformed Ed25519 key");
        }
        return new EdDsa(Curve.ED25519, new Octets(Arrays.copyOfRange(point, 1, 33)), false);
    }

    /** A point in an MPI: its first octet, which says the form, is never zero. */
    private static Octets point(Reading in) throws Malformed {
        byte[] value = in.mpi().toByteArray();
        return new Octets(value.length > 0 && value[0] == 0 ? Arrays.copyOfRange(value, 1, value.length) : value);
    }

    /** An unsigned number in exactly that many octets, or malformed. */
    private static byte[] fixed(BigInteger number, int length) throws Malformed {
        if (number.bitLength() > length * 8) {
            throw new Malformed(Malformed.PACKET, "a number of the signature is too large");
        }
        byte[] value = number.toByteArray();
        byte[] out = new byte[length];
        int used = Math.min(value.length, length);
        System.arraycopy(value, value.length - used, out, length - used, used);
        return out;
    }

    private static boolean verify(String algorithm, PublicKey key, byte[] digest, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(digest);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException e) {
            // The JDK says so of numbers that are out of range.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + algorithm, e);
        }
    }

    /** PKCS #1 v1.5: the whole encoding is compared, so nothing can hide in its padding (RFC 8017, section 8.2.2). */
    record Rsa(BigInteger modulus, BigInteger exponent) implements KeyMaterial {
        /** Enough for 65537 and its kin; a huge exponent only costs time. */
        private static final int EXPONENT_LIMIT_BITS = 64;

        private static final int MODULUS_LIMIT_BITS = 16_384;

        @Override
        public boolean verifies(DigestAlgorithm algorithm, byte[] digest, Reading fields) throws Malformed {
            if (modulus.bitLength() < RSA_LIMIT_BITS) {
                throw new Malformed(
                        Malformed.WEAK_KEY,
                        "its key is RSA of " + modulus.bitLength() + " bits; " + RSA_LIMIT_BITS + " are the least");
            }
            if (modulus.bitLength() > MODULUS_LIMIT_BITS
                    || exponent.bitLength() > EXPONENT_LIMIT_BITS
                    || !modulus.testBit(0)
                    || !exponent.testBit(0)
                    || exponent.equals(BigInteger.ONE)) {
                throw new Malformed(Malformed.UNSUPPORTED, "its RSA key has an odd form");
            }
            BigInteger signature = fields.mpi();
            if (signature.compareTo(modulus) >= 0) {
                return false;
            }
            int length = (modulus.bitLength() + 7) / 8;
            byte[] prefix = algorithm.prefix();
            byte[] expected = new byte[length];
            Arrays.fill(expected, (byte) 0xff);
            expected[0] = 0;
            expected[1] = 1;
            int at = length - digest.length - prefix.length;
            expected[at - 1] = 0;
            System.arraycopy(prefix, 0, expected, at, prefix.length);
            System.arraycopy(digest, 0, expected, at + prefix.length, digest.length);
            return MessageDigest.isEqual(expected, fixed(signature.modPow(exponent, modulus), length));
        }
    }

    /** ECDSA on a NIST curve. */
    record Ecdsa(String curve, Octets point) implements KeyMaterial {
        @Override
        public boolean verifies(DigestAlgorithm algorithm, byte[] digest, Reading fields) throws Malformed {
            try {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec(curve));
                ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
                int length = (spec.getCurve().getField().getFieldSize() + 7) / 8;
                PublicKey key =
                        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(onCurve(spec, length), spec));
                byte[] both = Arrays.copyOf(fixed(fields.mpi(), length), 2 * length);
                System.arraycopy(fixed(fields.mpi(), length), 0, both, length, length);
                return verify("NONEwithECDSAinP1363Format", key, digest, both);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK lacks " + curve, e);
            }
        }

        private ECPoint onCurve(ECParameterSpec spec, int length) throws Malformed {
            byte[] octets = point.copy();
            if (octets.length != 2 * length + 1 || octets[0] != 4) {
                throw new Malformed(Malformed.PACKET, "a malformed point of curve " + curve);
            }
            BigInteger x = new BigInteger(1, octets, 1, length);
            BigInteger y = new BigInteger(1, octets, 1 + length, length);
            BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
            BigInteger right = x.pow(3)
                    .add(spec.getCurve().getA().multiply(x))
                    .add(spec.getCurve().getB());
            if (x.compareTo(p) >= 0
                    || y.compareTo(p) >= 0
                    || !y.pow(2).subtract(right).mod(p).equals(BigInteger.ZERO)) {
                throw new Malformed(Malformed.PACKET, "a point that is not on curve " + curve);
            }
            return new ECPoint(x, y);
        }
    }

    /** Curves of EdDSA. */
    enum Curve {
        ED25519(NamedParameterSpec.ED25519, "Ed25519", 64),
        ED448(NamedParameterSpec.ED448, "Ed448", 114);

        private final NamedParameterSpec spec;
        private final String algorithm;
        private final int signatureBytes;

        Curve(NamedParameterSpec spec, String algorithm, int signatureBytes) {
            this.spec = spec;
            this.algorithm = algorithm;
            this.signatureBytes = signatureBytes;
        }
    }

    /**
     * EdDSA; the digest of the content is what is signed.
     *
     * @param point as in RFC 8032
     * @param raw whether signatures are plain octets, not two numbers as before RFC 9580
     */
    record EdDsa(Curve curve, Octets point, boolean raw) implements KeyMaterial {
        @Override
        public boolean verifies(DigestAlgorithm algorithm, byte[] digest, Reading fields) throws Malformed {
            byte[] signature;
            if (raw) {
                signature = fields.bytes(curve.signatureBytes);
            } else {
                signature = Arrays.copyOf(fixed(fields.mpi(), 32), 64);
                System.arraycopy(fixed(fields.mpi(), 32), 0, signature, 32, 32);
            }
            byte[] little = point.copy();
            boolean odd = (little[little.length - 1] & 0x80) != 0;
            little[little.length - 1] &= 0x7f;
            byte[] big = new byte[little.length];
            for (int i = 0; i < big.length; i++) {
                big[i] = little[little.length - 1 - i];
            }
            try {
                PublicKey key = KeyFactory.getInstance(curve.algorithm)
                        .generatePublic(new EdECPublicKeySpec(curve.spec, new EdECPoint(odd, new BigInteger(1, big))));
                return verify(curve.algorithm, key, digest, signature);
            } catch (GeneralSecurityException e) {
                // A point that is none.
                return false;
            }
        }
    }

    /** An algorithm that verifies nothing here: encryption, DSA, or one that is not known. */
    record Other(int algorithm) implements KeyMaterial {
        @Override
        public boolean verifies(DigestAlgorithm digestAlgorithm, byte[] digest, Reading fields) throws Malformed {
            throw new Malformed(
                    algorithm == 17 ? Malformed.WEAK_KEY : Malformed.UNSUPPORTED,
                    algorithm == 17 ? "its key is DSA" : "its key is of algorithm " + algorithm);
        }
    }
}
