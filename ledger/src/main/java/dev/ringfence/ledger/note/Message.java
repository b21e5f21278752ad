package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is signed, by type of signature (signed-note, tlog-cosignature). */
final class Message {
    private static final byte[] SUBTREE_LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

    private Message() {}

    /** The message over a checkpoint; empty if its origin does not fit. */
    static Optional<byte[]> of(VerifierKey key, Checkpoint checkpoint, long unixSeconds) {
        return switch (key.type()) {
            case ED25519, ED25519_COSIGNATURE -> Optional.of(overText(key.type(), checkpoint.text(), unixSeconds));
            case ML_DSA_44_COSIGNATURE -> overTree(key.name(), unixSeconds, checkpoint);
        };
    }

    /** The message over any note; empty if the type signs checkpoints only and the text is none. */
    static Optional<byte[]> of(VerifierKey key, String text, long unixSeconds) {
        return switch (key.type()) {
            case ED25519, ED25519_COSIGNATURE -> Optional.of(overText(key.type(), text, unixSeconds));
            case ML_DSA_44_COSIGNATURE ->
                switch (Checkpoint.parse(text)) {
                    case Parsed.Value<Checkpoint>(Checkpoint checkpoint) ->
                        overTree(key.name(), unixSeconds, checkpoint);
                    case Parsed.Refused<Checkpoint> _ -> Optional.empty();
                };
        };
    }

    private static byte[] overText(SignatureType type, String text, long unixSeconds) {
        String message = type == SignatureType.ED25519 ? text : "cosignature/v1\ntime " + unixSeconds + "\n" + text;
        return message.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<byte[]> overTree(String cosigner, long unixSeconds, Checkpoint checkpoint) {
        byte[] name = cosigner.getBytes(StandardCharsets.UTF_8);
        byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
        if (name.length > KeyName.LIMIT_BYTES || origin.length > KeyName.LIMIT_BYTES) {
            return Optional.empty();
        }
        return Optional.of(ByteBuffer.allocate(SUBTREE_LABEL.length + 2 + name.length + origin.length + 3 * 8 + 32)
                .put(SUBTREE_LABEL)
                .put((byte) name.length)
                .put(name)
                .putLong(unixSeconds)
                .put((byte) origin.length)
                .put(origin)
                .putLong(0)
                .putLong(checkpoint.size())
                .put(checkpoint.root().bytes())
                .array());
    }
}
