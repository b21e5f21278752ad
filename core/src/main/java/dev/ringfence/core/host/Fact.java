package dev.ringfence.core.host;

import java.util.function.Function;

/**
 * One thing looked at on a host: a value, a certain absence, or no observation. The time of observation is that of the
 * {@link HostFacts} which holds it.
 *
 * @param <T> String, Long, Boolean, a record of this package or of {@code formats}, or a List or Map of these
 */
public sealed interface Fact<T> {
    /** Where the fact comes from, or would have come from. */
    Source source();

    /** The value was read. */
    record Observed<T>(T value, Source source) implements Fact<T> {}

    /** The place was looked at, and the thing is certainly not there. */
    record Absent<T>(Source source) implements Fact<T> {}

    /**
     * Nothing can be said.
     *
     * @param reason for a person, such as {@code permission denied; run as root}
     */
    record NotObserved<T>(Source source, String reason) implements Fact<T> {
        public NotObserved {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("not observed without a reason");
            }
        }
    }

    static <T> Fact<T> of(T value, String where, String how) {
        return new Observed<>(value, new Source(where, how));
    }

    static <T> Fact<T> absent(String where, String how) {
        return new Absent<>(new Source(where, how));
    }

    static <T> Fact<T> notObserved(String where, String how, String reason) {
        return new NotObserved<>(new Source(where, how), reason);
    }

    /** The fact with its value converted; absence and non-observation carry over. */
    default <R> Fact<R> map(Function<? super T, ? extends R> convert) {
        return switch (this) {
            case Observed<T>(T value, Source source) -> new Observed<>(convert.apply(value), source);
            case Absent<T>(Source source) -> new Absent<>(source);
            case NotObserved<T>(Source source, String reason) -> new NotObserved<>(source, reason);
        };
    }

    /** The value, or the given one where none was observed. Not for judging: it hides why there is none. */
    default T orElse(T other) {
        return this instanceof Observed<T>(T value, Source ignored) ? value : other;
    }
}
