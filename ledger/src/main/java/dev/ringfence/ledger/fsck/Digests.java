package dev.ringfence.ledger.fsck;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/** RFC 6962 section 2.1, straight from its definition, over lists of hashes as byte arrays. Not thread-safe. */
final class Digests {
    static final int BYTES = 32;

    private final MessageDigest sha256 = sha256();

    byte[] leaf(byte[] data, int from, int to) {
        sha256.update((byte) 0);
        sha256.update(data, from, to - from);
        return sha256.digest();
    }

    /** Root of the tree over at least one subtree of equal size, the last of which may be smaller. */
    byte[] root(List<byte[]> hashes) {
        if (hashes.size() == 1) {
            return hashes.getFirst();
        }
        int left = 1;
        while (2 * left < hashes.size()) {
            left *= 2;
        }
        byte[] leftRoot = root(hashes.subList(0, left));
        byte[] rightRoot = root(hashes.subList(left, hashes.size()));
        sha256.update((byte) 1);
        sha256.update(leftRoot);
        return sha256.digest(rightRoot);
    }

    byte[] emptyRoot() {
        return sha256.digest();
    }

    /** First position at which two arrays differ, or -1. */
    static int difference(byte[] one, byte[] other) {
        return Arrays.mismatch(one, other);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
