package dev.ringfence.wire.report;

/** Texts in the data types of OSCAL 1.1. Each result is valid for its type whatever the input is. */
final class OscalText {
    private static final int TOKEN_LIMIT = 100;
    private static final String MARKUP = "\\`*_~^[]{}<>&\"#|";

    private OscalText() {}

    /** Type string: one line, not empty, no space at the ends. */
    static String string(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean space = Character.isISOControl(c)
                    || Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || c == 0xfeff
                    || c == 0x2028
                    || c == 0x2029;
            // Half a surrogate pair is not a character.
            out.appendCodePoint(space ? ' ' : c >= 0xd800 && c <= 0xdfff ? 0xfffd : c);
        });
        String trimmed = out.toString().strip();
        return trimmed.isEmpty() ? "(empty)" : trimmed;
    }

    /** Type markup-line: the text as it is, with everything escaped that OSCAL's Markdown would read as markup. */
    static String markup(String text) {
        String plain = string(text);
        StringBuilder out = new StringBuilder(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                default -> {
                    if (MARKUP.indexOf(c) >= 0) {
                        out.append('\\');
                    }
                    out.append(c);
                }
            }
        }
        return out.toString();
    }

    /** Type token: an XML name without a colon; cut where no id of a control is that long. */
    static String token(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(TOKEN_LIMIT).forEach(c -> {
            boolean allowed = Character.isLetterOrDigit(c) && c < 0x80 || c == '.' || c == '-' || c == '_';
            out.appendCodePoint(allowed ? c : '_');
        });
        return !out.isEmpty() && (Character.isLetter(out.charAt(0)) || out.charAt(0) == '_')
                ? out.toString()
                : "_" + out;
    }
}
