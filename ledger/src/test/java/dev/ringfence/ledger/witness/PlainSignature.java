package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.note.SignerKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** Signs any text with the key of a log, as our own types refuse to. */
final class PlainSignature {
    private PlainSignature() {}

    static String line(SignerKey key, String text) throws GeneralSecurityException {
        String secret = key.secretText();
        byte[] material = Base64.getDecoder()
                .decode(secret.substring(secret.lastIndexOf(key.verifier().name()))
                        .split("\\+", 3)[2]);
        byte[] seed = Arrays.copyOfRange(material, 1, material.length);
        PrivateKey signing = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(signing);
        signer.update(text.getBytes(StandardCharsets.UTF_8));
        byte[] signature = signer.sign();
        byte[] value = ByteBuffer.allocate(4 + signature.length)
                .putInt(key.verifier().id())
                .put(signature)
                .array();
        return "— " + key.verifier().name() + " " + Base64.getEncoder().encodeToString(value);
    }
}
