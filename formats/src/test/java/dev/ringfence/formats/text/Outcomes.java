package dev.ringfence.formats.text;

import dev.ringfence.formats.Decoded;

/** Takes apart what a parser answered. */
public final class Outcomes {
    private Outcomes() {}

    /** The decoded value; fails the test on a refusal. */
    public static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T> value -> value.value();
            case Decoded.Refused<T> refused -> throw new AssertionError("refused: " + refused.refusal());
        };
    }

    /** The code of the refusal; fails the test on a value. */
    public static <T> String code(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T> value -> throw new AssertionError("accepted: " + value.value());
            case Decoded.Refused<T> refused -> refused.refusal().code();
        };
    }
}
