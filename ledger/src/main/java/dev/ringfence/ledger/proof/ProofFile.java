package dev.ringfence.ledger.proof;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.note.Base64Text;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * That a leaf stands in a log, with all that is needed to check it but the keys (C2SP tlog-proof). Reading and writing give
 * back the same bytes. Nothing is claimed before {@link OfflineVerifier} says so. Refusals: RF-LDG-050 too long, RF-LDG-051
 * not such a file, and those of the checkpoint in it.
 *
 * @param extra base64 of opaque data that nothing authenticates; empty if there is none
 * @param index zero-based index of the leaf
 * @param hashes inclusion proof, from the leaf's sibling up
 * @param checkpoint signed, and cosigned by witnesses
 */
public record ProofFile(String extra, long index, List<Hash> hashes, SignedCheckpoint checkpoint) {
    /** Most hashes: a tree has at most 2^63 - 1 leaves. */
    public static final int HASHES_LIMIT = 63;

    /** Longest extra data, as base64. */
    public static final int EXTRA_LIMIT = 64 << 10;

    /** Longest file in bytes. */
    public static final int LIMIT_BYTES = SignedNote.LIMIT_BYTES + EXTRA_LIMIT + (8 << 10);

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public ProofFile {
        hashes = List.copyOf(hashes);
        if (extra.length() > EXTRA_LIMIT || Base64Text.decode(extra).isEmpty()) {
            throw new IllegalArgumentException("extra data is base64");
        }
        if (index < 0 || hashes.size() > HASHES_LIMIT) {
            throw new IllegalArgumentException("index " + index + ", " + hashes.size() + " hashes");
        }
    }

    /** The file for a proof in the tree of this checkpoint. */
    public static ProofFile of(InclusionProof proof, SignedCheckpoint checkpoint) {
        if (proof.treeSize() != checkpoint.checkpoint().size()) {
            throw new IllegalArgumentException("the proof is for another tree");
        }
        return new ProofFile("", proof.index(), proof.hashes(), checkpoint);
    }

    /** Reads a file. Never throws. */
    public static Parsed<ProofFile> parse(byte[] bytes) {
        if (bytes.length > LIMIT_BYTES) {
            return Parsed.refused("RF-LDG-050", "a proof longer than " + LIMIT_BYTES + " bytes");
        }
        int blank = blankLine(bytes);
        if (blank < 0) {
            return malformed("it has no blank line before its checkpoint");
        }
        // Every line before the blank one is ASCII; other bytes become characters that no line allows.
        String head = new String(bytes, 0, blank, StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>(Arrays.asList(head.split("\n", HASHES_LIMIT + 5)));
        if (!lines.removeFirst().equals(HEADER)) {
            return malformed("its first line is not " + HEADER);
        }
        String extra = "";
        if (!lines.isEmpty() && lines.getFirst().startsWith(EXTRA)) {
            extra = lines.removeFirst().substring(EXTRA.length());
            if (extra.isEmpty()
                    || extra.length() > EXTRA_LIMIT
                    || Base64Text.decode(extra).isEmpty()) {
                return malformed("its extra data is not base64, or too long");
            }
        }
        Optional<Long> index = lines.isEmpty() || !lines.getFirst().startsWith(INDEX)
                ? Optional.empty()
                : Checkpoint.decimal(lines.removeFirst().substring(INDEX.length()));
        if (index.isEmpty()) {
            return malformed("it has no index");
        }
        if (lines.size() > HASHES_LIMIT) {
            return malformed("it has more than " + HASHES_LIMIT + " hashes");
        }
        List<Hash> hashes = new ArrayList<>();
        for (String line : lines) {
            Optional<Hash> hash = Hash.fromBase64(line);
            if (hash.isEmpty()) {
                return malformed("its hash " + hashes.size() + " is not base64 of 32 bytes");
            }
            hashes.add(hash.get());
        }
        String extraData = extra;
        return SignedCheckpoint.parse(Arrays.copyOfRange(bytes, blank + 2, bytes.length))
                .then(checkpoint -> Parsed.of(new ProofFile(extraData, index.get(), hashes, checkpoint)));
    }

    /** The inclusion proof in the tree of the checkpoint. */
    public InclusionProof inclusion() {
        return new InclusionProof(index, checkpoint.checkpoint().size(), hashes);
    }

    /** The file as it is written. */
    public byte[] bytes() {
        StringBuilder head = new StringBuilder(HEADER).append('\n');
        if (!extra.isEmpty()) {
            head.append(EXTRA).append(extra).append('\n');
        }
        head.append(INDEX).append(index).append('\n');
        hashes.forEach(hash -> head.append(hash.base64()).append('\n'));
        head.append('\n');
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(checkpoint.bytes());
        return out.toByteArray();
    }

    private static int blankLine(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Parsed<ProofFile> malformed(String why) {
        return Parsed.refused("RF-LDG-051", "not a proof: " + why);
    }
}
