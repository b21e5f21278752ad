package dev.ringfence.formats.rootwrap;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a regular expression of a filter lets through. */
final class ArgumentPattern {
    private final String pattern;
    private int at;
    /** For each open group: whether it holds something that matches almost any character. */
    private final Deque<Boolean> groups = new ArrayDeque<>();

    private ArgumentPattern(String pattern) {
        this.pattern = pattern;
    }

    /**
     * Whether the pattern takes text of the caller's choice, of any length: {@code .*}, {@code \S+}, {@code [^x]*},
     * {@code (a|.)+}. One pass; a pattern that cannot be followed counts as open.
     */
    static boolean isOpen(String pattern) {
        return new ArgumentPattern(pattern).open();
    }

    private boolean open() {
        groups.push(false);
        while (at < pattern.length()) {
            boolean wild = wildAtom();
            if (wild && repeated()) {
                return true;
            }
            if (wild) {
                groups.pop();
                groups.push(true);
            }
        }
        return false;
    }

    /** Reads one atom; true when it matches almost any character. */
    private boolean wildAtom() {
        char c = pattern.charAt(at++);
        switch (c) {
            case '.':
                return true;
            case '\\':
                boolean negated = at < pattern.length() && "SDW".indexOf(pattern.charAt(at)) >= 0;
                at++;
                return negated;
            case '[':
                return characterClass();
            case '(':
                groups.push(false);
                return false;
            case ')':
                boolean wild = groups.pop();
                if (groups.isEmpty()) {
                    groups.push(false);
                }
                return wild;
            default:
                return false;
        }
    }

    private boolean characterClass() {
        boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
        if (negated) {
            at++;
        }
        int first = at;
        while (at < pattern.length() && (pattern.charAt(at) != ']' || at == first)) {
            at += pattern.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
        return negated;
    }

    private boolean repeated() {
        return at < pattern.length() && "*+{".indexOf(pattern.charAt(at)) >= 0;
    }
}
