package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A private key, as the text {@code PRIVATE+KEY+<name>+<key id>+<base64(type || seed)>} that other tools for signed notes
 * write too; the seed has 32 bytes in every type. Shows itself as {@code [redacted]}. Thread-safe. Refusal: RF-LDG-028,
 * not such a text, or one whose id is not that of its key. A refusal never repeats a part of the text.
 */
public final class SignerKey {
    private static final String PREFIX = "PRIVATE+KEY+";
    private static final int TEXT_LIMIT = 1024;

    private final byte[] seed;
    private final PrivateKey key;
    private final VerifierKey verifier;

    private SignerKey(byte[] seed, PrivateKey key, VerifierKey verifier) {
        this.seed = seed;
        this.key = key;
        this.verifier = verifier;
    }

    /** A new key from the system's random source. */
    public static Parsed<SignerKey> generate(String name, SignatureType type) {
        byte[] seed = new byte[Algorithms.SEED_SIZE_BYTES];
        new SecureRandom().nextBytes(seed);
        return of(name, type, seed);
    }

    /** Reads the text of a private key; white space around it is ignored. Never throws. */
    public static Parsed<SignerKey> parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > TEXT_LIMIT || !stripped.startsWith(PREFIX)) {
            return malformed("it does not start as one");
        }
        String[] parts = stripped.substring(PREFIX.length()).split("\\+", 3);
        Optional<byte[]> decoded = parts.length == 3 ? Base64Text.decode(parts[2]) : Optional.empty();
        if (decoded.isEmpty() || decoded.get().length != 1 + Algorithms.SEED_SIZE_BYTES) {
            return malformed("it is not name+id+seed");
        }
        byte[] material = decoded.get();
        Optional<SignatureType> type = SignatureType.of(material[0]);
        if (type.isEmpty()) {
            return malformed("its signature type is not supported");
        }
        return of(parts[0], type.get(), Arrays.copyOfRange(material, 1, material.length))
                .then(key -> key.verifier.idText().equals(parts[1])
                        ? Parsed.of(key)
                        : malformed("its id is not that of its key"));
    }

    private static Parsed<SignerKey> of(String name, SignatureType type, byte[] seed) {
        if (!KeyName.isUsable(name)) {
            return malformed("its name is no key name");
        }
        KeyPair pair = Algorithms.keyPair(type, seed);
        return VerifierKey.of(name, type, Algorithms.raw(type, pair.getPublic()))
                .then(verifier -> Parsed.of(new SignerKey(seed.clone(), pair.getPrivate(), verifier)));
    }

    /** The public half. */
    public VerifierKey verifier() {
        return verifier;
    }

    /**
     * Signs a checkpoint.
     *
     * @param time written into cosignatures in whole seconds since 1970; not used by {@link SignatureType#ED25519}
     * @throws IllegalArgumentException if the time lies before 1970, or the origin is too long for an ML-DSA-44 cosignature
     */
    public NoteSignature sign(Checkpoint checkpoint, Instant time) {
        long unixSeconds = verifier.type().isTimestamped() ? time.getEpochSecond() : 0;
        if (unixSeconds < 0) {
            throw new IllegalArgumentException("a cosignature cannot be older than 1970");
        }
        byte[] message = Message.of(verifier, checkpoint, unixSeconds)
                .orElseThrow(() -> new IllegalArgumentException("an origin longer than 255 bytes"));
        byte[] signature = Algorithms.sign(verifier.type(), key, message);
        byte[] value = verifier.type().isTimestamped()
                ? ByteBuffer.allocate(8 + signature.length)
                        .putLong(unixSeconds)
                        .put(signature)
                        .array()
                : signature;
        return new NoteSignature(verifier.name(), verifier.id(), value);
    }

    /** The text of the private key. Whoever has it can sign as this key. */
    public String secretText() {
        byte[] material = new byte[1 + seed.length];
        material[0] = verifier.type().identifier();
        System.arraycopy(seed, 0, material, 1, seed.length);
        return PREFIX + verifier.name() + "+" + verifier.idText() + "+" + Base64Text.encode(material);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignerKey that
                && verifier.equals(that.verifier)
                && MessageDigest.isEqual(seed, that.seed);
    }

    @Override
    public int hashCode() {
        return verifier.hashCode();
    }

    @Override
    public String toString() {
        return verifier + " [redacted]";
    }

    private static Parsed<SignerKey> malformed(String why) {
        return Parsed.refused("RF-LDG-028", "not a private key: " + why);
    }
}
