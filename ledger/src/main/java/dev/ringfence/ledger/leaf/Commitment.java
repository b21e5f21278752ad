package dev.ringfence.ledger.leaf;

import dev.ringfence.ledger.merkle.Hash;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A commitment to a body: HMAC-SHA-256 over it with a secret random salt as the key. With body and salt anybody can check
 * it; once the salt is erased, the commitment tells nothing about the body, not even to who can guess it. Its text is
 * {@code hmac-sha256:} and 64 hexadecimal digits.
 *
 * @param value the 32 bytes of the HMAC
 */
public record Commitment(Hash value) {
    /** Length of a salt in bytes. Each body needs its own, from a random source. */
    public static final int SALT_SIZE_BYTES = 32;

    private static final String PREFIX = "hmac-sha256:";

    /**
     * Commits to a body.
     *
     * @throws IllegalArgumentException if the salt has another length than 32 bytes
     */
    public static Commitment to(byte[] body, byte[] salt) {
        if (salt.length != SALT_SIZE_BYTES) {
            throw new IllegalArgumentException("a salt of " + salt.length + " bytes");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt, "HmacSHA256"));
            return new Commitment(Hash.of(mac.doFinal(body)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** Reads the text of a commitment; empty for anything else. Never throws. */
    public static Optional<Commitment> parse(String text) {
        return text.startsWith(PREFIX)
                ? Hash.fromHex(text.substring(PREFIX.length()))
                        .map(Commitment::new)
                        .filter(commitment -> commitment.text().equals(text))
                : Optional.empty();
    }

    /** The text in a leaf. */
    public String text() {
        return PREFIX + value.hex();
    }

    /** Whether this is the commitment to this body with this salt. */
    public boolean opens(byte[] body, byte[] salt) {
        return salt.length == SALT_SIZE_BYTES && to(body, salt).equals(this);
    }
}
