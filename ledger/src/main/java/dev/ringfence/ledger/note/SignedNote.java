package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text and lines that say who signed it (C2SP signed-note). Reading and writing give back the same bytes. Refusals:
 * RF-LDG-020 too long, RF-LDG-021 not UTF-8 or with a control character, RF-LDG-022 without the blank line before the
 * signatures, and those of {@link NoteSignature}.
 *
 * @param text with its final newline
 * @param signatures at least one
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    /** Longest note in bytes. */
    public static final int LIMIT_BYTES = 512 << 10;

    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || hasControl(text) || signatures.isEmpty()) {
            throw new IllegalArgumentException("a note needs a text that ends in a newline, and a signature");
        }
        if (signatures.size() > NoteSignature.COUNT_LIMIT) {
            throw new IllegalArgumentException(signatures.size() + " signatures");
        }
    }

    /** Reads a note. Never throws. */
    public static Parsed<SignedNote> parse(byte[] bytes) {
        if (bytes.length > LIMIT_BYTES) {
            return Parsed.refused("RF-LDG-020", "a note longer than " + LIMIT_BYTES + " bytes");
        }
        String note;
        try {
            note = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return Parsed.refused("RF-LDG-021", "a note that is not UTF-8");
        }
        if (hasControl(note)) {
            return Parsed.refused("RF-LDG-021", "a note with a control character");
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0) {
            return Parsed.refused("RF-LDG-022", "a note without a blank line before its signatures");
        }
        return NoteSignature.parseLines(note.substring(blank + 2))
                .then(signatures -> Parsed.of(new SignedNote(note.substring(0, blank + 1), signatures)));
    }

    /** The same text with one more signature. */
    public SignedNote with(NoteSignature signature) {
        List<NoteSignature> more = new ArrayList<>(signatures);
        more.add(signature);
        return new SignedNote(text, more);
    }

    /** Whether a key signed. If several lines name the key, all must be its signatures; the latest time counts. */
    public SignatureCheck check(VerifierKey key) {
        long latest = -1;
        for (NoteSignature signature : signatures) {
            if (signature.names(key)) {
                long time = time(key, signature);
                if (time < 0) {
                    return new SignatureCheck.Invalid();
                }
                latest = Math.max(latest, time);
            }
        }
        return latest < 0 ? new SignatureCheck.Absent() : new SignatureCheck.Valid(latest);
    }

    /** The note as it is written. */
    public byte[] bytes() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()).append('\n'));
        return note.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Time of a valid signature, 0 if it has none; negative for one that is not valid. */
    private long time(VerifierKey key, NoteSignature signature) {
        byte[] value = signature.value();
        if (value.length != key.type().signatureSizeBytes()) {
            return -1;
        }
        boolean timestamped = key.type().isTimestamped();
        long time = timestamped ? ByteBuffer.wrap(value).getLong() : 0;
        byte[] bare = timestamped ? Arrays.copyOfRange(value, 8, value.length) : value;
        // A time above 2^63 - 1 is negative here, and not allowed by tlog-cosignature.
        boolean valid = time >= 0
                && Message.of(key, text, time)
                        .map(message -> key.verifies(message, bare))
                        .orElse(false);
        return valid ? time : -1;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < 0x20 && c != '\n');
    }
}
