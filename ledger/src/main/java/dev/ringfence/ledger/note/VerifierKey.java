package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A public key with its name, as the text {@code <name>+<key id, 8 hexadecimal digits>+<base64(type || key)>} ("vkey" of
 * signed-note). Immutable, thread-safe. Refusals: RF-LDG-025 not such a text, RF-LDG-026 the key id is not that of the
 * key, RF-LDG-027 a signature type that we do not verify.
 */
public final class VerifierKey {
    private static final int TEXT_LIMIT = 4096;

    private final String name;
    private final SignatureType type;
    private final byte[] raw;
    private final PublicKey key;
    private final int id;

    private VerifierKey(String name, SignatureType type, byte[] raw, PublicKey key) {
        this.name = name;
        this.type = type;
        this.raw = raw;
        this.key = key;
        this.id = keyId(name, type, raw);
    }

    /** The key with this name and these raw bytes (32 for Ed25519, 1312 for ML-DSA-44). */
    public static Parsed<VerifierKey> of(String name, SignatureType type, byte[] publicKey) {
        if (!KeyName.isUsable(name)) {
            return malformed("its name is no key name");
        }
        byte[] raw = publicKey.clone();
        Optional<PublicKey> key = Algorithms.publicKey(type, raw);
        return key.isPresent()
                ? Parsed.of(new VerifierKey(name, type, raw, key.get()))
                : malformed("its bytes are no public key");
    }

    /** Reads a vkey; white space around it is ignored. Never throws. */
    public static Parsed<VerifierKey> parse(String vkey) {
        String text = vkey.strip();
        if (text.length() > TEXT_LIMIT) {
            return malformed("it is too long");
        }
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3 || parts[1].length() != 8) {
            return malformed("it is not name+id+key");
        }
        Optional<byte[]> material = Base64Text.decode(parts[2]);
        if (material.isEmpty() || material.get().length < 2) {
            return malformed("its key is not base64");
        }
        byte[] bytes = material.get();
        Optional<SignatureType> type = SignatureType.of(bytes[0]);
        if (type.isEmpty()) {
            return Parsed.refused("RF-LDG-027", "a key of a signature type that is not supported");
        }
        return of(parts[0], type.get(), Arrays.copyOfRange(bytes, 1, bytes.length))
                .then(key -> key.idText().equals(parts[1])
                        ? Parsed.of(key)
                        : Parsed.refused("RF-LDG-026", "the id in a verifier key is not that of its key"));
    }

    /** Name of the key; for a log, its origin. */
    public String name() {
        return name;
    }

    public SignatureType type() {
        return type;
    }

    /** The first four bytes of SHA-256(name || newline || type || key), big-endian. */
    public int id() {
        return id;
    }

    /** A new array of the raw key. */
    public byte[] publicKey() {
        return raw.clone();
    }

    /** Whether both wrap the same public key, whatever their names and types (tlog-policy calls them duplicate). */
    public boolean hasSamePublicKey(VerifierKey other) {
        return Arrays.equals(raw, other.raw);
    }

    /** The text of the key. */
    public String vkey() {
        byte[] material = new byte[1 + raw.length];
        material[0] = type.identifier();
        System.arraycopy(raw, 0, material, 1, raw.length);
        return name + "+" + idText() + "+" + Base64Text.encode(material);
    }

    /** Whether {@code signature}, without key id and timestamp, is one of this key over the message. */
    boolean verifies(byte[] message, byte[] signature) {
        return Algorithms.verifies(type, key, message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return name + "+" + idText();
    }

    String idText() {
        return HexFormat.of().toHexDigits(id);
    }

    private static int keyId(String name, SignatureType type, byte[] raw) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            digest.update(type.identifier());
            byte[] hash = digest.digest(raw);
            return hash[0] << 24 | (hash[1] & 0xff) << 16 | (hash[2] & 0xff) << 8 | hash[3] & 0xff;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Parsed<VerifierKey> malformed(String why) {
        return Parsed.refused("RF-LDG-025", "not a verifier key: " + why);
    }
}
