package dev.ringfence.ledger.note;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import java.util.List;
import java.util.Optional;

/**
 * What a log says of its tree: the text of a checkpoint (C2SP tlog-checkpoint). Refusal: RF-LDG-029, not such a text.
 *
 * @param origin unique name of the log, one line
 * @param size number of leaves, not negative
 * @param root root hash of the tree
 * @param extensions further lines, which nothing here gives a meaning; ML-DSA-44 cosignatures do not cover them
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    private static final int DIGITS_LIMIT = 19;

    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (!isLine(origin) || size < 0 || !extensions.stream().allMatch(Checkpoint::isLine)) {
            throw new IllegalArgumentException("no checkpoint: " + origin + ", " + size);
        }
        if (size == 0 && !root.equals(TreeHasher.EMPTY_ROOT)) {
            throw new IllegalArgumentException("the empty tree has another root");
        }
    }

    /** A checkpoint without extension lines. */
    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /** Reads the text of a note. Never throws. */
    public static Parsed<Checkpoint> parse(String text) {
        if (!text.endsWith("\n")) {
            return malformed("its last line has no end");
        }
        List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < 3) {
            return malformed("it has fewer than three lines");
        }
        if (!lines.stream().allMatch(Checkpoint::isLine)) {
            return malformed("it has an empty line or a control character");
        }
        Optional<Long> size = decimal(lines.get(1));
        if (size.isEmpty()) {
            return malformed("its second line is no tree size");
        }
        Optional<Hash> root = Hash.fromBase64(lines.get(2));
        if (root.isEmpty()) {
            return malformed("its third line is no root hash");
        }
        if (size.get() == 0 && !root.get().equals(TreeHasher.EMPTY_ROOT)) {
            return malformed("the empty tree has another root");
        }
        return Parsed.of(new Checkpoint(lines.get(0), size.get(), root.get(), lines.subList(3, lines.size())));
    }

    /** A number from 0 to 2^63 - 1 in decimal without leading zeros, as every C2SP format writes it. Never throws. */
    public static Optional<Long> decimal(String text) {
        boolean digits = !text.isEmpty()
                && text.length() <= DIGITS_LIMIT
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        if (!digits) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** The text of the note, with the final newline. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(origin)
                .append('\n')
                .append(size)
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static boolean isLine(String line) {
        return !line.isEmpty()
                && line.codePoints()
                        .noneMatch(c -> c < 0x20 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    private static Parsed<Checkpoint> malformed(String why) {
        return Parsed.refused("RF-LDG-029", "not a checkpoint: " + why);
    }
}
