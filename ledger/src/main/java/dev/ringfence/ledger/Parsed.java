package dev.ringfence.ledger;

import java.util.function.Function;

/**
 * The outcome of parsing hostile input. A parser never throws for what the input says.
 *
 * @param <T> what the input holds
 */
public sealed interface Parsed<T> {
    /** The input was well formed. */
    record Value<T>(T value) implements Parsed<T> {}

    /** The input was refused; the refusal says why. */
    record Refused<T>(Refusal refusal) implements Parsed<T> {}

    /** Shorthand for a well formed input. */
    static <T> Parsed<T> of(T value) {
        return new Value<>(value);
    }

    /** Shorthand for a refused input. */
    static <T> Parsed<T> refused(String code, String reason) {
        return new Refused<>(new Refusal(code, reason));
    }

    /** Goes on with the value; a refusal stays as it is. */
    default <R> Parsed<R> then(Function<? super T, Parsed<R>> next) {
        return switch (this) {
            case Value<T>(T value) -> next.apply(value);
            case Refused<T>(Refusal refusal) -> new Refused<>(refusal);
        };
    }

    /**
     * The value of an input that cannot be refused because we made it.
     *
     * @throws IllegalStateException naming the refusal
     */
    default T orThrow() {
        return switch (this) {
            case Value<T>(T value) -> value;
            case Refused<T>(Refusal refusal) -> throw new IllegalStateException(refusal.toString());
        };
    }
}
