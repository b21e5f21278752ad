package dev.ringfence.linux.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path pattern of AppArmor (apparmor.d(5), Globbing): {@code *} within a directory, {@code **} across, {@code ?},
 * {@code [a-z]}, {@code {a,b}} and variables. A pattern is never tried by backtracking: the work for one path is at most
 * the length of the path, squared, for each alternative.
 *
 * @param alternatives the pattern with its braces multiplied out
 */
record PathGlob(List<String> alternatives) {
    private static final int ALTERNATIVE_LIMIT = 256;
    private static final int EXPANSION_LIMIT = 2048;
    private static final int LENGTH_LIMIT = 4096;

    PathGlob {
        alternatives = List.copyOf(alternatives);
    }

    /** Work that may be spent on matching, for patterns by the thousand from a host that is not trusted. */
    static final class Budget {
        private long left;

        Budget(long steps) {
            this.left = steps;
        }

        /** Whether some match was given up; its answer was then no. */
        boolean isExhausted() {
            return left < 0;
        }

        private boolean take(int steps) {
            left -= steps;
            return left >= 0;
        }
    }

    /** The pattern, or nothing when it is too long or has too many alternatives to be judged. */
    static Optional<PathGlob> of(String pattern) {
        if (pattern.length() > LENGTH_LIMIT) {
            return Optional.empty();
        }
        List<String> done = new ArrayList<>();
        List<String> open = new ArrayList<>(List.of(withoutVariables(pattern)));
        for (int expansions = 0; !open.isEmpty(); expansions++) {
            String next = open.removeLast();
            if (next.length() > LENGTH_LIMIT
                    || expansions > EXPANSION_LIMIT
                    || open.size() + done.size() > ALTERNATIVE_LIMIT) {
                return Optional.empty();
            }
            int end = next.indexOf('}');
            int start = end < 0 ? -1 : next.lastIndexOf('{', end);
            if (start < 0) {
                done.add(next.replaceAll("/{2,}", "/").replaceAll("\\*{3,}", "**"));
                continue;
            }
            for (String part : next.substring(start + 1, end).split(",", -1)) {
                open.add(next.substring(0, start) + part + next.substring(end + 1));
            }
        }
        return Optional.of(new PathGlob(done));
    }

    private static String withoutVariables(String pattern) {
        return pattern.indexOf('@') < 0
                ? pattern
                : pattern.replace("@{PROC}", "/proc")
                        .replace("@{HOME}", "{/home/*,/root}")
                        .replace("@{HOMEDIRS}", "/home")
                        .replace("@{sys}", "/sys")
                        .replace("@{run}", "/run")
                        // Any other variable stands for a name: @{pid}, @{multiarch}.
                        .replaceAll("@\\{[A-Za-z0-9_]*\\}", "*");
    }

    /** Whether the pattern covers a path, given that it is no pattern made to be slow; else see the other method. */
    boolean matches(String path) {
        return matches(path, new Budget(10_000_000));
    }

    boolean matches(String path, Budget budget) {
        for (String alternative : alternatives) {
            int literal = literalLength(alternative);
            boolean found = literal == alternative.length()
                    ? alternative.equals(path)
                    : path.regionMatches(0, alternative, 0, literal) && matches(alternative, path, budget);
            if (found) {
                return true;
            }
        }
        return false;
    }

    boolean hasWildcard() {
        return alternatives.stream().anyMatch(a -> literalLength(a) < a.length());
    }

    /** How many characters stand for themselves before the first that does not. */
    private static int literalLength(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if ("*?[\\".indexOf(pattern.charAt(i)) >= 0) {
                return i;
            }
        }
        return pattern.length();
    }

    /** Keeps, for each place of the pattern, the places of the path that can be reached. */
    private static boolean matches(String pattern, String path, Budget budget) {
        boolean[] reached = new boolean[path.length() + 1];
        reached[0] = true;
        boolean alive = true;
        int at = 0;
        while (alive && at < pattern.length()) {
            if (!budget.take(reached.length)) {
                return false;
            }
            char c = pattern.charAt(at);
            if (c == '*') {
                boolean across = pattern.startsWith("**", at);
                for (int i = 1; i < reached.length; i++) {
                    reached[i] |= reached[i - 1] && (across || path.charAt(i - 1) != '/');
                }
                at += across ? 2 : 1;
                continue;
            }
            int end = c == '[' ? pattern.indexOf(']', at + 2) + 1 : 0;
            String set = end > 0 ? pattern.substring(at + 1, end - 1) : "";
            boolean escaped = c == '\\' && at + 1 < pattern.length();
            boolean any = c == '?';
            char wanted = escaped ? pattern.charAt(at + 1) : c;
            alive = false;
            for (int i = reached.length - 1; i > 0; i--) {
                char p = path.charAt(i - 1);
                boolean fits = end > 0 ? inSet(set, p) : any ? p != '/' : p == wanted;
                reached[i] = reached[i - 1] && fits;
                alive |= reached[i];
            }
            reached[0] = false;
            at = end > 0 ? end : at + (escaped ? 2 : 1);
        }
        return alive && reached[path.length()];
    }

    private static boolean inSet(String set, char c) {
        boolean negated = set.startsWith("^");
        boolean found = false;
        for (int i = negated ? 1 : 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                found |= c >= set.charAt(i) && c <= set.charAt(i + 2);
                i += 2;
            } else {
                found |= set.charAt(i) == c;
            }
        }
        return found != negated && c != '/';
    }
}
