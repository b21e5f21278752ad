package dev.ringfence.formats.text;

import java.util.ArrayList;
import java.util.List;

/**
 * One line and its place in the text.
 *
 * @param number counted from 1
 * @param text without the line end
 * @param start offset of the first character
 * @param next offset of the next line, behind the line end
 */
public record Line(int number, String text, int start, int next) {

    /** Offset behind the last character, before the line end. */
    public int end() {
        return start + text.length();
    }

    /** Lines that end at {@code \n}; a {@code \r} before it stays in the line. */
    public static List<Line> split(String text) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int feed = text.indexOf('\n', start);
            int end = feed < 0 ? text.length() : feed;
            int next = feed < 0 ? end : feed + 1;
            lines.add(new Line(lines.size() + 1, text.substring(start, end), start, next));
            start = next;
        }
        return lines;
    }

    /** Lines that end at {@code \n}, {@code \r\n} or {@code \r}, as Python and YAML read them. */
    public static List<Line> splitUniversal(String text) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            int next = Math.min(text.length(), end + (text.startsWith("\r\n", end) ? 2 : 1));
            lines.add(new Line(lines.size() + 1, text.substring(start, end), start, next));
            start = next;
        }
        return lines;
    }
}
