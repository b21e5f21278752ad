package dev.ringfence.core.host;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a person probably meant. Thread-safe. */
public final class NearestName {
    private NearestName() {}

    /** The known name with the fewest edits, if that is at most a third of its length. */
    public static Optional<String> of(String typed, Collection<String> known) {
        return known.stream()
                .filter(k -> distance(typed, k) <= Math.max(1, k.length() / 3))
                .min(Comparator.comparingInt((String k) -> distance(typed, k)).thenComparing(k -> k));
    }

    private static int distance(String a, String b) {
        if (a.length() > 100 || b.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int same = diagonal + (lower(a, i) == lower(b, j) ? 0 : 1);
                row[j] = Math.min(Math.min(row[j - 1], above) + 1, same);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    private static char lower(String text, int position) {
        return Character.toLowerCase(text.charAt(position - 1));
    }
}
