package dev.ringfence.formats.openpgp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digest algorithms (RFC 9580, section 9.5), with the DER prefix that RSA signatures put before a digest (RFC 8017, 9.2). */
enum DigestAlgorithm {
    SHA1(2, "SHA-1", "3021300906052b0e03021a05000414"),
    SHA256(8, "SHA-256", "3031300d060960864801650304020105000420"),
    SHA384(9, "SHA-384", "3041300d060960864801650304020205000430"),
    SHA512(10, "SHA-512", "3051300d060960864801650304020305000440"),
    SHA224(11, "SHA-224", "302d300d06096086480165030402040500041c"),
    SHA3_256(12, "SHA3-256", "3031300d060960864801650304020805000420"),
    SHA3_512(14, "SHA3-512", "3051300d060960864801650304020a05000440");

    private final int id;
    private final String name;
    private final byte[] prefix;

    DigestAlgorithm(int id, String name, String prefix) {
        this.id = id;
        this.name = name;
        this.prefix = HexFormat.of().parseHex(prefix);
    }

    static DigestAlgorithm of(int id) throws Malformed {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.id == id) {
                return algorithm;
            }
        }
        throw new Malformed(
                id == 1 || id == 3 ? Malformed.WEAK_DIGEST : Malformed.UNSUPPORTED,
                id == 1 ? "its digest is MD5" : "its digest is of algorithm " + id);
    }

    /** Whether two contents with one digest can be made. */
    boolean forgeable() {
        return this == SHA1;
    }

    byte[] prefix() {
        return prefix.clone();
    }

    MessageDigest begin() {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks " + name, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
