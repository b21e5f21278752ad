package dev.ringfence.formats.text;

/** White space as Python's {@code str.strip} sees it, which is more than Java's. */
public final class PythonText {
    private PythonText() {}

    /** Python's {@code str.isspace} for one character. */
    public static boolean isSpace(char c) {
        return c == ' '
                || c >= '\t' && c <= '\r'
                || c >= 0x1c && c <= 0x1f
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200a
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /** Python's {@code str.strip()}. */
    public static String strip(String text) {
        return stripLeading(stripTrailing(text));
    }

    /** Python's {@code str.lstrip()}. */
    public static String stripLeading(String text) {
        int from = 0;
        while (from < text.length() && isSpace(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    /** Python's {@code str.rstrip()}. */
    public static String stripTrailing(String text) {
        int to = text.length();
        while (to > 0 && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }
}
