package dev.ringfence.ledger.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes of RFC 6962 section 2.1: a leaf is SHA-256(0x00 || data), a node SHA-256(0x01 || left || right), the empty
 * tree SHA-256 of nothing. Not thread-safe; cheap to make, so make one per task.
 */
public final class TreeHasher {
    /** Root of the tree without leaves. */
    public static final Hash EMPTY_ROOT = Hash.of(sha256().digest());

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest = sha256();
    private final byte[] node = new byte[1 + 2 * Hash.SIZE_BYTES];
    private final byte[] out = new byte[Hash.SIZE_BYTES];

    /** A hasher of its own digest. */
    public TreeHasher() {
        node[0] = NODE;
    }

    /** Hash of a leaf with this data. */
    public Hash leaf(byte[] data) {
        return leaf(data, 0, data.length);
    }

    /** Hash of a leaf whose data is part of an array. */
    public Hash leaf(byte[] data, int offset, int length) {
        digest.update(LEAF);
        digest.update(data, offset, length);
        return finish();
    }

    /** Hash of the node over two children. */
    public Hash node(Hash left, Hash right) {
        left.copyTo(node, 1);
        right.copyTo(node, 1 + Hash.SIZE_BYTES);
        digest.update(node);
        return finish();
    }

    private Hash finish() {
        try {
            digest.digest(out, 0, out.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 did not give 32 bytes", e);
        }
        return Hash.at(out, 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
