package dev.ringfence.core.audit;

import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * CEL's {@code matches} with compiled patterns kept: rules match one pattern against hundreds of paths, and the library
 * compiles it anew each time. RE2 syntax, linear time. For one thread.
 */
final class RegularExpressions {
    private static final int KEPT = 256;
    private static final int PATTERN_LIMIT = 4096;
    private static final int PROGRAM_LIMIT = 10_000;

    private final Map<String, Pattern> compiled = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * Whether the text contains a match, as CEL defines it.
     *
     * @throws IllegalArgumentException if the pattern is too long or no RE2 pattern; the control is then not covered
     */
    boolean matches(String text, String pattern) {
        if (pattern.length() > PATTERN_LIMIT) {
            throw new IllegalArgumentException("a pattern of more than " + PATTERN_LIMIT + " characters");
        }
        return compiled.computeIfAbsent(pattern, RegularExpressions::compile)
                .matcher(text)
                .find();
    }

    private static Pattern compile(String pattern) {
        Pattern found = Pattern.compile(pattern);
        if (found.programSize() > PROGRAM_LIMIT) {
            throw new IllegalArgumentException("a pattern that compiles to more than " + PROGRAM_LIMIT + " steps");
        }
        return found;
    }
}
