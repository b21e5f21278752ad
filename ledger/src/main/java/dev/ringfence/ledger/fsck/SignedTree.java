package dev.ringfence.ledger.fsck;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A tree that the log's key signed, from the bytes of a checkpoint file. */
final class SignedTree {
    final long size;
    private final byte[] root;

    private SignedTree(long size, byte[] root) {
        this.size = size;
        this.root = root;
    }

    byte[] root() {
        return root.clone();
    }

    String rootText() {
        return Base64.getEncoder().encodeToString(root);
    }

    boolean isRoot(byte[] hash) {
        return Digests.difference(root, hash) < 0;
    }

    /** Reads and checks a checkpoint file; null after a fault was reported. */
    static @Nullable SignedTree read(String file, byte[] bytes, LogKey key, Faults faults) {
        String note;
        try {
            note = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return malformed(file, 0, "it is not UTF-8", faults);
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n") || note.length() == blank + 2) {
            return malformed(file, 0, "it is no text, blank line and signatures", faults);
        }
        String text = note.substring(0, blank + 1);
        String[] lines = text.split("\n", -1);
        if (lines.length < 4) {
            return malformed(file, 0, "it has fewer than three lines", faults);
        }
        int sizeAt = offset(lines[0] + "\n");
        int rootAt = sizeAt + offset(lines[1] + "\n");
        if (!lines[0].equals(key.name())) {
            return malformed(file, 0, "it is of another log than the key", faults);
        }
        if (!lines[1].matches("0|[1-9][0-9]{0,18}")
                || lines[1].compareTo("9223372036854775807") > 0 && lines[1].length() == 19) {
            return malformed(file, sizeAt, "its second line is no tree size", faults);
        }
        byte[] root = root(lines[2]);
        if (root.length != Digests.BYTES) {
            return malformed(file, rootAt, "its third line is no root hash", faults);
        }
        long size = Long.parseLong(lines[1]);
        String[] signatures = note.substring(blank + 2, note.length() - 1).split("\n", -1);
        int at = offset(note.substring(0, blank + 2));
        boolean signed = false;
        for (String line : signatures) {
            if (!line.matches("\u2014 [^ +\\p{Cntrl}]+ [A-Za-z0-9+/]{7,}={0,2}")) {
                return malformed(file, at, "a signature line is none", faults);
            }
            if (key.isNamedBy(line)) {
                if (!key.signed(line, text, lines[0], size, root)) {
                    faults.add("RF-LDG-076", file, at, "the signature of the log's key does not fit this checkpoint");
                    return null;
                }
                signed = true;
            }
            at += offset(line + "\n");
        }
        if (!signed) {
            faults.add("RF-LDG-076", file, offset(text + "\n"), "it has no signature of the log's key");
            return null;
        }
        return new SignedTree(size, root);
    }

    private static byte[] root(String line) {
        try {
            byte[] root = Base64.getDecoder().decode(line);
            return Base64.getEncoder().encodeToString(root).equals(line) ? root : new byte[0];
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    private static int offset(String before) {
        return before.getBytes(StandardCharsets.UTF_8).length;
    }

    private static @Nullable SignedTree malformed(String file, long at, String why, Faults faults) {
        faults.add("RF-LDG-075", file, at, "not a checkpoint: " + why);
        return null;
    }
}
