package dev.ringfence.core.image;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Merkle tree of fs-verity over a file: SHA-256, blocks of 4096 bytes, no salt (Linux, Documentation/filesystems/
 * fsverity.rst, "Merkle tree" and "fs-verity descriptor"). Its digest is what {@code fsverity digest} prints and what the
 * kernel measures.
 *
 * <p>Data is taken in {@linkplain Group groups}, which can be hashed side by side and are added in order. Memory does not
 * grow with the file. Not thread-safe, but for {@link Group#of}.
 */
public final class VerityTree {
    /** Data and tree blocks. */
    public static final int BLOCK_BYTES = 4096;

    /** Data whose hashes fill one block of the tree. */
    public static final int GROUP_BYTES = BLOCK_BYTES / Sha256.BYTES * BLOCK_BYTES;

    private static final int DESCRIPTOR_BYTES = 256;

    private final List<Level> levels = new ArrayList<>();
    private final MessageDigest digest = Sha256.digest();
    private long sizeBytes;
    private boolean ended;

    /** The hashes of up to {@link #GROUP_BYTES} of data. Immutable. */
    public static final class Group {
        private final int lengthBytes;
        private final byte[] hashes;

        private Group(int lengthBytes, byte[] hashes) {
            this.lengthBytes = lengthBytes;
            this.hashes = hashes;
        }

        /**
         * Hashes a group. Safe to be called by many threads, each with a digest of its own.
         *
         * @param data the group from index 0; bytes after {@code lengthBytes} up to the end of its block are overwritten
         *     with zeros. A whole number of blocks long, at most {@link #GROUP_BYTES}
         * @param lengthBytes at least 1; less than {@link #GROUP_BYTES} only at the end of a file
         */
        public static Group of(byte[] data, int lengthBytes, MessageDigest digest) {
            if (lengthBytes < 1 || lengthBytes > data.length || lengthBytes > GROUP_BYTES) {
                throw new IllegalArgumentException("a group of " + lengthBytes + " bytes");
            }
            int blocks = (lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
            Arrays.fill(data, lengthBytes, blocks * BLOCK_BYTES, (byte) 0);
            byte[] hashes = new byte[blocks * Sha256.BYTES];
            for (int i = 0; i < blocks; i++) {
                hash(digest, data, i * BLOCK_BYTES, hashes, i * Sha256.BYTES);
            }
            if (lengthBytes == GROUP_BYTES) {
                // Its block of the tree is full; hashing that here as well leaves less to do in order.
                byte[] root = new byte[Sha256.BYTES];
                hash(digest, hashes, 0, root, 0);
                return new Group(lengthBytes, root);
            }
            return new Group(lengthBytes, hashes);
        }
    }

    /** The block of one level that is being filled. */
    private static final class Level {
        private final byte[] block = new byte[BLOCK_BYTES];
        private int filled;
        private long hashes;
    }

    /** Adds the next group. After one that is shorter than {@link #GROUP_BYTES} no other follows. */
    public void add(Group group) {
        if (ended) {
            throw new IllegalStateException("the last group was added");
        }
        sizeBytes += group.lengthBytes;
        ended = group.lengthBytes < GROUP_BYTES;
        if (!ended) {
            add(1, group.hashes, 0);
            return;
        }
        for (int at = 0; at < group.hashes.length; at += Sha256.BYTES) {
            add(0, group.hashes, at);
        }
    }

    private void add(int number, byte[] hashes, int at) {
        while (levels.size() <= number) {
            levels.add(new Level());
        }
        Level level = levels.get(number);
        System.arraycopy(hashes, at, level.block, level.filled, Sha256.BYTES);
        level.filled += Sha256.BYTES;
        level.hashes++;
        if (level.filled == BLOCK_BYTES) {
            up(number);
        }
    }

    /** Hashes a level's block, zeros after what is in it, into the level above. */
    private void up(int number) {
        Level level = levels.get(number);
        Arrays.fill(level.block, level.filled, BLOCK_BYTES, (byte) 0);
        level.filled = 0;
        byte[] hash = new byte[Sha256.BYTES];
        hash(digest, level.block, 0, hash, 0);
        add(number + 1, hash, 0);
    }

    /** The digest of the whole file; the tree is used up. */
    public Sha256 finish() {
        ended = true;
        byte[] descriptor = new byte[DESCRIPTOR_BYTES];
        // Version 1, SHA-256, blocks of 2^12 bytes; no salt and no signature.
        descriptor[0] = 1;
        descriptor[1] = 1;
        descriptor[2] = 12;
        for (int i = 0; i < 8; i++) {
            descriptor[8 + i] = (byte) (sizeBytes >>> 8 * i);
        }
        System.arraycopy(root(), 0, descriptor, 16, Sha256.BYTES);
        return Sha256.of(digest.digest(descriptor));
    }

    /** The one hash of the highest level; zeros for an empty file. */
    private byte[] root() {
        for (int number = 0; number < levels.size(); number++) {
            Level level = levels.get(number);
            boolean highest = number == levels.size() - 1;
            if (highest && level.hashes == 1) {
                return Arrays.copyOf(level.block, Sha256.BYTES);
            }
            if (level.filled > 0) {
                up(number);
            }
        }
        return new byte[Sha256.BYTES];
    }

    private static void hash(MessageDigest digest, byte[] data, int at, byte[] into, int intoAt) {
        digest.update(data, at, BLOCK_BYTES);
        try {
            digest.digest(into, intoAt, Sha256.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("a hash is " + Sha256.BYTES + " bytes", e);
        }
    }
}
