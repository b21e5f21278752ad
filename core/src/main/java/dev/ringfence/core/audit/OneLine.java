package dev.ringfence.core.audit;

/** Makes text from a host safe to show on one line. */
final class OneLine {
    private static final int LIMIT = 600;

    private OneLine() {}

    /** Control characters become spaces, long text is cut with an ellipsis. */
    static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LIMIT));
        for (int i = 0; i < text.length() && out.length() < LIMIT; i++) {
            char c = text.charAt(i);
            boolean unsafe = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            out.append(unsafe ? ' ' : c);
        }
        return text.length() > LIMIT ? out.append('…').toString() : out.toString();
    }
}
