package dev.ringfence.ledger.fsck;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The public key of a log, from its vkey text: Ed25519 (type 1) or ML-DSA-44 (type 6). */
final class LogKey {
    private static final int ED25519 = 1;
    private static final int ML_DSA_44 = 6;

    private final String name;
    private final byte[] id;
    private final int type;
    private final PublicKey key;

    private LogKey(String name, byte[] id, int type, PublicKey key) {
        this.name = name;
        this.id = id;
        this.type = type;
        this.key = key;
    }

    /** Reads a vkey; empty for what is none, or none of a log. */
    static Optional<LogKey> read(String vkey) {
        int first = vkey.indexOf('+');
        int second = vkey.indexOf('+', first + 1);
        if (first < 1 || second < 0) {
            return Optional.empty();
        }
        String name = vkey.substring(0, first);
        try {
            byte[] material = Base64.getDecoder().decode(vkey.substring(second + 1));
            byte[] hash = Digests.sha256()
                    .digest(ByteBuffer.allocate(name.getBytes(StandardCharsets.UTF_8).length + 1 + material.length)
                            .put(name.getBytes(StandardCharsets.UTF_8))
                            .put((byte) '\n')
                            .put(material)
                            .array());
            byte[] id = Arrays.copyOf(hash, 4);
            int type = material.length == 0 ? 0 : material[0];
            boolean known =
                    (type == ED25519 && material.length == 33) || (type == ML_DSA_44 && material.length == 1313);
            if (!known || !HexFormat.of().formatHex(id).equals(vkey.substring(first + 1, second))) {
                return Optional.empty();
            }
            return Optional.of(new LogKey(name, id, type, publicKey(type, material)));
        } catch (IllegalArgumentException | GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    private static PublicKey publicKey(int type, byte[] material) throws GeneralSecurityException {
        byte[] header = HexFormat.of()
                .parseHex(
                        type == ED25519 ? "302a300506032b6570032100" : "30820532300b06096086480165030403110382052100");
        byte[] encoded = Arrays.copyOf(header, header.length + material.length - 1);
        System.arraycopy(material, 1, encoded, header.length, material.length - 1);
        String algorithm = type == ED25519 ? "Ed25519" : "ML-DSA-44";
        PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        // Bytes that are no point of the curve are noticed here.
        Signature.getInstance(algorithm).initVerify(key);
        return key;
    }

    String name() {
        return name;
    }

    /** Whether a signature line, without its newline, names this key. */
    boolean isNamedBy(String line) {
        byte[] decoded = decode(line);
        return decoded.length > 4 && Arrays.equals(decoded, 0, 4, id, 0, 4);
    }

    /** Whether the signature of a line is one of this key over a checkpoint. */
    boolean signed(String line, String text, String origin, long size, byte[] root) {
        byte[] decoded = decode(line);
        try {
            Signature verifier = Signature.getInstance(type == ED25519 ? "Ed25519" : "ML-DSA-44");
            verifier.initVerify(key);
            if (type == ED25519) {
                verifier.update(text.getBytes(StandardCharsets.UTF_8));
                return verifier.verify(Arrays.copyOfRange(decoded, 4, decoded.length));
            }
            byte[] originBytes = origin.getBytes(StandardCharsets.UTF_8);
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            if (decoded.length != 4 + 8 + 2420 || originBytes.length > 255 || nameBytes.length > 255) {
                return false;
            }
            verifier.update("subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII));
            verifier.update((byte) nameBytes.length);
            verifier.update(nameBytes);
            verifier.update(decoded, 4, 8);
            verifier.update((byte) originBytes.length);
            verifier.update(originBytes);
            verifier.update(ByteBuffer.allocate(16).putLong(0).putLong(size).array());
            verifier.update(root);
            return verifier.verify(Arrays.copyOfRange(decoded, 12, decoded.length));
        } catch (SignatureException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks Ed25519 or ML-DSA-44", e);
        }
    }

    /** The bytes of a signature line of this key's name; none for any other line. */
    private byte[] decode(String line) {
        String start = "\u2014 " + name + " ";
        if (!line.startsWith(start)) {
            return new byte[0];
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(line.substring(start.length()));
            boolean exact = Base64.getEncoder().encodeToString(bytes).equals(line.substring(start.length()));
            return exact ? bytes : new byte[0];
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }
}
