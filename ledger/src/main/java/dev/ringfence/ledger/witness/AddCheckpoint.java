package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Hash;
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
 * What a log asks of a witness (tlog-witness, add-checkpoint): the size that the witness is believed to have seen, a
 * consistency proof from there, and the signed checkpoint. Reading and writing give back the same bytes. Refusals:
 * RF-LDG-200 not such a request, and those of {@link SignedNote}.
 *
 * @param oldSize size of the tree that the proof starts from
 * @param proof hashes in the order of RFC 6962, at most 63
 * @param note a signed note; whether its text is a checkpoint is judged after its signature
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedNote note) {
    /** Longest request in bytes. */
    public static final int LIMIT_BYTES = 128 << 10;

    /** Most lines of a proof. */
    public static final int PROOF_LIMIT = 63;

    private static final String OLD = "old ";

    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (oldSize < 0 || proof.size() > PROOF_LIMIT) {
            throw new IllegalArgumentException("old " + oldSize + ", " + proof.size() + " hashes");
        }
    }

    /** The request for a checkpoint. */
    public static AddCheckpoint of(ConsistencyProof proof, SignedCheckpoint checkpoint) {
        return new AddCheckpoint(proof.oldSize(), proof.hashes(), checkpoint.note());
    }

    /** Reads the body of a request. Never throws. */
    public static Parsed<AddCheckpoint> parse(byte[] body) {
        if (body.length > LIMIT_BYTES) {
            return malformed("it is longer than " + LIMIT_BYTES + " bytes");
        }
        int blank = blankLine(body);
        if (blank < 0) {
            return malformed("it has no blank line before the checkpoint");
        }
        // Every line before the blank one is ASCII; other bytes become characters that no line allows.
        String head = new String(body, 0, blank, StandardCharsets.ISO_8859_1);
        List<String> lines = Arrays.asList(head.split("\n", PROOF_LIMIT + 3));
        Optional<Long> oldSize = lines.getFirst().startsWith(OLD)
                ? Checkpoint.decimal(lines.getFirst().substring(OLD.length()))
                : Optional.empty();
        if (oldSize.isEmpty()) {
            return malformed("its first line is not: old <size>");
        }
        if (lines.size() - 1 > PROOF_LIMIT) {
            return malformed("its proof has more than " + PROOF_LIMIT + " hashes");
        }
        List<Hash> proof = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            Optional<Hash> hash = Hash.fromBase64(line);
            if (hash.isEmpty()) {
                return malformed("hash " + proof.size() + " of its proof is not base64 of 32 bytes");
            }
            proof.add(hash.get());
        }
        return SignedNote.parse(Arrays.copyOfRange(body, blank + 2, body.length))
                .then(note -> Parsed.of(new AddCheckpoint(oldSize.get(), proof, note)));
    }

    /** The body of the request. */
    public byte[] bytes() {
        StringBuilder head = new StringBuilder(OLD).append(oldSize).append('\n');
        proof.forEach(hash -> head.append(hash.base64()).append('\n'));
        head.append('\n');
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(note.bytes());
        return out.toByteArray();
    }

    private static int blankLine(byte[] body) {
        for (int i = 0; i + 1 < body.length; i++) {
            if (body[i] == '\n' && body[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static <T> Parsed<T> malformed(String why) {
        return Parsed.refused("RF-LDG-200", "not an add-checkpoint request: " + why);
    }
}
