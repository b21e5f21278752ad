package dev.ringfence.cli;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines of at most a width, at spaces where there are any. */
public final class Wrap {
    private Wrap() {}

    /** Lines no wider than {@code width} characters; a longer word is cut. Never empty. */
    public static List<String> lines(String text, int width) {
        int limit = Math.max(10, width);
        List<String> out = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String rest = word;
            if (!line.isEmpty() && line.length() + 1 + rest.length() > limit) {
                out.add(line.toString());
                line.setLength(0);
            }
            while (rest.length() > limit) {
                out.add(rest.substring(0, limit));
                rest = rest.substring(limit);
            }
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        out.add(line.toString());
        return out;
    }

    /** The text with every line after the first indented. */
    public static String hanging(String text, int indent, int columns) {
        return String.join("\n" + " ".repeat(indent), lines(text, columns - indent));
    }

    /** The text, cut with an ellipsis after so many characters. */
    public static String shorten(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit) + "…";
    }
}
