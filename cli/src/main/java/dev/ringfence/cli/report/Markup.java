package dev.ringfence.cli.report;

/**
 * HTML that is built element by element. Names of elements and attributes are ours; attribute values and texts may be
 * anything: they are escaped here and nowhere else.
 */
final class Markup {
    private final StringBuilder out = new StringBuilder(64 * 1024);

    /** Opens an element; attributes are names and values in turn. */
    Markup open(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        return this;
    }

    Markup close(String element) {
        out.append("</").append(element).append('>');
        return this;
    }

    /** Ends a line of the file, where no space can be seen. */
    Markup line() {
        out.append('\n');
        return this;
    }

    /** An element that holds a text. */
    Markup leaf(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close(element);
    }

    Markup text(String text) {
        escape(text);
        return this;
    }

    /** Text of this program's own, written as it is. */
    Markup raw(String html) {
        out.append(html);
        return this;
    }

    /**
     * Characters that would be markup, and characters that would not be seen as what they are: controls, halves of
     * surrogate pairs, and those that turn the direction of the text around it.
     */
    private void escape(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\r', '\t', 0x2028, 0x2029 -> out.append(' ');
                default -> out.appendCodePoint(isShown(c) ? c : 0xfffd);
            }
        }
    }

    private static boolean isShown(int c) {
        boolean control = Character.isISOControl(c);
        boolean half = c >= 0xd800 && c <= 0xdfff;
        boolean turning =
                c == 0x61c || c == 0x200e || c == 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
        boolean noCharacter = (c & 0xfffe) == 0xfffe || c >= 0xfdd0 && c <= 0xfdef || c == 0xfeff;
        return !control && !half && !turning && !noCharacter;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
