package dev.ringfence.formats.dpkg;

import dev.ringfence.formats.Decoded;

/**
 * A Debian version number with its order: {@code [epoch:]upstream[-revision]}.
 *
 * <p>Two versions may compare as equal and differ in their text ({@code 1.0} and {@code 1.0-0}); the order is therefore
 * not consistent with {@code equals}.
 *
 * <p>Source: Debian Policy 5.6.12.
 *
 * @param epoch 0 when absent
 * @param revision {@code ""} when absent, which compares like {@code 0}
 */
public record DebianVersion(int epoch, String upstream, String revision) implements Comparable<DebianVersion> {
    private static final int MAX_CHARS = 512;

    /**
     * Parses a version.
     *
     * @return refused with RF-DPK-003 for an empty or too long version, a bad epoch, or a character that is not allowed
     */
    public static Decoded<DebianVersion> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARS) {
            return Decoded.refused("RF-DPK-003", "a version is empty or longer than " + MAX_CHARS);
        }
        int colon = text.indexOf(':');
        int epoch = colon < 0 ? 0 : epoch(text.substring(0, colon));
        String rest = text.substring(colon + 1);
        int dash = rest.lastIndexOf('-');
        String upstream = dash < 0 ? rest : rest.substring(0, dash);
        String revision = dash < 0 ? "" : rest.substring(dash + 1);
        boolean valid = epoch >= 0
                && !upstream.isEmpty()
                && (dash < 0 || !revision.isEmpty())
                && upstream.chars().allMatch(c -> isAlphanumeric(c) || ".+-~:".indexOf(c) >= 0)
                && revision.chars().allMatch(c -> isAlphanumeric(c) || ".+~".indexOf(c) >= 0);
        return valid
                ? new Decoded.Value<>(new DebianVersion(epoch, upstream, revision))
                : Decoded.refused("RF-DPK-003", "not a Debian version");
    }

    private static int epoch(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            return -1;
        }
    }

    private static boolean isAlphanumeric(int c) {
        return isDigit(c) || isLetter(c);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    @Override
    public int compareTo(DebianVersion other) {
        int result = Integer.compare(epoch, other.epoch);
        if (result == 0) {
            result = compareParts(upstream, other.upstream);
        }
        return result == 0 ? compareParts(revision, other.revision) : result;
    }

    /** Text and numbers in turn: text by {@link #order}, numbers by value. */
    private static int compareParts(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() || j < b.length()) {
            while (i < a.length() && !isDigit(a.charAt(i)) || j < b.length() && !isDigit(b.charAt(j))) {
                int result = Integer.compare(order(a, i), order(b, j));
                if (result != 0) {
                    return result;
                }
                i++;
                j++;
            }
            int endA = digitsEnd(a, i);
            int endB = digitsEnd(b, j);
            int result = compareNumbers(a.substring(Math.min(i, endA), endA), b.substring(Math.min(j, endB), endB));
            if (result != 0) {
                return result;
            }
            i = endA;
            j = endB;
        }
        return 0;
    }

    /** A tilde before the end, the end (and a digit) before letters, letters before the rest. */
    private static int order(String text, int index) {
        if (index >= text.length() || isDigit(text.charAt(index))) {
            return 0;
        }
        char c = text.charAt(index);
        if (c == '~') {
            return -1;
        }
        return isLetter(c) ? c : c + 256;
    }

    private static int digitsEnd(String text, int from) {
        int at = Math.min(from, text.length());
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int compareNumbers(String a, String b) {
        String x = withoutZeros(a);
        String y = withoutZeros(b);
        int result = Integer.compare(x.length(), y.length());
        return result == 0 ? x.compareTo(y) : result;
    }

    private static String withoutZeros(String digits) {
        int from = 0;
        while (from < digits.length() && digits.charAt(from) == '0') {
            from++;
        }
        return digits.substring(from);
    }

    @Override
    public String toString() {
        return (epoch == 0 ? "" : epoch + ":") + upstream + (revision.isEmpty() ? "" : "-" + revision);
    }
}
