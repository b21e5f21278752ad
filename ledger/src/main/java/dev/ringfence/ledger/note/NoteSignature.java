package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One signature line of a note: {@code — <name> base64(key id || signature)}. Nothing is claimed before a {@link
 * VerifierKey} checks it. Immutable. Refusals: RF-LDG-023 not such a line, RF-LDG-024 too many.
 */
public final class NoteSignature {
    /** Most lines in a note. */
    public static final int COUNT_LIMIT = 100;

    private static final String START = "\u2014 ";
    private static final int LINE_LIMIT = 16 << 10;

    private final String name;
    private final int keyId;
    private final byte[] value;

    NoteSignature(String name, int keyId, byte[] value) {
        this.name = name;
        this.keyId = keyId;
        this.value = value.clone();
    }

    /** Reads one line without its newline. Never throws. */
    public static Parsed<NoteSignature> parse(String line) {
        int space = line.indexOf(' ', START.length());
        if (line.length() > LINE_LIMIT || !line.startsWith(START) || space < 0) {
            return malformed();
        }
        String name = line.substring(START.length(), space);
        Optional<byte[]> decoded = Base64Text.decode(line.substring(space + 1));
        if (!KeyName.isValid(name) || decoded.isEmpty() || decoded.get().length <= 4) {
            return malformed();
        }
        byte[] bytes = decoded.get();
        return Parsed.of(
                new NoteSignature(name, ByteBuffer.wrap(bytes).getInt(), Arrays.copyOfRange(bytes, 4, bytes.length)));
    }

    /** Reads one or more lines, each with its newline: the end of a note, or what a witness answers. Never throws. */
    public static Parsed<List<NoteSignature>> parseLines(String text) {
        if (!text.endsWith("\n")) {
            return new Parsed.Refused<>(MALFORMED.refusal());
        }
        String[] lines = text.substring(0, text.length() - 1).split("\n", COUNT_LIMIT + 1);
        if (lines.length > COUNT_LIMIT) {
            return Parsed.refused("RF-LDG-024", "more than " + COUNT_LIMIT + " signature lines");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : lines) {
            switch (parse(line)) {
                case Parsed.Value<NoteSignature>(NoteSignature signature) -> signatures.add(signature);
                case Parsed.Refused<NoteSignature>(var refusal) -> {
                    return new Parsed.Refused<>(refusal);
                }
            }
        }
        return Parsed.of(List.copyOf(signatures));
    }

    /** Name of the key that is said to have signed. */
    public String name() {
        return name;
    }

    /** Id of the key that is said to have signed. */
    public int keyId() {
        return keyId;
    }

    /** A new array of the signature, with its timestamp if the type has one, without the key id. */
    public byte[] value() {
        return value.clone();
    }

    /** Whether the line names this key. */
    public boolean names(VerifierKey key) {
        return keyId == key.id() && name.equals(key.name());
    }

    /** The line without its newline. */
    public String line() {
        byte[] bytes =
                ByteBuffer.allocate(4 + value.length).putInt(keyId).put(value).array();
        return START + name + " " + Base64Text.encode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteSignature that
                && name.equals(that.name)
                && keyId == that.keyId
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * keyId + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return line();
    }

    private static final Parsed.Refused<NoteSignature> MALFORMED =
            new Parsed.Refused<>(new Refusal("RF-LDG-023", "a signature line is not — name base64"));

    private static Parsed<NoteSignature> malformed() {
        return MALFORMED;
    }
}
