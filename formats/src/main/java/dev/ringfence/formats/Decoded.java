package dev.ringfence.formats;

/**
 * The outcome of decoding hostile input.
 *
 * @param <T> the record that the input decodes to
 */
public sealed interface Decoded<T> {
    /** The input was well formed, as far as the parser looks. */
    record Value<T>(T value) implements Decoded<T> {}

    /** The input was refused; the refusal says why. */
    record Refused<T>(Refusal refusal) implements Decoded<T> {}

    /** Shorthand for a refused input. */
    static <T> Decoded<T> refused(String code, String reason) {
        return new Refused<>(new Refusal(code, reason));
    }
}
