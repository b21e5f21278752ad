package dev.ringfence.ledger.note;

import java.nio.charset.StandardCharsets;

/** What signed-note allows as the name of a key. */
final class KeyName {
    /** Longest name of a key of ours: tlog-cosignature writes the length in one byte. */
    static final int LIMIT_BYTES = 255;

    private KeyName() {}

    /** Whether a name may stand in a signature line: not empty, no Unicode space, no plus, no control character. */
    static boolean isValid(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c -> c < 0x20
                                || c == '+'
                                || c == 0x85
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    /** Whether a name may be that of a key that we verify with. */
    static boolean isUsable(String name) {
        return isValid(name) && name.getBytes(StandardCharsets.UTF_8).length <= LIMIT_BYTES;
    }
}
