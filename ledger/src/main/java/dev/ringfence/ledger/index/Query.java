package dev.ringfence.ledger.index;

import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which leaves are wanted: all conditions must hold, and an absent one always does.
 *
 * @param subject exact text of the subject, without lone surrogates, which no leaf has
 * @param kind what happened
 * @param since earliest time of the leaf
 * @param until first time that is too late
 * @param fromIndex smallest leaf index, 0 for all
 * @param limit most leaves in one answer, at least 1
 */
public record Query(
        @Nullable String subject,
        @Nullable LeafKind kind,
        @Nullable Instant since,
        @Nullable Instant until,
        long fromIndex,
        int limit) {
    private static final int DEFAULT_LIMIT = 1000;

    public Query {
        if (subject != null && !isText(subject)) {
            throw new IllegalArgumentException("a lone surrogate is no text");
        }
        if (fromIndex < 0 || limit < 1) {
            throw new IllegalArgumentException("a query from " + fromIndex + " for " + limit);
        }
    }

    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Every leaf, a thousand an answer. */
    public static Query all() {
        return new Query(null, null, null, null, 0, DEFAULT_LIMIT);
    }

    /** Only leaves about this subject. */
    public Query about(String text) {
        return new Query(text, kind, since, until, fromIndex, limit);
    }

    /** Only leaves of this kind. */
    public Query of(LeafKind wanted) {
        return new Query(subject, wanted, since, until, fromIndex, limit);
    }

    /** Only leaves of this time or later. */
    public Query since(Instant earliest) {
        return new Query(subject, kind, earliest, until, fromIndex, limit);
    }

    /** Only leaves before this time. */
    public Query until(Instant tooLate) {
        return new Query(subject, kind, since, tooLate, fromIndex, limit);
    }

    /** Only leaves from this index on: the {@link Answer#next} of the answer before. */
    public Query from(long index) {
        return new Query(subject, kind, since, until, index, limit);
    }

    /** At most this many leaves in an answer. */
    public Query atMost(int leaves) {
        return new Query(subject, kind, since, until, fromIndex, leaves);
    }

    boolean matches(Leaf leaf) {
        return (subject == null || subject.equals(leaf.subject()))
                && (kind == null || kind == leaf.kind())
                && (since == null || !leaf.time().isBefore(since))
                && (until == null || leaf.time().isBefore(until));
    }

    /** Whether leaves of these times, in whole seconds, may match. */
    boolean mayMatchSeconds(long firstSecond, long lastSecond) {
        return (since == null || lastSecond >= since.getEpochSecond())
                && (until == null || firstSecond <= until.getEpochSecond());
    }
}
