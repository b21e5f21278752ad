package dev.ringfence.formats.text;

import java.util.List;

/** Changes of a text that leave every other character as it was. */
public final class LineEdits {
    private LineEdits() {}

    /**
     * A piece of a text.
     *
     * @param from offset of its first character
     * @param to offset behind its last
     */
    public record Span(int from, int to) {
        public Span {
            if (from < 0 || to < from) {
                throw new IllegalArgumentException("no span: " + from + " to " + to);
            }
        }
    }

    /** The text with whole lines put in at a line's start or at the end; a last line without an end gets one first. */
    public static String insert(String text, int at, String lines, String separator) {
        boolean midLine = at > 0 && text.charAt(at - 1) != '\n';
        return text.substring(0, at) + (midLine ? separator : "") + lines + text.substring(at);
    }

    /** The text with a piece replaced. */
    public static String replace(String text, Span span, String by) {
        return text.substring(0, span.from()) + by + text.substring(span.to());
    }

    /** The text without these pieces, which are in order and do not overlap. */
    public static String cut(String text, List<Span> spans) {
        StringBuilder kept = new StringBuilder(text.length());
        int from = 0;
        for (Span span : spans) {
            kept.append(text, from, span.from());
            from = span.to();
        }
        return kept.append(text, from, text.length()).toString();
    }
}
